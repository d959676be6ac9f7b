"""A camera that is none: a disc crossing a textured wall, with a sensor's noise, for tests and measurements."""

from __future__ import annotations

import cv2
import numpy as np

from pipelines.webcam.frames import Rgb, Size
from pipelines.webcam.stages import encode


class SyntheticScene:
    """Frames by number: always the same for a number and a seed."""

    def __init__(
        self, size: Size = (640, 480), noise: float = 3.0, speed: float = 6.0, seed: int = 0
    ) -> None:
        """`noise`: standard deviation in grey levels; `speed`: the disc's, px a frame."""
        self.size, self._noise, self._speed, self._seed = size, noise, speed, seed
        self._wall = paint_wall(size, seed)
        self._disc = paint_wall((size[1] // 2, size[1] // 2), seed + 1)[..., ::-1].copy()

    def frame(self, number: int) -> Rgb:
        """RGB uint8 HWC as the camera gives it."""
        rgb = self.clean(number)
        if not self._noise:
            return rgb
        random = np.random.default_rng((self._seed, number))
        grain = random.normal(0, self._noise, rgb.shape).astype(np.float32)
        return np.clip(rgb + grain, 0, 255).astype(np.uint8)

    def clean(self, number: int) -> Rgb:
        """The same without noise."""
        rgb = self._wall.copy()
        left, top = self._place(number)
        mask = self.mask(number)
        side = self._disc.shape[0]
        x, y = np.meshgrid(np.arange(self.size[0]) - left, np.arange(self.size[1]) - top)
        inside = mask & (x >= 0) & (x < side) & (y >= 0) & (y < side)
        rgb[inside] = self._disc[y[inside], x[inside]]
        return rgb

    def mask(self, number: int) -> np.ndarray:
        """Where the disc is, HW bool."""
        left, top = self._place(number)
        radius = self._disc.shape[0] / 2 - 0.5
        y, x = np.ogrid[: self.size[1], : self.size[0]]
        return np.asarray((x - left - radius) ** 2 + (y - top - radius) ** 2 <= radius**2)

    def _place(self, number: int) -> tuple[int, int]:
        side = self._disc.shape[0]
        way = max(1, self.size[0] - side)
        there = round(number * self._speed) % (2 * way)
        return (there if there <= way else 2 * way - there), (self.size[1] - side) // 2


def paint_wall(size: Size, seed: int) -> Rgb:
    """Soft coloured blots of several scales."""
    random = np.random.default_rng(seed)
    total = np.zeros((size[1], size[0], 3), np.float32)
    for cells, share in ((4, 0.5), (12, 0.3), (40, 0.2)):
        blots = random.uniform(0, 255, (cells, cells, 3)).astype(np.float32)
        total += share * cv2.resize(blots, size, interpolation=cv2.INTER_CUBIC)
    return np.clip(total, 0, 255).astype(np.uint8)


def encode_frames(scene: SyntheticScene, count: int, quality: int = 80) -> list[bytes]:
    """The first frames as JPEG files."""
    return [encode(scene.frame(number), quality) for number in range(count)]
