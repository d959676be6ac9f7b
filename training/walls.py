"""Backgrounds that need no photo: plain walls, and clutter of overlapping shapes.

Clutter follows the dead leaves model (Lee, Mumford and Huang, IJCV 2001): shapes of all sizes, the later
hiding the earlier, have the edges and the contrasts of real scenes.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Rng = np.random.Generator

SHAPES = (20, 160)
"""Least and greatest number of shapes."""


def draw_wall(side: int, rng: Rng) -> Picture:
    """One colour, often near black or white, brighter on one side; RGB uint8, square."""
    colour = np.clip(rng.beta(0.5, 0.5) * 255 + rng.normal(0, 25, 3), 0, 255)
    y, x = np.mgrid[:side, :side] / side - 0.5
    fall = 1 + rng.normal(0, 0.3) * x + rng.normal(0, 0.3) * y
    return np.clip(np.rint(fall[..., None] * colour), 0, 255).astype(np.uint8)


def draw_clutter(side: int, rng: Rng) -> Picture:
    """Overlapping boxes, discs and bars in a few related colours; RGB uint8, square."""
    canvas = draw_wall(side, rng)
    palette = np.clip(rng.uniform(0, 255, 3) + rng.normal(0, 60, (6, 3)), 0, 255)
    for _ in range(int(rng.integers(*SHAPES))):
        colour = tuple(
            int(value) for value in np.clip(palette[rng.integers(6)] + rng.normal(0, 12, 3), 0, 255)
        )
        # Many small shapes and few big ones, as distance makes them.
        size = side * 0.5 / rng.uniform(1, 5) ** 2 * rng.uniform(0.3, 1, 2)
        centre = tuple(float(value) for value in rng.uniform(0, side, 2))
        _draw_shape(canvas, centre, size, colour, rng)
    return canvas


def _draw_shape(
    canvas: Picture,
    centre: tuple[float, ...],
    size: NDArray[np.float64],
    colour: tuple[int, ...],
    rng: Rng,
) -> None:
    box = ((centre[0], centre[1]), (float(size[0]), float(size[1])), float(rng.uniform(0, 180)))
    if rng.random() < 0.5:
        corners = cv2.boxPoints(box).astype(np.int32)
        cv2.fillConvexPoly(canvas, corners, colour, cv2.LINE_AA)
    else:
        cv2.ellipse(canvas, box, colour, -1, cv2.LINE_AA)
