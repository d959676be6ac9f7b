"""Three frames in a row, the middle one of which is to be found: from a folder, or made up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from pipelines.image import open_image

FIRST, MIDDLE, LAST = "im0.png", "im1_gt.png", "im2.png"
LIMIT = 1 << 28
MADE_UP = 3


@dataclass(frozen=True)
class Triplet:
    """RGB uint8 HWC of one size, evenly spaced in time."""

    name: str
    first: np.ndarray
    middle: np.ndarray
    last: np.ndarray


def read_sets(folder: Path) -> dict[str, list[Triplet]]:
    """Every SET/NAME with its three frames. Raises FileNotFoundError when there is none."""
    sets = {each.name: read_set(each) for each in sorted(folder.iterdir()) if each.is_dir()}
    found = {name: triplets for name, triplets in sets.items() if triplets}
    if not found:
        raise FileNotFoundError(f"{folder} has no SET/NAME/{{{FIRST},{MIDDLE},{LAST}}}")
    return found


def read_set(folder: Path) -> list[Triplet]:
    names = (FIRST, MIDDLE, LAST)
    return [
        Triplet(path.name, *(open_image(path / name, max_pixels=LIMIT).rgb for name in names))
        for path in sorted(folder.iterdir())
        if all((path / name).is_file() for name in names)
    ]


def synthesise_sets() -> dict[str, list[Triplet]]:
    """A disc that moves over a wall that moves the other way; the same ones each time."""
    return {"made-up": [synthesise(np.random.default_rng(seed), f"{seed}") for seed in range(MADE_UP)]}


def synthesise(rng: np.random.Generator, name: str, height: int = 240, width: int = 320) -> Triplet:
    wall, disc = (
        cv2.normalize(
            cv2.GaussianBlur(rng.random((height, width, 3)), (0, 0), 3), None, 20, 235, cv2.NORM_MINMAX
        )
        for _ in range(2)
    )
    y, x = np.mgrid[:height, :width].astype(np.float32)
    step, far = rng.uniform(-3, 3, 2), rng.uniform(-8, 8, 2)

    def draw(time: float) -> np.ndarray:
        behind = shift(wall, time * step)
        reach = np.hypot(x - width / 2 - time * far[0], y - height / 2 - time * far[1])
        inside = np.clip(height / 5 - reach + 0.5, 0, 1)[..., None]
        return np.rint(behind + inside * (shift(disc, time * far) - behind)).astype(np.uint8)

    return Triplet(name, draw(-1), draw(0), draw(1))


def shift(picture: np.ndarray, by: np.ndarray) -> np.ndarray:
    matrix = np.array([[1, 0, by[0]], [0, 1, by[1]]], np.float64)
    size = (picture.shape[1], picture.shape[0])
    return cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
