"""How far an alpha matte is from the truth.

SAD, MSE, gradient and connectivity error as in Rhemann et al., "A Perceptually Motivated Online Benchmark for
Image Matting", CVPR 2009; IoU and Dice of the mattes cut at 0.5. Mattes are HW, 0..1, of the same size; all
errors are over the whole picture.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Matte = NDArray[np.floating]

CUT = 0.5
SIGMA = 1.4
THETA = 0.15
LEVELS = 10


def measure_matte(alpha: Matte, truth: Matte) -> dict[str, float]:
    """Every metric of METRICS by name. Raises ValueError when the sizes differ."""
    if alpha.shape != truth.shape:
        raise ValueError(f"The mattes differ in size: {alpha.shape} and {truth.shape}.")
    found, wanted = np.asarray(alpha, np.float64), np.asarray(truth, np.float64)
    return {name: metric(found, wanted) for name, metric in METRICS.items()}


def sum_of_differences(alpha: Matte, truth: Matte) -> float:
    """SAD: sum |alpha - truth| in thousands of pixels, as the benchmark prints it (Rhemann 2009)."""
    return float(np.abs(alpha - truth).sum() / 1000)


def mean_difference(alpha: Matte, truth: Matte) -> float:
    """MAD: mean |alpha - truth|, 0..1; Rhemann's SAD made independent of the picture's size."""
    return float(np.abs(alpha - truth).mean())


def mean_square(alpha: Matte, truth: Matte) -> float:
    """MSE: mean (alpha - truth)^2, 0..1 (Rhemann 2009)."""
    return float(((alpha - truth) ** 2).mean())


def gradient_error(alpha: Matte, truth: Matte) -> float:
    """Sum of squared differences of gradient magnitude, in thousands (Rhemann 2009, q = 2, sigma 1.4).

    Gradients are first derivatives of a Gaussian, each filter normalised to unit energy.
    """
    return float(((_gradient(alpha) - _gradient(truth)) ** 2).sum() / 1000)


def connectivity_error(alpha: Matte, truth: Matte) -> float:
    """Sum of differences in connectedness to the common solid region, in thousands (Rhemann 2009).

    A pixel's connectedness is 1 minus how far its alpha lies above the highest of LEVELS thresholds at
    which it still joins that region; gaps under THETA don't count.
    """
    level = _joined_level(alpha, truth)
    return float(np.abs(_connectedness(alpha, level) - _connectedness(truth, level)).sum() / 1000)


def intersection_over_union(alpha: Matte, truth: Matte) -> float:
    """Jaccard index of the mattes cut at 0.5, 0..1; 1 where both are empty (Jaccard 1912)."""
    found, wanted = alpha >= CUT, truth >= CUT
    union = int((found | wanted).sum())
    return float((found & wanted).sum() / union) if union else 1.0


def dice(alpha: Matte, truth: Matte) -> float:
    """Dice coefficient of the mattes cut at 0.5, 0..1; 1 where both are empty (Dice 1945)."""
    found, wanted = alpha >= CUT, truth >= CUT
    total = int(found.sum() + wanted.sum())
    return float(2 * (found & wanted).sum() / total) if total else 1.0


def _gradient(matte: Matte) -> Matte:
    """Magnitude of the Gaussian gradient; borders repeat the edge pixel."""
    half = int(np.ceil(SIGMA * np.sqrt(-2 * np.log(np.sqrt(2 * np.pi) * SIGMA * 0.01))))
    x = np.arange(-half, half + 1, dtype=np.float64)
    bell = np.exp(-(x**2) / (2 * SIGMA**2)) / (SIGMA * np.sqrt(2 * np.pi))
    slope = -x * bell / SIGMA**2
    energy = np.sqrt((np.outer(bell, slope) ** 2).sum())
    across = cv2.sepFilter2D(matte, cv2.CV_64F, slope, bell / energy, borderType=cv2.BORDER_REPLICATE)
    down = cv2.sepFilter2D(matte, cv2.CV_64F, bell / energy, slope, borderType=cv2.BORDER_REPLICATE)
    magnitude: Matte = np.hypot(across, down)
    return magnitude


def _joined_level(alpha: Matte, truth: Matte) -> Matte:
    """Highest threshold k / LEVELS at which a pixel joins the largest region solid in both mattes."""
    level = np.full(alpha.shape, -1.0)
    for step in range(1, LEVELS + 1):
        solid = _largest(np.minimum(alpha, truth) >= step / LEVELS - 1e-9)
        level[(level < 0) & ~solid] = (step - 1) / LEVELS
    return np.where(level < 0, 1.0, level)


def _largest(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    count, pieces, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    if count < 2:
        return mask
    largest: NDArray[np.bool_] = pieces == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    return largest


def _connectedness(matte: Matte, level: Matte) -> Matte:
    gap = matte - level
    connected: Matte = 1 - gap * (gap >= THETA)
    return connected


METRICS: dict[str, Callable[[Matte, Matte], float]] = {
    "sad": sum_of_differences,
    "mad": mean_difference,
    "mse": mean_square,
    "gradient": gradient_error,
    "connectivity": connectivity_error,
    "iou": intersection_over_union,
    "dice": dice,
}
"""Name -> metric; lower is better but for iou and dice."""
