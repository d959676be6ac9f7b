"""Bring a drawing up to the photo's own size, with the photo's fine detail where the drawing kept its like."""

from __future__ import annotations

import cv2
import numpy as np

RADIUS = 3
"""Half the window, in px of the small picture, in which drawing and photo are compared."""
FLAT = 4.0**2
"""Variance, in grey levels, under which a window says nothing about how detail is drawn."""
STRONGEST = 1.0


def bring_up(photo: np.ndarray, small: np.ndarray, drawn: np.ndarray, detail: float) -> np.ndarray:
    """Enlarge `drawn` to the size of `photo`; all RGB uint8 HWC, `small` the photo at the drawing's size.

    The drawing's lines come from the drawing. Of the photo, only what the small one could not show is added, as
    strongly as the drawing kept such detail nearby (the slope of a guided filter: He, Sun and Tang, PAMI
    2013), times `detail` 0..1. Returns uint8.
    """
    height, width = photo.shape[:2]
    if photo.shape == drawn.shape:
        return drawn
    shrinks = height * width < drawn.shape[0] * drawn.shape[1]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    base = cv2.resize(drawn, (width, height), interpolation=how)
    if shrinks or detail == 0:
        return base
    slope = cv2.resize(_slope(small, drawn), (width, height), interpolation=cv2.INTER_LINEAR)
    fine = photo.astype(np.float32)
    fine -= cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    fine *= (slope * detail)[..., None]
    fine += base
    return np.clip(np.rint(fine, out=fine), 0, 255).astype(np.uint8)


def _slope(photo: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """How strongly the drawing follows the photo's brightness around each pixel: HW float32 in 0..1."""
    x = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY).astype(np.float32)
    y = cv2.cvtColor(drawn, cv2.COLOR_RGB2GRAY).astype(np.float32)
    mean_x, mean_y = _mean(x), _mean(y)
    covariance = _mean(x * y) - mean_x * mean_y
    variance = _mean(x * x) - mean_x * mean_x
    return np.clip(_mean(covariance / (variance + FLAT)), 0, STRONGEST)


def _mean(values: np.ndarray) -> np.ndarray:
    side = 2 * RADIUS + 1
    return cv2.blur(values, (side, side), borderType=cv2.BORDER_REFLECT)
