"""What cameras and files do to a picture: light, colour, blur, noise, JPEG. The matte stays as it is."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Rng = np.random.Generator

GREY, TINT, BLUR, NOISE, JPEG = 0.08, 0.7, 0.2, 0.3, 0.5
"""How often each happens."""


def degrade(rgb: Picture, rng: Rng) -> Picture:
    """RGB uint8 HWC -> a worse copy of the same size."""
    if rng.random() < TINT:
        rgb = tint(rgb, rng)
    if rng.random() < GREY:
        grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
        rgb = np.repeat(grey[..., None], 3, axis=2)
    if rng.random() < BLUR:
        rgb = cv2.GaussianBlur(rgb, (0, 0), rng.uniform(0.4, 1.6))
    if rng.random() < NOISE:
        rgb = add_noise(rgb, rng)
    if rng.random() < JPEG:
        rgb = compress(rgb, int(rng.integers(30, 96)))
    return rgb


def tint(rgb: Picture, rng: Rng) -> Picture:
    """Change exposure, contrast and white balance through one table a channel."""
    steps = np.arange(256) / 255
    gamma = np.exp(rng.normal(0, 0.25))
    gains = np.exp(rng.normal(0, 0.12) + rng.normal(0, 0.05, 3))
    contrast = np.exp(rng.normal(0, 0.12))
    tables = ((steps[:, None] ** gamma * gains) - 0.5) * contrast + 0.5
    table = np.clip(np.rint(tables * 255), 0, 255).astype(np.uint8)
    tinted: Picture = cv2.LUT(rgb, table[None])
    return tinted


def add_noise(rgb: Picture, rng: Rng) -> Picture:
    """Grain, as strong as 1 to 12 levels; half of the time it is the same in all channels."""
    shape = rgb.shape if rng.random() < 0.5 else (*rgb.shape[:2], 1)
    grain = rng.standard_normal(shape, dtype=np.float32) * rng.uniform(1, 12)
    return np.clip(rgb + grain, 0, 255).astype(np.uint8)


def compress(rgb: Picture, quality: int) -> Picture:
    _, data = cv2.imencode(".jpg", rgb, [cv2.IMWRITE_JPEG_QUALITY, quality])
    decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return rgb if decoded is None else decoded.astype(np.uint8)
