"""How much the drawing of a still photo changes under a sensor's noise."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

NOISE = 2.0
"""Standard deviation of the sensor noise, levels."""
FRAMES = 6


def measure_flicker(rgb: Picture, draw: Callable[[Picture], Picture]) -> float:
    """Mean change between the drawings of a still photo's noisy frames, as a multiple of the frames' own."""
    grain = np.random.default_rng(0).normal(0, NOISE, (FRAMES, *rgb.shape))
    frames = np.clip(np.rint(rgb + grain), 0, 255).astype(np.uint8)
    drawn = np.stack([draw(frame) for frame in frames])
    change = [float(np.abs(np.diff(each.astype(np.float32), axis=0)).mean()) for each in (drawn, frames)]
    return change[0] / change[1]
