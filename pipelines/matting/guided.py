"""Colour guided filter: carries a small matte to the edges of a bigger picture.

He, Sun and Tang, "Guided Image Filtering", PAMI 2013; fitted on a small copy and applied at full size as
in He and Sun, "Fast Guided Filter", 2015.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
STRIP = 1_000_000
"""Pixels of a full-size strip: it bounds the memory on big pictures."""


def fit_lines(rgb: NDArray[np.uint8], alpha: Floats, radius: int, epsilon: float) -> Floats:
    """Fit alpha = a . colour + b in windows of 2 * radius + 1 px; returns HW x (a_r, a_g, a_b, b)."""
    guide: Floats = rgb.astype(np.float32) / np.float32(255)
    mean, mean_alpha = _blur(guide, radius), _blur(alpha, radius)
    cross = _blur(guide * alpha[..., None], radius) - mean * mean_alpha[..., None]
    slope = _solve_3x3(_covariance(guide, mean, radius, epsilon), cross)
    offset = mean_alpha - np.einsum("hwc,hwc->hw", slope, mean)
    return _blur(np.dstack([slope, offset]), radius)


def apply_lines(rgb: NDArray[np.uint8], lines: Floats) -> Floats:
    """Evaluate fitted lines on a picture of any size; alpha HW float32 in 0..1."""
    height, width = rgb.shape[:2]
    alpha = np.empty((height, width), np.float32)
    step = max(1, STRIP // width)
    for top in range(0, height, step):
        bottom = min(height, top + step)
        alpha[top:bottom] = _apply_strip(rgb[top:bottom], lines, top, height)
    return alpha


def _apply_strip(rgb: NDArray[np.uint8], lines: Floats, top: int, height: int) -> Floats:
    rows, width = rgb.shape[:2]
    sx, sy = lines.shape[1] / width, lines.shape[0] / height
    where = np.array([[sx, 0, 0.5 * sx - 0.5], [0, sy, (top + 0.5) * sy - 0.5]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    full = cv2.warpAffine(lines, where, (width, rows), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    alpha = np.einsum("hwc,hwc->hw", full[..., :3], rgb.astype(np.float32)) / 255 + full[..., 3]
    return np.clip(alpha, 0, 1).astype(np.float32)


def _blur(values: Floats, radius: int) -> Floats:
    side = 2 * radius + 1
    blurred: Floats = cv2.blur(values, (side, side), borderType=cv2.BORDER_REFLECT)
    return blurred


def _covariance(guide: Floats, mean: Floats, radius: int, epsilon: float) -> dict[tuple[int, int], Floats]:
    """Upper triangle of the windows' colour covariance, `epsilon` on its diagonal."""
    entries: dict[tuple[int, int], Floats] = {}
    for i in range(3):
        for j in range(i, 3):
            ridge = np.float32(epsilon if i == j else 0)
            entries[i, j] = _blur(guide[..., i] * guide[..., j], radius) - mean[..., i] * mean[..., j] + ridge
    return entries


def _solve_3x3(matrix: dict[tuple[int, int], Floats], right: Floats) -> Floats:
    """Solve a symmetric 3x3 system per pixel by Cramer's rule."""
    a, b, c = matrix[0, 0], matrix[0, 1], matrix[0, 2]
    d, e, f = matrix[1, 1], matrix[1, 2], matrix[2, 2]
    aa, bb, cc = d * f - e * e, c * e - b * f, b * e - c * d
    dd, ee, ff = a * f - c * c, b * c - a * e, a * d - b * b
    x, y, z = right[..., 0], right[..., 1], right[..., 2]
    determinant = a * aa + b * bb + c * cc
    solved = np.dstack([aa * x + bb * y + cc * z, bb * x + dd * y + ee * z, cc * x + ee * y + ff * z])
    result: Floats = solved / determinant[..., None]
    return result
