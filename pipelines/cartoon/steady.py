"""Take sensor noise out of a film where it stands still, so that the nets do not draw it anew in each frame."""

from __future__ import annotations

import cv2
import numpy as np

WINDOW = 5
"""Side, in px, of the window in which a change is told from noise."""
BLOCK = 8
"""Side, in px, of the blocks by which the noise is measured."""
QUIET = 20
"""Percentile of the blocks whose change is noise alone: at least so many stand still in most films."""
LEAST, MOST = 1.0, 8.0
"""Noise in grey levels that is reckoned with: rounding and coding on one end, night on the other."""
LONGEST = 8
"""Frames that a still pixel is the mean of, in the long run."""
STILL, MOVING = 1.6, 3.0
"""A window whose energy is so many times the noise's stands still, or moves; between them both are mixed."""
LEVEL_STILL, LEVEL_MOVING = 0.4, 1.2
"""The same for the mean of a window, whose noise is far smaller: light that changes is followed."""
NOISE_SHARE = 0.1
"""How fast the measure of the noise follows a film."""


class Steady:
    """A mean over time for each pixel, begun anew wherever something moves. Holds state of one shot."""

    def __init__(self) -> None:
        self._mean: np.ndarray | None = None
        self._count: np.ndarray | None = None
        self._last: np.ndarray | None = None
        self._noise: float | None = None

    def begin(self) -> None:
        """Forget the frames before a cut; the camera's noise stays known."""
        self._mean = None

    def smooth(self, rgb: np.ndarray) -> np.ndarray:
        """Take the next frame, RGB uint8 HWC; returns it without noise where it stands still."""
        frame = rgb.astype(np.float32)
        if self._mean is None or self._count is None or self._last is None:
            self._mean, self._count = frame, np.ones(rgb.shape[:2], np.float32)
            self._last = rgb
            return rgb
        self._measure(rgb, self._last)
        change = frame - self._mean
        moving = self._find_motion(change, self._count)
        self._count = np.minimum((self._count + 1) * (1 - moving), LONGEST)
        share = np.maximum(moving, 1 / np.maximum(self._count, 1))
        self._mean = self._mean + share[..., None] * change
        self._last = rgb
        return np.rint(self._mean).astype(np.uint8)

    def _find_motion(self, change: np.ndarray, count: np.ndarray) -> np.ndarray:
        """How surely each pixel of a change HWC moves, HW float32 in 0..1."""
        variance = max(self._noise or LEAST, LEAST) ** 2
        energy = box(np.einsum("hwc,hwc->hw", change, change) / 3)
        level = np.square(box(change)).max(axis=2)
        by_energy = ramp(energy / (variance * (1 + 1 / np.maximum(count, 1))), STILL, MOVING)
        return np.maximum(by_energy, ramp(level / variance, LEVEL_STILL, LEVEL_MOVING))

    def _measure(self, rgb: np.ndarray, last: np.ndarray) -> None:
        noise = measure_noise(rgb, last)
        if noise is not None:
            before = noise if self._noise is None else self._noise
            self._noise = min(before + NOISE_SHARE * (noise - before), MOST)


def measure_noise(rgb: np.ndarray, last: np.ndarray) -> float | None:
    """Standard deviation of the noise in two frames of one shot, in grey levels; None when there is nothing
    to go by: black bars and burnt-out skies have no noise and say nothing."""
    height, width = (side // BLOCK * BLOCK for side in rgb.shape[:2])
    if not height or not width:
        return None
    change = cv2.absdiff(rgb[:height, :width], last[:height, :width]).astype(np.float32)
    size = (width // BLOCK, height // BLOCK)
    energy = cv2.resize(np.square(change), size, interpolation=cv2.INTER_AREA).mean(axis=2)
    level = cv2.resize(rgb[:height, :width], size, interpolation=cv2.INTER_AREA).mean(axis=2)
    speaking = energy[(level > 8) & (level < 247)]
    return float(np.sqrt(np.percentile(speaking, QUIET) / 2)) if speaking.size else None


def box(values: np.ndarray) -> np.ndarray:
    """Mean of each pixel's WINDOW x WINDOW px."""
    return cv2.blur(values, (WINDOW, WINDOW), borderType=cv2.BORDER_REFLECT)


def ramp(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """0 up to `low`, 1 from `high` on."""
    return np.clip((values - low) / (high - low), 0, 1)
