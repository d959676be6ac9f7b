"""Draw the edges of a net's soft mask as the picture itself shows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.errors import InvalidOption
from pipelines.matting.closed_form import solve_closed_form
from pipelines.matting.evidence import gather_evidence, weigh_evidence
from pipelines.matting.guided import apply_lines, fit_lines
from pipelines.matting.noise import measure_noise
from pipelines.matting.trimap import find_band, grain_of, sharpen, tell_edges

Floats = NDArray[np.float32]
Picture = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Indices = NDArray[np.int64]

SMALLEST = 8
"""Pictures with a side under this have no edge to draw."""
FAST_SIDE = 320
"""Side of the copy that `fast` fits its lines on."""
COARSE, SHARP = 320, 640
"""Sides of a net's map: up to COARSE its edges are twice too wide, from SHARP on they are taken as they are."""
NOISY = 3 / 255
"""Standard deviation from which a picture's noise would show in the matte."""
FINE_PIXELS = 1_000_000
FINE_UNKNOWNS = 200_000
COLOUR_SIDE = 320
ROUNDS = 2
"""Colours are learned again from the first round's alpha."""
PRIOR = 3e-3
"""Weight of the prior against the matting Laplacian where the mask wavers; 10 times that where it is sure."""
STIFFNESS = 9.0
"""How much heavier the mask weighs where it is soft over a wide area."""
AROUND, ALIKE = 6, 0.5
"""Within AROUND grains, colours have to tell at least ALIKE (0..1) for a solution to be believed wholly."""
UNSURE_SHARE = 0.1
UNSURE_NOTE = "The model was unsure over a wide area; the plain mask was kept there."


@dataclass(frozen=True)
class Refined:
    """alpha: HW float32 in 0..1. note: "" or why the plain mask was kept, in whole or in part."""

    alpha: Floats
    note: str = ""


def refine_alpha(rgb: Picture, alpha: Floats, mode: str, net_side: int = COARSE) -> Refined:
    """Refine a soft mask: rgb uint8 HWC, alpha float32 HW 0..1 of the same size.

    net_side: longest side in px of the map that the net drew, before it was blown up to the picture; 0 when
    it was as fine as the picture.
    mode: off leaves it; fast fits it to the picture's edges with a guided filter; fine solves closed-form
    matting in the uncertain band. Both draw edges only: where the mask is soft over a wide area it is kept
    and the note says so. Masks that are sure everywhere and tiny pictures pass through. Raises InvalidOption
    for another mode.
    """
    if mode not in REFINERS:
        raise InvalidOption(f"refine can't be {mode!r}.", f"Use one of: {', '.join(REFINERS)}.")
    if min(alpha.shape) < SMALLEST or alpha.min() == alpha.max():
        return Refined(alpha)
    return REFINERS[mode](rgb, alpha, net_side)


def _keep(rgb: Picture, alpha: Floats, net_side: int) -> Refined:
    return Refined(alpha)


def _refine_fast(rgb: Picture, alpha: Floats, net_side: int) -> Refined:
    grain, contrast = grain_of(alpha.shape, net_side), _contrast(net_side)
    if contrast == 1:
        # The copy that the lines are fitted on is coarser than such a mask.
        return Refined(alpha)
    scale = min(1.0, FAST_SIDE / max(alpha.shape))
    small, mask = _shrink(rgb, scale), _shrink(alpha, scale)
    band = find_band(mask, grain * scale)
    if not band.any():
        return Refined(alpha)
    edges = tell_edges(band, grain * scale)
    drawn = mask + edges * (sharpen(mask, contrast) - mask)
    noise = measure_noise(rgb)
    lines = fit_lines(small, drawn, 2, 1e-5 + 0.1 * noise**2)
    guide = cv2.GaussianBlur(rgb, (3, 3), 0) if noise > NOISY else rgb
    return Refined(apply_lines(guide, lines), _note(band, edges))


def _refine_fine(rgb: Picture, alpha: Floats, net_side: int) -> Refined:
    grain = grain_of(alpha.shape, net_side)
    scale = _working_scale(alpha, grain)
    small, mask = _shrink(rgb, scale), _shrink(alpha, scale)
    band = find_band(mask, grain * scale)
    if not band.any():
        return Refined(alpha)
    edges = tell_edges(band, grain * scale)
    solved = _solve(small, mask, band, edges, grain * scale, _contrast(net_side))
    if solved.shape != alpha.shape:
        solved = apply_lines(rgb, fit_lines(small, solved, 1, 1e-6))
    return Refined(solved, _note(band, edges))


def _solve(rgb: Picture, mask: Floats, band: Mask, edges: Floats, grain: float, contrast: float) -> Floats:
    """Closed-form matting in the band, drawn to what mask and colours agree on.

    The coarser the mask, the more the colours have to say: half at contrast 2, nothing at 1.
    """
    pixels = np.flatnonzero(band)
    weight = PRIOR / np.maximum(4 * mask * (1 - mask), 0.1) * (1 + STIFFNESS * (1 - edges))
    scale = min(1.0, COLOUR_SIDE / max(mask.shape))
    small = _shrink(rgb, scale)
    alpha = np.where(band, mask, np.round(mask)).astype(np.float32)
    for _ in range(ROUNDS):
        evidence = gather_evidence(small, _shrink(alpha, scale))
        said, told = weigh_evidence(evidence, rgb, pixels, mask.ravel()[pixels])
        prior, held = alpha.copy(), alpha.ravel()[pixels]
        prior.ravel()[pixels] = sharpen(held + (contrast - 1) / 2 * told * (said - held), contrast)
        prior = mask + edges * (prior - mask)
        alpha = solve_closed_form(rgb, alpha, band, prior, weight)
    return mask + _trust(band, pixels, told, grain) * (alpha - mask)


def _trust(band: Mask, pixels: Indices, told: Floats, grain: float) -> Floats:
    """How far the solution is believed: little where subject and background look alike around a pixel."""
    found = np.zeros(band.shape, np.float32)
    found.ravel()[pixels] = told
    side = 2 * round(AROUND * grain) + 1
    around = cv2.blur(found, (side, side)) / np.maximum(cv2.blur(band.astype(np.float32), (side, side)), 1e-6)
    return np.where(band, np.clip(around / ALIKE, 0, 1), 1).astype(np.float32)


def _contrast(net_side: int) -> float:
    """2 for coarse masks down to 1 for sharp ones."""
    return float(np.clip(SHARP / net_side, 1, SHARP / COARSE)) if net_side > 0 else 1.0


def _note(band: Mask, edges: Floats) -> str:
    """Say so when a good part of the band was left as the net drew it."""
    unsure = float((edges[band] < 0.5).mean())
    return UNSURE_NOTE if unsure > UNSURE_SHARE else ""


def _working_scale(alpha: Floats, grain: float) -> float:
    """Scale at which the picture and its band stay within FINE_PIXELS and FINE_UNKNOWNS."""
    scale = min(1.0, FAST_SIDE / max(alpha.shape))
    share = float(find_band(_shrink(alpha, scale), grain * scale).mean())
    return min(1.0, float(np.sqrt(min(FINE_PIXELS, FINE_UNKNOWNS / max(share, 1e-6)) / alpha.size)))


def _shrink(values: Any, scale: float) -> Any:
    if scale == 1:
        return values
    size = max(1, round(values.shape[1] * scale)), max(1, round(values.shape[0] * scale))
    return cv2.resize(values, size, interpolation=cv2.INTER_AREA)


REFINERS: dict[str, Callable[[Picture, Floats, int], Refined]] = {
    "off": _keep,
    "fast": _refine_fast,
    "fine": _refine_fine,
}
