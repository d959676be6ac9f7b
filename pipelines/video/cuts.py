"""Where a film cuts from one shot to the next."""

from __future__ import annotations

import cv2
import numpy as np

SIZE = (48, 27)
"""Frames are compared so small that neither noise nor the motion of a shot tells."""
CHANGED = 12.0
"""Mean difference, in grey levels, under which nothing was cut."""
ALIKE = 0.55
"""Correlation from which two frames show the same shot."""


class Cuts:
    """Looks at a film's frames in turn."""

    def __init__(self) -> None:
        self._last: np.ndarray | None = None

    def is_cut(self, rgb: np.ndarray) -> bool:
        """Whether RGB uint8 HWC begins a new shot; the first frame does."""
        small = cv2.resize(rgb, SIZE, interpolation=cv2.INTER_AREA)
        grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), 1.0)
        last, self._last = self._last, grey
        if last is None:
            return True
        return float(np.abs(grey - last).mean()) > CHANGED and correlate(grey, last) < ALIKE


def correlate(a: np.ndarray, b: np.ndarray) -> float:
    """Correlation of two grey pictures, -1..1; 0 where one of them is flat."""
    a, b = a - a.mean(), b - b.mean()
    spread = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / spread if spread > 1 else 0.0
