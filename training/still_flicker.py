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
    own, drawn = measure_changes(rgb, draw, FRAMES)
    return drawn / own


def measure_changes(rgb: Picture, draw: Callable[[Picture], Picture], frames: int) -> tuple[float, float]:
    """Mean absolute change from frame to frame, levels: of a still photo's noisy frames, and of their drawings."""
    rng = np.random.default_rng(0)
    sums, before = np.zeros(2), None
    for _ in range(frames):
        frame = np.clip(np.rint(rgb + rng.normal(0, NOISE, rgb.shape)), 0, 255).astype(np.uint8)
        pair = [each.astype(np.float32) for each in (frame, draw(frame))]
        if before is not None:
            sums += [float(np.abs(new - old).mean()) for new, old in zip(pair, before, strict=True)]
        before = pair
    own, drawn = sums / max(1, frames - 1)
    return float(own), float(drawn)
