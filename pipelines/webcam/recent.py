"""Measurements of the last seconds, and what is said of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np

WINDOW = 3.0
"""Seconds over which rates and percentiles are taken."""
MOST = 1024
"""Measurements of one kind that are kept at most."""
STOPPED = 3
"""Usual intervals without anything new after which the silence itself counts."""


class Recent:
    """Values of the last WINDOW seconds with the times at which they came."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._values: deque[tuple[float, float]] = deque(maxlen=MOST)

    def add(self, value: float) -> None:
        """Note a value with the time at which it came."""
        self._values.append((self._clock(), value))

    def values(self) -> np.ndarray:
        """Float64, the oldest first."""
        return np.array([value for _, value in self._kept()])

    def intervals(self) -> np.ndarray:
        """Seconds between one and the next."""
        return np.diff([at for at, _ in self._kept()])

    def rate(self) -> float:
        """How many a second; what has stopped falls towards 0."""
        kept = self._kept()
        if len(kept) < 2:
            return 0.0
        count, (first, last) = len(kept) - 1, (kept[0][0], kept[-1][0])
        steady = count / max(last - first, 1e-9)
        silent = (self._clock() - last) * steady > STOPPED
        return count / (self._clock() - first) if silent else steady

    def load(self) -> float:
        """Share of the time that values in ms take up."""
        values = self.values()
        return float(values.mean()) / 1000 * self.rate() if values.size else 0.0

    def _kept(self) -> list[tuple[float, float]]:
        since = self._clock() - WINDOW
        while self._values and self._values[0][0] < since:
            self._values.popleft()
        return list(self._values)


def spread(values: np.ndarray) -> tuple[float | None, float | None]:
    """Median and 95th percentile; None for nothing."""
    if not values.size:
        return None, None
    p50, p95 = np.percentile(values, (50, 95))
    return float(p50), float(p95)


def stray(intervals: np.ndarray) -> float:
    """Mean distance from the median; 0 for nothing."""
    return float(np.abs(intervals - np.median(intervals)).mean()) if intervals.size else 0.0
