"""How noisy a picture is, so that its grain is not taken for edges."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

PATCH = 512
KERNEL = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]])


def measure_noise(rgb: NDArray[np.uint8]) -> float:
    """Estimate the standard deviation of a picture's noise, in 0..1, from its middle.

    Immerkaer, "Fast Noise Variance Estimation", 1996, with the median in place of the mean, so that edges
    and texture count less.
    """
    top, left = (max(0, (side - PATCH) // 2) for side in rgb.shape[:2])
    grey = cv2.cvtColor(rgb[top : top + PATCH, left : left + PATCH], cv2.COLOR_RGB2GRAY)
    curved = cv2.filter2D(grey, cv2.CV_16S, KERNEL)
    return float(np.median(np.abs(curved)) / 0.6745 / 6 / 255)
