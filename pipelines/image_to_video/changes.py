"""What happens between two frames of a film: motion, a cut, or a fade. Only motion is interpolated.

In a fade or dissolve each pixel changes evenly and nothing moves, so three frames lie on a line and flow does
not explain their difference.
"""

from __future__ import annotations

from typing import Literal

import cv2
import numpy as np

from pipelines.image_to_video.flow_fields import Field, Rgb, carry
from pipelines.video.cuts import Cuts

Change = Literal["motion", "cut", "fade"]

AREA = 14_400
"""Pixels of the small grey frames that are compared."""
NOTICED = 0.7
"""Mean difference of two frames, in grey levels, under which nothing fades."""
STRAIGHT = 0.5
"""Share by which a change may differ from the one before it and still be even."""
UNEXPLAINED = 0.6
"""Share of a change that flow leaves where nothing moved."""
SMALLEST = 16


class Changes:
    """Looks at a film's frames in turn."""

    def __init__(self) -> None:
        self._cuts = Cuts()
        self._last: Field | None = None
        self._change: Field | None = None

    def look(self, rgb: Rgb) -> Change:
        """What happened between the frame before and this one, RGB uint8 HWC; "cut" for the first."""
        small = shrink(rgb)
        change = None if self._last is None else small - self._last
        cut = self._cuts.is_cut(rgb)
        fades = not cut and change is not None and self._fades(change, small)
        self._last, self._change = small, None if cut else change
        return "cut" if cut else "fade" if fades else "motion"

    def _fades(self, change: Field, small: Field) -> bool:
        if self._change is None or self._last is None or mean(change) < NOTICED:
            return False
        if mean(change - self._change) > STRAIGHT * mean(change):
            return False
        return mean(unexplained(self._last, small)) > UNEXPLAINED * mean(change)


def shrink(rgb: Rgb) -> Field:
    """A frame in grey, about AREA pixels, float32."""
    height, width = rgb.shape[:2]
    scale = min(1.0, (AREA / (height * width)) ** 0.5)
    size = (max(SMALLEST, round(width * scale)), max(SMALLEST, round(height * scale)))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)


def unexplained(first: Field, second: Field) -> Field:
    """What is left of the difference of two grey frames when each point of the first has moved."""
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
    search.setFinestScale(0)
    flow = search.calc(first.astype(np.uint8), second.astype(np.uint8), None)
    return carry(second, flow, 1) - first


def mean(values: Field) -> float:
    """Mean of the absolute values."""
    return float(np.abs(values).mean())
