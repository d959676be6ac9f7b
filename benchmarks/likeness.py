"""How alike two pictures are: uint8 HWC of the same size."""

from __future__ import annotations

import cv2
import numpy as np

SIGMA, REACH = 1.5, 5
C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
SAME = 100.0


def psnr(found: np.ndarray, truth: np.ndarray) -> float:
    """Decibels; SAME where nothing differs."""
    error = cv2.norm(found, truth, cv2.NORM_L2SQR) / found.size
    return SAME if error == 0 else float(10 * np.log10(255**2 / error))


def ssim(found: np.ndarray, truth: np.ndarray) -> float:
    """Structural similarity, mean over the pixels and channels (Wang et al., IEEE TIP 2004): Gaussian window."""
    x, y = found.astype(np.float32), truth.astype(np.float32)
    mean_x, mean_y = _mean(x), _mean(y)
    spread_x, spread_y = _mean(x * x) - mean_x**2, _mean(y * y) - mean_y**2
    together = _mean(x * y) - mean_x * mean_y
    above = (2 * mean_x * mean_y + C1) * (2 * together + C2)
    return float((above / ((mean_x**2 + mean_y**2 + C1) * (spread_x + spread_y + C2))).mean())


def _mean(values: np.ndarray) -> np.ndarray:
    side = 2 * REACH + 1
    return cv2.GaussianBlur(values, (side, side), SIGMA, borderType=cv2.BORDER_REFLECT)
