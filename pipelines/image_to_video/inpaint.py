"""Make up what a subject hides, from what is around it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.image_to_video.texture import continue_texture

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

SEARCHED = 288
"""Longer side, in px, of the copy on which it is looked for what continues where."""
LIGHT = 40.0
"""Difference of colours (root of summed squares, 0..255 each) up to which it is one of light."""


def fill(rgb: Pixels, hole: Mask, reach: float) -> Pixels:
    """Replace the pixels of `hole` (bool HxW); `rgb` uint8 HxWx3, a new array comes back.

    Up to `reach` px inside the surroundings' texture goes on; further in, where nobody will look, their
    colours flow together. A hole without surroundings is left as it is.
    """
    if not hole.any() or hole.all():
        return rgb.copy()
    flowed = flow_together(rgb, hole)
    deep = cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    strip = hole & (deep <= reach)
    textured = _match(_copy_texture(hole, strip, flowed), flowed, strip, reach)
    share = np.clip(3 * (1 - deep / max(reach, 1)), 0, 1)[..., None]
    made = textured * share + flowed * (1 - share)
    return np.where(hole[..., None], np.clip(np.rint(made), 0, 255), rgb).astype(np.uint8)


def flow_together(rgb: Pixels, hole: Mask) -> Floats:
    """Known colours spread into the hole, the wider the deeper: pull and push over a pyramid (Gortler et al.,
    "The Lumigraph", SIGGRAPH 1996). Returns float32 HxWx3, equal to `rgb` outside."""
    size = _small_size(hole.shape)
    known = 1 - hole.astype(np.float32)
    sums, shares = (
        cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in (rgb * known[..., None], known)
    )
    spread = cv2.resize(_spread(sums, shares), hole.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.where(hole[..., None], spread, rgb).astype(np.float32)


def _spread(sums: Floats, shares: Floats) -> Floats:
    height, width = shares.shape
    coarse: Floats | None = None
    if min(height, width) > 1 and shares.min() < 1:
        size = ((width + 1) // 2, (height + 1) // 2)
        half = _spread(*(cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in (sums, shares)))
        coarse = cv2.resize(half, (width, height), interpolation=cv2.INTER_LINEAR)
    share = np.minimum(shares, 1)[..., None]
    own = sums / np.maximum(share, 1e-6)
    if coarse is None:
        return np.where(share > 0, own, own.mean(axis=(0, 1))).astype(np.float32)
    return (share * own + (1 - share) * coarse).astype(np.float32)


def _copy_texture(hole: Mask, strip: Mask, flowed: Floats) -> Floats:
    """The strip with what the search on a small copy found for it, copied at full size: float32 HxWx3."""
    size = _small_size(hole.shape)
    small = cv2.resize(flowed, size, interpolation=cv2.INTER_AREA)
    gap, wanted = (
        cv2.resize(each.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0 for each in (hole, strip)
    )
    field = continue_texture(small, gap, wanted)
    if field is None:
        return flowed
    away = field - np.moveaxis(np.indices(gap.shape), 0, -1)
    return _fetch(flowed, strip, away * (np.array(hole.shape) / gap.shape))


def _small_size(shape: tuple[int, ...]) -> tuple[int, int]:
    """(width, height) of the copy that is searched."""
    scale = min(1.0, SEARCHED / max(shape))
    return max(1, round(shape[1] * scale)), max(1, round(shape[0] * scale))


def _match(textured: Floats, flowed: Floats, strip: Mask, reach: float) -> Floats:
    """The copied texture in the light of its new place: where it is on the whole a little brighter or redder
    than its surroundings, that is taken out; where much, it is another thing and stays."""
    height, width = strip.shape
    size = _small_size(strip.shape)
    sigma = max(1.0, reach / 4 * size[0] / width)
    inside = strip.astype(np.float32)[..., None]
    off, share = (
        cv2.GaussianBlur(cv2.resize(each, size, interpolation=cv2.INTER_AREA), (0, 0), sigma)
        for each in ((flowed - textured) * inside, inside)
    )
    off = off / np.maximum(share, 1e-3)[..., None]
    off *= np.exp(-((np.linalg.norm(off, axis=2, keepdims=True) / LIGHT) ** 2))
    return textured + cv2.resize(off, (width, height), interpolation=cv2.INTER_LINEAR)


def _fetch(flowed: Floats, strip: Mask, away: NDArray[np.float64]) -> Floats:
    """Each pixel of the strip from as far `away` (h x w x 2: down, across, in px) as the small copy's four
    places around it say, mixed by how near they are."""
    places = np.nonzero(strip)
    result = flowed.copy()
    total = np.zeros((len(places[0]), 3), np.float32)
    shape = np.array(strip.shape)[:, None]
    cells = np.array(away.shape[:2])[:, None]
    exact = (np.array(places) + 0.5) * cells / shape - 0.5
    base = np.floor(exact)
    part = exact - base
    for corner in ((0, 0), (0, 1), (1, 0), (1, 1)):
        y, x = np.clip(base + np.array(corner)[:, None], 0, cells - 1).astype(int)
        weight = np.prod(
            [share if side else 1 - share for share, side in zip(part, corner, strict=True)], axis=0
        )
        v, u = np.clip(np.rint(np.array(places) + away[y, x].T), 0, shape - 1).astype(int)
        total += weight[:, None].astype(np.float32) * flowed[v, u]
    result[places] = total
    return result
