"""How a face moves from one frame to the next: optical flow of what is in its box, as one turn, scale and shift.

Lucas and Kanade's pyramid, forward and back (Kalal et al., "Forward-Backward Error", ICPR 2010).
"""

from __future__ import annotations

import cv2
import numpy as np

LONGEST = 640
"""Longer side, in px, at which motion is looked for."""
CORNERS = 40
INNER = 0.75
"""Share of a box's sides within which corners are taken: at its rim the wall behind shows."""
BACK = 1.0
"""A corner that does not come back to within so many px was lost."""
FEWEST = 6
WITHIN = 0.5
"""Share of the corners that must agree on one motion."""


class Motion:
    """Two frames in a row, small and grey."""

    def __init__(self) -> None:
        self._before: np.ndarray | None = None
        self._now: np.ndarray | None = None
        self._scale = 1.0

    def look(self, rgb: np.ndarray) -> None:
        """Take the next frame, RGB uint8 HWC."""
        self._scale = min(1.0, LONGEST / max(rgb.shape[:2]))
        grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
        if self._scale < 1:
            grey = cv2.resize(grey, None, fx=self._scale, fy=self._scale, interpolation=cv2.INTER_AREA)
        self._before, self._now = self._now, grey

    def of(self, box: tuple[float, float, float, float]) -> np.ndarray | None:
        """2 x 3 matrix by which what is in a box (left, top, width, height in px of the frame) moved since
        the last frame; None when it can't be told."""
        if self._before is None or self._now is None or self._before.shape != self._now.shape:
            return None
        corners = self._find_corners(box)
        if corners is None or len(corners) < FEWEST:
            return None
        there, found, _ = cv2.calcOpticalFlowPyrLK(self._before, self._now, corners, None)
        back, found_back, _ = cv2.calcOpticalFlowPyrLK(self._now, self._before, there, None)
        kept = (found[:, 0] & found_back[:, 0]) == 1
        kept &= np.hypot(*(back - corners)[:, 0].T) < BACK
        if kept.sum() < FEWEST:
            return None
        matrix, agree = cv2.estimateAffinePartial2D(corners[kept], there[kept], ransacReprojThreshold=1.5)
        if matrix is None or agree.sum() < max(FEWEST, WITHIN * len(corners)):
            return None
        matrix[:, 2] /= self._scale
        return matrix

    def _find_corners(self, box: tuple[float, float, float, float]) -> np.ndarray | None:
        left, top, width, height = (side * self._scale for side in box)
        left, top = left + (1 - INNER) / 2 * width, top + (1 - INNER) / 2 * height
        width, height = INNER * width, INNER * height
        mask = np.zeros_like(self._before)
        x, y = max(0, round(left)), max(0, round(top))
        mask[y : max(0, round(top + height)), x : max(0, round(left + width))] = 255
        return cv2.goodFeaturesToTrack(self._before, CORNERS, 0.01, 3, mask=mask)


def carry(points: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Points N x 2 moved by a 2 x 3 matrix."""
    return points @ matrix[:, :2].T + matrix[:, 2]
