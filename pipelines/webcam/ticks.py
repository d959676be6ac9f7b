"""A steady rate out of time that passes unevenly."""

from __future__ import annotations

from math import floor

CATCH_UP = 1.0
"""Seconds of delay that are made up for by frames sent at once; what is longer is let go."""


class Ticks:
    """The moments at which a frame is due, `rate` a second from `start` (s, of any clock) on."""

    def __init__(self, rate: int, start: float) -> None:
        self._rate, self._start, self._count = rate, start, 0
        self.skipped = 0

    def take(self, now: float) -> bool:
        """Whether a frame is due that was not taken yet; takes it."""
        behind = floor((now - self._start) * self._rate + 1e-6) + 1 - self._count
        if behind > CATCH_UP * self._rate:
            self.skipped += behind - 1
            self._count += behind - 1
        if behind < 1:
            return False
        self._count += 1
        return True

    def wait(self, now: float) -> float:
        """Seconds until the next is due."""
        return max(0.0, self._start + self._count / self._rate - now)
