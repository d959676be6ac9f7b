"""Pictures whose true matte is known: from a folder, or made up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from pipelines.image import open_image

MADE_UP = 4
LIMIT = 1 << 28


@dataclass(frozen=True)
class Pair:
    """`rgb` uint8 HWC and its true `alpha` float32 HW in 0..1."""

    name: str
    rgb: np.ndarray
    alpha: np.ndarray


def read_pairs(folder: Path) -> list[Pair]:
    """Every image/NAME with its alpha/NAME. Raises FileNotFoundError when there is none."""
    pairs = []
    for path in sorted((folder / "image").glob("*")):
        truth = folder / "alpha" / path.name
        if truth.is_file():
            alpha = open_image(truth, max_pixels=LIMIT).rgb[..., 0].astype(np.float32) / 255
            pairs.append(Pair(path.stem, open_image(path, max_pixels=LIMIT).rgb, alpha))
    if not pairs:
        raise FileNotFoundError(f"{folder} has no image/ and alpha/ with files of the same names")
    return pairs


def synthesise_pairs(count: int = MADE_UP, side: int = 480) -> list[Pair]:
    """Soft discs with hair-like spikes over smooth backgrounds; the same ones each time."""
    return [synthesise(np.random.default_rng(seed), f"made-up-{seed}", side, side) for seed in range(count)]


def synthesise(rng: np.random.Generator, name: str, height: int, width: int) -> Pair:
    """One picture and its matte; noise makes it as hard to compress as a photo."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    centre, radius = (height * 0.55, width * 0.5), min(height, width) * 0.28
    angle = np.arctan2(y - centre[0], x - centre[1])
    distance = np.hypot(y - centre[0], x - centre[1]) / radius
    spikes = 1 + 0.12 * np.abs(np.sin(angle * rng.integers(20, 40))) ** 6
    alpha = np.clip((spikes - distance) * radius / 3 + 0.5, 0, 1)
    front, back = rng.uniform(20, 235, (2, 3))
    shade = (0.7 + 0.3 * np.cos(x / width * 3 + y / height * 2))[..., None]
    behind = back * shade + cv2.GaussianBlur(rng.normal(0, 60, (height, width, 3)), (0, 0), 9) * 2
    subject = front * (1.2 - 0.5 * np.clip(distance, 0, 1))[..., None]
    rgb = subject * alpha[..., None] + behind * (1 - alpha[..., None]) + rng.normal(0, 3, (height, width, 3))
    return Pair(name, np.clip(rgb, 0, 255).astype(np.uint8), alpha.astype(np.float32))
