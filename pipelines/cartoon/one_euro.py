"""The one-euro filter: what stands still is held still, what moves fast is followed at once.

Casiez, Roussel and Vogel, "1€ Filter: A Simple Speed-based Low-pass Filter for Noisy Input in Interactive
Systems", CHI 2012.
"""

from __future__ import annotations

import math

import numpy as np

SPEED_CUTOFF = 1.0
"""Hz at which the speed itself is smoothed, as the paper has it."""


class OneEuro:
    """Smooths points that belong together: they share one speed, so they keep their shape.

    `least_cutoff` in Hz is how much is let through at rest; each unit of speed a second adds `slope` Hz.
    """

    def __init__(self, least_cutoff: float, slope: float) -> None:
        self._least_cutoff = least_cutoff
        self._slope = slope
        self._value: np.ndarray | None = None
        self._speed = np.zeros(2)

    def smooth(self, points: np.ndarray, seconds: float, unit: float = 1.0) -> np.ndarray:
        """Take points N x 2 that came `seconds` after the last; speeds are in `unit` a second."""
        if self._value is None:
            self._value = points.astype(np.float64)
            return self._value
        moved = (points - self._value).mean(axis=0) / (unit * seconds)
        self._speed = self._speed + share(SPEED_CUTOFF, seconds) * (moved - self._speed)
        cutoff = self._least_cutoff + self._slope * float(np.hypot(*self._speed))
        self._value = self._value + share(cutoff, seconds) * (points - self._value)
        return self._value


def share(cutoff: float, seconds: float) -> float:
    """Of a new value, the share that a low pass of `cutoff` Hz takes after so many seconds."""
    return 1 / (1 + 1 / (2 * math.pi * cutoff * seconds))
