"""Draw large pictures in parts that overlap, so that memory stays bounded and no seam is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from weights.nets.dctnet import REACH

SIDE = 1024
OVERLAP = 2 * REACH
"""What draws a tile as it draws the whole: every pixel has all that it depends on in one of two."""

Draw = Callable[[np.ndarray], np.ndarray]
"""RGB uint8 HWC -> the same size."""


def draw_in_tiles(rgb: np.ndarray, draw: Draw, side: int = SIDE, overlap: int = OVERLAP) -> np.ndarray:
    """Draw RGB uint8 HWC at most `side` px at a time; neighbours are blended across what they share."""
    height, width = rgb.shape[:2]
    if max(height, width) <= side:
        return draw(rgb)
    sums, weights = np.zeros(rgb.shape, np.float32), np.zeros((height, width, 1), np.float32)
    for rows in spans(height, side, overlap):
        for columns in spans(width, side, overlap):
            drawn = draw(np.ascontiguousarray(rgb[rows, columns]))
            weight = np.outer(ramp(rows, height, overlap), ramp(columns, width, overlap))[..., None]
            sums[rows, columns] += drawn * weight
            weights[rows, columns] += weight
    sums /= weights
    return np.rint(sums).astype(np.uint8)


def spans(length: int, side: int, overlap: int) -> Iterator[slice]:
    """Equal spans of at most `side` px that cover `length` and share at least `overlap`."""
    if length <= side:
        yield slice(0, length)
        return
    count = -(-(length - overlap) // (side - overlap))
    for index in range(count):
        start = round(index * (length - side) / (count - 1))
        yield slice(start, start + side)


def ramp(span: slice, length: int, overlap: int) -> np.ndarray:
    """Weight of each pixel of a span: rising from its inner ends, 1 at the picture's own border."""
    count = span.stop - span.start
    weight = np.ones(count, np.float32)
    rise = (np.arange(min(overlap, count), dtype=np.float32) + 1) / (overlap + 1)
    if span.start > 0:
        weight[: len(rise)] = rise
    if span.stop < length:
        weight[-len(rise) :] = np.minimum(weight[-len(rise) :], rise[::-1])
    return weight
