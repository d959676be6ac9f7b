"""Frames of any size in a picture of one size: nothing cut off, nothing stretched."""

from __future__ import annotations

import cv2
import numpy as np

from pipelines.image_to_video.fitting import cover
from pipelines.webcam.frames import Rgb, Size
from pipelines.webcam.stages import fit

NEAR = 0.02
"""Share by which proportions may differ before bars are drawn; rounding to even sides is less."""
COARSE = 24
"""Px of the shorter side to which what fills the bars is shrunk: a blur that costs nothing."""
DIM = 0.45


def fit_into(rgb: Rgb, size: Size) -> Rgb:
    """RGB uint8 HWC of `size` (width, height) px; bars show the picture itself, blurred and dimmed."""
    width, height = size
    if (rgb.shape[1], rgb.shape[0]) == size:
        return np.ascontiguousarray(rgb)
    scale = min(width / rgb.shape[1], height / rgb.shape[0])
    inner = (round(rgb.shape[1] * scale), round(rgb.shape[0] * scale))
    if inner[0] >= width * (1 - NEAR) and inner[1] >= height * (1 - NEAR):
        return fit(rgb, size, mirror=False)
    out = _fill(rgb, size)
    left, top = (width - inner[0]) // 2, (height - inner[1]) // 2
    out[top : top + inner[1], left : left + inner[0]] = fit(
        rgb, (max(1, inner[0]), max(1, inner[1])), mirror=False
    )
    return out


def _fill(rgb: Rgb, size: Size) -> Rgb:
    """The middle of the picture over the whole of `size`, blurred and dimmed."""
    width, height = size
    factor = COARSE / min(size)
    coarse = (max(1, round(width * factor)), max(1, round(height * factor)))
    small = cv2.resize(cover(rgb, size), coarse, interpolation=cv2.INTER_AREA)
    dimmed = cv2.convertScaleAbs(cv2.GaussianBlur(small, (0, 0), 1.5), alpha=DIM)
    return np.asarray(cv2.resize(dimmed, size, interpolation=cv2.INTER_LINEAR), np.uint8)
