"""Hold what is drawn of a film still on what it is drawn of: the last drawing moved by the film's own flow.

Ruder, Dosovitskiy and Brox, "Artistic Style Transfer for Videos", GCPR 2016, whose temporal loss this is as a
filter.
"""

from __future__ import annotations

import cv2
import numpy as np

from pipelines.image_to_video.flow_fields import Field, Rgb, enlarge, find_flows, grid, look
from pipelines.image_to_video.occlusion import find_hidden

KEPT = 0.7
"""Of a drawing, the share that the last one gives where the film shows the same thing."""
SAME = 12.0
"""Grey levels by which a thing may change between frames and still count for 1/e of that."""


class Steadied:
    """Takes a film's frames and their drawings in turn; holds the last of both."""

    def __init__(self) -> None:
        self._last: tuple[Rgb, Rgb] | None = None

    def begin(self) -> None:
        """Forget what was before a cut."""
        self._last = None

    def smooth(self, photo: Rgb, drawn: Rgb) -> Rgb:
        """A drawing of `photo`, RGB uint8 HWC of one size, at one with the drawing before it."""
        if self._last is not None and self._last[0].shape == photo.shape:
            drawn = self._join(photo, drawn, *self._last)
        self._last = photo, drawn
        return drawn

    def _join(self, photo: Rgb, drawn: Rgb, photo_before: Rgb, drawn_before: Rgb) -> Rgb:
        flows = find_flows(photo_before, photo)
        height, width = photo.shape[:2]
        everywhere = slice(0, height), slice(0, width)
        small = flows.back.shape
        scale = np.array([width / small[1], height / small[0]], np.float32)
        places = grid(*everywhere) + enlarge(flows.back, (width, height), *everywhere) * scale
        seen = 1 - enlarge(find_hidden(flows)[1], (width, height), *everywhere)
        trust = cv2.multiply(alike(photo, look(photo_before, places, cv2.INTER_LINEAR)), seen)
        share = cv2.merge([KEPT * trust] * 3)
        moved = look(drawn_before, places).astype(np.float32)
        kept = drawn + share * (moved - drawn)
        return np.rint(kept).astype(np.uint8)


def alike(photo: Rgb, before: Rgb) -> Field:
    """How surely each pixel shows the same thing, HW in 0..1."""
    apart = cv2.cvtColor(cv2.absdiff(photo, before), cv2.COLOR_RGB2GRAY).astype(np.float32)
    return np.exp(-np.square(cv2.blur(apart, (5, 5)) / SAME))
