"""Training crops for the cartoon net: pieces of photos, and faces turned upright as the heads' nets want them.

Crop number -> the same crop, every time: photo, place, zoom, turn, light and colour are drawn from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.cartoon.faces import align, cut_square
from pipelines.image import open_image, resize_to_fit
from training.cartoon_targets import HEAD_SIDE, PARTS, Part
from training.degrade import compress, tint

Picture = NDArray[np.uint8]
Floats = NDArray[np.float64]
Rng = np.random.Generator

SIDES: dict[Part, int] = {"background": 256, "head": HEAD_SIDE}
LIMIT = 1 << 27
LONGEST = 1280
"""Larger photos are shrunk to this, px: their own pixels show little but grain."""
ZOOM = 0.35, 1.5
"""Of a background, least and most; less than 1 shrinks the photo."""
HEAD_ZOOM, HEAD_SHIFT, HEAD_TURN = 0.12, 0.03, 8.0
"""Standard deviations about a face's proper place: as a factor's logarithm, a share of the side, degrees."""
TINT, JPEG, SOFT = 0.6, 0.15, 0.1
"""How often each happens."""


@dataclass(frozen=True)
class Source:
    """A photo and, for heads, the five points (5 x 2, px) of one face on it."""

    path: Path
    points: Floats | None = None


def read_photo(path: Path) -> Picture:
    """A photo upright, at most LONGEST px long."""
    rgb = open_image(path, max_pixels=LIMIT).rgb
    return np.asarray(resize_to_fit(rgb, LONGEST), np.uint8) if max(rgb.shape[:2]) > LONGEST else rgb


def draw_crop(sources: Sequence[Source], part: Part, number: int, seed: int) -> Picture:
    """Crop `number` of a part, RGB uint8, SIDES[part] square. Photos take turns."""
    rng = np.random.default_rng((seed, PARTS.index(part), number))
    source = sources[number % len(sources)]
    rgb = read_photo(source.path)
    side = SIDES[part]
    crop = cut_piece(rgb, side, rng) if source.points is None else cut_head(rgb, source.points, side, rng)
    return change_light(crop[:, ::-1] if rng.random() < 0.5 else crop, rng)


def cut_piece(rgb: Picture, side: int, rng: Rng) -> Picture:
    """A square from anywhere, at any zoom that the photo is large enough for."""
    least = side / min(rgb.shape[:2])
    zoom = max(least, float(np.exp(rng.uniform(*np.log(ZOOM)))))
    taken = min(min(rgb.shape[:2]), round(side / zoom))
    top, left = (int(rng.integers(0, edge - taken + 1)) for edge in rgb.shape[:2])
    piece = rgb[top : top + taken, left : left + taken]
    how = cv2.INTER_AREA if taken > side else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(piece, (side, side), interpolation=how), np.uint8)


def cut_head(rgb: Picture, points: Floats, side: int, rng: Rng) -> Picture:
    """A face a little beside its proper place, as detectors leave it; white beyond the photo."""
    zoom, turn = np.exp(rng.normal(0, HEAD_ZOOM)), np.deg2rad(rng.normal(0, HEAD_TURN))
    shift = rng.normal(0, HEAD_SHIFT, 2) * side
    middle = np.full(2, side / 2)
    spin = zoom * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    matrix = spin @ align(points, side)
    matrix[:, 2] += middle + shift - spin @ middle
    return np.asarray(cut_square(rgb, matrix, side), np.uint8)


def change_light(rgb: Picture, rng: Rng) -> Picture:
    """Light and colour in most crops, softness and JPEG in some."""
    if rng.random() < TINT:
        rgb = tint(np.ascontiguousarray(rgb), rng)
    if rng.random() < SOFT:
        rgb = np.asarray(cv2.GaussianBlur(rgb, (0, 0), rng.uniform(0.4, 1.2)), np.uint8)
    if rng.random() < JPEG:
        rgb = compress(rgb, int(rng.integers(40, 96)))
    return np.ascontiguousarray(rgb)
