"""How a net that paints is measured: speed, look, and how calm it is when nothing or little moves."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from training.still_flicker import measure_flicker
from training.style_features import CONTENT
from training.style_losses import Hand, content_loss, style_loss
from training.style_motion import follow
from training.style_teacher import SIDE as WHOLE

Picture = NDArray[np.uint8]
Painter = Callable[[Picture, int], Picture]
"""A square photo of WHOLE px and a style's number -> its painting."""

FRAME = (384, 288)
REPEATS = 12


def measure_speed(paint: Painter, size: tuple[int, int] = FRAME) -> float:
    """Best milliseconds of a frame, `size` width and height in px."""
    rgb = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), np.uint8)
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        paint(rgb, 0)
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def measure_look(
    paint: Painter, photos: Sequence[Picture], hands: Sequence[Sequence[Hand]], features: nn.Module
) -> dict[str, float]:
    """Mean distances to the painters' hands and to what the photos show."""
    far: dict[str, list[float]] = {"style": [], "content": []}
    with torch.no_grad():
        for number, photo in enumerate(photos):
            seen = features(to_planes(photo))
            for style, hand in enumerate(hands):
                # every photo in half of the styles is enough for a mean
                if (style + number) % 2:
                    maps = features(to_planes(paint(photo, style)))
                    far["style"].append(float(style_loss(maps, [hand])))
                    far["content"].append(float(content_loss(maps[CONTENT], seen[CONTENT])))
    return {name: float(np.mean(values)) for name, values in far.items()}


def to_planes(rgb: Picture) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(rgb.transpose(2, 0, 1)[None])).float() / 255


def measure_noise(paint: Painter, photo: Picture, styles: int) -> float:
    """Flicker of a still photo's paintings, mean over every second style."""
    painters = [lambda rgb, style=style: paint(rgb, style) for style in range(0, styles, 2)]
    return float(np.mean([measure_flicker(photo, painter) for painter in painters]))


def measure_films(paint: Painter, pairs: Sequence[tuple[Picture, Picture]], styles: int) -> float:
    """Mean levels by which the second painting differs from the first one carried along by flow."""
    found = []
    for number, (before, after) in enumerate(pairs):
        moved = follow(before[:WHOLE, :WHOLE], after[:WHOLE, :WHOLE])
        first, second = (
            paint(np.ascontiguousarray(each), number % styles) for each in (moved.before, moved.after)
        )
        carried = cv2.remap(first, moved.origin, None, cv2.INTER_LINEAR).astype(np.float32)
        found.append((np.abs(second - carried).mean(axis=2) * moved.sure).sum() / max(moved.sure.sum(), 1))
    return float(np.mean(found)) if found else float("nan")
