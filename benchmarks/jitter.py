"""How much a slow zoom trembles: a dot is followed through the film to a hundredth of a pixel."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipelines.video import VideoReader

GREY, WHITE = 60, 235
RADIUS, SOFT = 14.0, 3.0
PLACE = 0.31, 0.36
"""Where the dot is, in shares of the picture's sides."""
LOOKED_AT = 48
"""Half the side, in px, of the square in which it is looked for."""
ROUNDS = 4

Points = NDArray[np.float64]


def draw_dot(size: tuple[int, int]) -> NDArray[np.uint8]:
    """A bright dot with soft edges on grey, uint8 HxWx3."""
    width, height = size
    y, x = np.mgrid[:height, :width].astype(np.float32)
    far = np.hypot(x + 0.5 - PLACE[0] * width, y + 0.5 - PLACE[1] * height)
    light = GREY + (WHITE - GREY) / (1 + np.exp(np.minimum((far - RADIUS) / SOFT, 50)))
    return np.repeat(np.rint(light).astype(np.uint8)[..., None], 3, axis=2)


def find_dot(frame: NDArray[np.uint8], near: Points) -> Points:
    """The dot's middle (x, y) in px: the centre of gravity of what is brighter than its surroundings, in a
    round window that follows it."""
    middle = near
    for _ in range(ROUNDS):
        left, top = (round(float(each)) - LOOKED_AT for each in middle)
        part = frame[max(0, top) : top + 2 * LOOKED_AT, max(0, left) : left + 2 * LOOKED_AT].mean(axis=2)
        y, x = np.mgrid[: part.shape[0], : part.shape[1]]
        x, y = x + max(0, left) + 0.5, y + max(0, top) + 0.5
        window = np.exp(-((x - middle[0]) ** 2 + (y - middle[1]) ** 2) / (2 * (1.5 * RADIUS) ** 2))
        light = np.clip(part - GREY - 8, 0, None) * window
        middle = np.array([(light * x).sum(), (light * y).sum()]) / max(light.sum(), 1e-9)
    return middle


def follow_dot(frames: Iterable[NDArray[np.uint8]], size: tuple[int, int]) -> Points:
    """The dot's way through a film: N x 2 px."""
    middle = np.array(PLACE) * size
    way = []
    for frame in frames:
        middle = find_dot(frame, middle)
        way.append(middle)
    return np.array(way)


def measure_jitter(way: Points) -> dict[str, float]:
    """Second differences of a way, px per frame squared: root of their mean square, 95th percentile, largest.

    The smooth part of the movement, a cubic in time, is taken out first."""
    times = np.linspace(-1, 1, len(way))
    smooth = np.column_stack([np.polyval(np.polyfit(times, axis, 3), times) for axis in way.T])
    jolts = np.hypot(*np.diff(way - smooth, 2, axis=0).T)
    return {
        "rms": float(np.sqrt((jolts**2).mean())),
        "p95": float(np.percentile(jolts, 95)),
        "max": float(jolts.max()),
    }


def jitter_of(film: Path, size: tuple[int, int]) -> dict[str, float]:
    """The jitter of a film that zooms into `draw_dot`'s picture."""
    with VideoReader(film) as reader:
        return measure_jitter(follow_dot((frame.rgb for frame in reader), size))
