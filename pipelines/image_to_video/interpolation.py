"""Frames between two frames: both are moved to the new time by the flow between them, and blended.

Four views meet in each new frame, each frame moved by the flow of either: where they agree they are averaged,
where one frame hides what the other shows the latter counts more, and detail that the frames do not share is
held back instead of shown as a ghost.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from pipelines.errors import BadInput
from pipelines.image_to_video.agreement import REACH, keep_shared
from pipelines.image_to_video.flow_fields import Field, Rgb, enlarge, find_flows, grid, look, meet
from pipelines.image_to_video.occlusion import find_hidden, share_second

TILE = 1024
"""Side, in px, of the parts in which a large frame is drawn, so that memory does not grow with it."""


class MovingPair:
    """Two frames and the flow between them, found once and used for every time between them."""

    def __init__(self, first: Rgb, second: Rgb) -> None:
        """RGB uint8 HWC of one size, sides under 32,767 px. Raises BadInput when the sizes differ."""
        check_pair(first, second)
        self._frames = first, second
        self._flows = find_flows(first, second)
        self._hidden = find_hidden(self._flows)

    def draw(self, at: float) -> Rgb:
        """The frame at a share `at` of the time between the two; at 0 and 1 they themselves."""
        if at <= 0 or at >= 1:
            return self._frames[at >= 1].copy()
        motions = meet(self._flows.there, at), -meet(self._flows.back, 1 - at)
        share = share_second(self._hidden, (motions[0] + motions[1]) * np.float32(0.5), at)
        drawn = np.empty_like(self._frames[0])
        for rows, columns in tiles(*drawn.shape[:2]):
            around = widen(rows, drawn.shape[0]), widen(columns, drawn.shape[1])
            part = self._draw_part(motions, share, at, *around)
            top, left = rows.start - around[0].start, columns.start - around[1].start
            inner = part[top : top + rows.stop - rows.start, left : left + columns.stop - columns.start]
            drawn[rows, columns] = inner
        return drawn

    def _draw_part(
        self, motions: tuple[Field, Field], share: Field, at: float, rows: slice, columns: slice
    ) -> Rgb:
        first, second = self._see(motions, at, rows, columns)
        height, width = self._frames[0].shape[:2]
        weight = enlarge(share, (width, height), rows, columns)
        apart = second - first
        mixed = first + cv2.multiply(apart, cv2.merge((weight, weight, weight)))
        kept = keep_shared(mixed, cv2.cvtColor(apart, cv2.COLOR_RGB2GRAY) / 2, noise_at(at))
        return cv2.convertScaleAbs(np.maximum(kept, 0))

    def _see(
        self, motions: tuple[Field, Field], at: float, rows: slice, columns: slice
    ) -> tuple[Field, Field]:
        """Each frame moved to the time `at`, the mean of how either motion shows it; float32 HWC."""
        height, width = self._frames[0].shape[:2]
        places, small = grid(rows, columns), motions[0].shape
        scale = np.array([width / small[1], height / small[0]], np.float32)
        seen: list[list[Rgb]] = [[], []]
        for motion in motions:
            moved = enlarge(motion, (width, height), rows, columns) * scale
            seen[0].append(look(self._frames[0], places - np.float32(at) * moved))
            seen[1].append(look(self._frames[1], places + np.float32(1 - at) * moved))
        first, second = (cv2.addWeighted(a, 0.5, b, 0.5, 0, dtype=cv2.CV_32F) for a, b in seen)
        return first, second


def between(first: Rgb, second: Rgb, at: float) -> Rgb:
    """The frame at a share `at` (0..1) of the time between two of one size, RGB uint8 HWC. Raises BadInput."""
    return MovingPair(first, second).draw(at)


def noise_at(at: float) -> float:
    """The share of the views' disagreement that is left in their blend; see `keep_shared`.

    A view errs the more the further its frame is away: errors of `at` and 1 - `at` in size, blended by 1 - `at`
    and `at`. 1 half-way, 0 at the frames themselves.
    """
    return 8 * (at * (1 - at)) ** 2 / (at**2 + (1 - at) ** 2)


def check_pair(first: Rgb, second: Rgb) -> None:
    """Raise BadInput when two frames differ in size."""
    if first.shape != second.shape:
        sizes = " and ".join(f"{each.shape[1]}x{each.shape[0]}" for each in (first, second))
        raise BadInput(f"Two frames differ in size: {sizes}.", "Bring them to one size first.")


def tiles(height: int, width: int) -> Iterator[tuple[slice, slice]]:
    """Parts of at most TILE px a side that cover a picture without overlap."""
    for top in range(0, height, TILE):
        for left in range(0, width, TILE):
            yield slice(top, min(top + TILE, height)), slice(left, min(left + TILE, width))


def widen(span: slice, length: int) -> slice:
    """The span with the pixels around it that it depends on."""
    return slice(max(0, span.start - REACH), min(length, span.stop + REACH))
