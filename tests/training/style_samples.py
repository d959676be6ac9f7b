"""Small stand-ins for what style training needs: weights of features, photos, paintings."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from training.encoder import Encoder


def write_features(folder: Path) -> Path:
    """EfficientNet-lite0's layers with random weights."""
    torch.manual_seed(3)
    path = folder / "features.pth"
    torch.save(Encoder().state_dict(), path)
    return path


def draw_stripes(
    side: int, colours: tuple[tuple[int, int, int], tuple[int, int, int]], width: int
) -> NDArray[np.uint8]:
    """Stripes of two colours."""
    even = (np.arange(side) // width % 2).astype(bool)
    row = np.where(even[:, None], np.array(colours[0]), np.array(colours[1])).astype(np.uint8)
    return np.ascontiguousarray(np.broadcast_to(row[None], (side, side, 3)))


def write_pictures(folder: Path) -> tuple[Path, Path]:
    """Folders of two paintings and of two photos."""
    paintings, photos = folder / "paintings", folder / "photos"
    for each in (paintings, photos):
        each.mkdir()
    cv2.imwrite(str(paintings / "Red_Sea.png"), draw_stripes(64, ((200, 30, 20), (90, 0, 0)), 4)[..., ::-1])
    cv2.imwrite(str(paintings / "blue.png"), draw_stripes(64, ((20, 30, 200), (0, 0, 90)), 16)[..., ::-1])
    rng = np.random.default_rng(0)
    for number in range(2):
        small = rng.integers(0, 256, (12, 16, 3), np.uint8)
        cv2.imwrite(str(photos / f"photo-{number}.png"), cv2.resize(small, (480, 400)))
    return paintings, photos
