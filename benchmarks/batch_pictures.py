"""Many pictures of one size for the batch benchmarks, each different from the others."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np

from benchmarks.pairs import read_pairs, synthesise

SIZE = 1224, 816
"""1 megapixel."""
MODEL = "u2netp"


def write_pictures(data: Path | None, folder: Path, count: int) -> Path:
    """`count` JPEGs: the data folder's photos, shifted sideways a little more each time round."""
    folder.mkdir()
    if data is None:
        photos = [synthesise(np.random.default_rng(seed), "batch", *SIZE[::-1]).rgb for seed in range(8)]
    else:
        photos = [cv2.resize(pair.rgb, SIZE, interpolation=cv2.INTER_AREA) for pair in read_pairs(data)]
    for number in range(count):
        rgb = np.roll(photos[number % len(photos)], 8 * (number // len(photos)), axis=1)
        write_jpeg(folder / f"{number:04d}.jpg", rgb)
    return folder


def write_jpeg(path: Path, rgb: np.ndarray) -> None:
    cv2.imwrite(str(path), rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])


def split_folder(folder: Path, parts: int) -> list[Path]:
    """Move a folder's files into so many sub-folders of equal size."""
    files = sorted(folder.iterdir())
    found = [folder / f"part-{number}" for number in range(parts)]
    for each in found:
        each.mkdir()
    for number, path in enumerate(files):
        path.rename(found[number * parts // len(files)] / path.name)
    return found


def count_files(folder: Path) -> int:
    """PNG files below a folder."""
    return sum(name.endswith(".png") for _, _, names in os.walk(folder) for name in names)
