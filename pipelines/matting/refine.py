"""Draw the edges of a net's soft mask as the picture itself shows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.errors import InvalidOption
from pipelines.matting.closed_form import solve_closed_form
from pipelines.matting.guided import apply_lines, fit_lines
from pipelines.matting.trimap import find_band, trust_mask

Floats = NDArray[np.float32]
Picture = NDArray[np.uint8]

NET_SIDE = 320
"""The side of the smallest net's output: one of its pixels is the unit of the band's reach."""
SMALLEST = 8
"""Pictures with a side under this have no edge to draw."""
FAST_SIDE = 320
FINE_PIXELS = 1_000_000
FINE_UNKNOWNS = 200_000
PRIOR = 1e-3


@dataclass(frozen=True)
class Refined:
    """alpha: HW float32 in 0..1. note: "" or why the plain mask was kept, in whole or in part."""

    alpha: Floats
    note: str = ""


def refine_alpha(rgb: Picture, alpha: Floats, mode: str) -> Refined:
    """Refine a soft mask: rgb uint8 HWC, alpha float32 HW 0..1 of the same size.

    mode: off leaves it; fast fits it to the picture's edges with a guided filter; fine solves closed-form
    matting in the uncertain band. Flat masks and tiny pictures pass through. Raises InvalidOption for
    another mode.
    """
    if mode not in REFINERS:
        raise InvalidOption(f"refine can't be {mode!r}.", f"Use one of: {', '.join(REFINERS)}.")
    if min(alpha.shape) < SMALLEST or alpha.min() == alpha.max():
        return Refined(alpha)
    return REFINERS[mode](rgb, alpha)


def _keep(rgb: Picture, alpha: Floats) -> Refined:
    return Refined(alpha)


def _refine_fast(rgb: Picture, alpha: Floats) -> Refined:
    size = _size_within(alpha.shape, FAST_SIDE / max(alpha.shape))
    lines = fit_lines(_shrink(rgb, size), _shrink(alpha, size), 2, 1e-5)
    return Refined(apply_lines(rgb, lines))


def _refine_fine(rgb: Picture, alpha: Floats) -> Refined:
    size = _size_within(alpha.shape, _working_scale(alpha))
    small, mask = _shrink(rgb, size), _shrink(alpha, size)
    band = find_band(mask, 0.05, _reach(mask))
    solved = solve_closed_form(small, np.round(mask), band, mask, trust_mask(mask, PRIOR))
    if solved.shape == alpha.shape:
        return Refined(solved)
    return Refined(apply_lines(rgb, fit_lines(small, solved, 1, 1e-6)))


def _reach(mask: Floats) -> int:
    return max(1, round(2 * max(mask.shape) / NET_SIDE))


def _working_scale(alpha: Floats) -> float:
    """Scale at which the picture and its band stay within FINE_PIXELS and FINE_UNKNOWNS."""
    size = _size_within(alpha.shape, FAST_SIDE / max(alpha.shape))
    mask = _shrink(alpha, size)
    share = float(find_band(mask, 0.05, _reach(mask)).mean())
    return float(np.sqrt(min(FINE_PIXELS, FINE_UNKNOWNS / max(share, 1e-6)) / alpha.size))


def _size_within(shape: tuple[int, ...], scale: float) -> tuple[int, int]:
    scale = min(1.0, scale)
    return max(1, round(shape[1] * scale)), max(1, round(shape[0] * scale))


def _shrink(values: NDArray[np.generic], size: tuple[int, int]) -> NDArray[np.generic]:
    if (values.shape[1], values.shape[0]) == size:
        return values
    return cv2.resize(values, size, interpolation=cv2.INTER_AREA)


REFINERS: dict[str, Callable[[Picture, Floats], Refined]] = {
    "off": _keep,
    "fast": _refine_fast,
    "fine": _refine_fine,
}
