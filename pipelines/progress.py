"""How long work tells how far it is, and how long each of its steps took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[float, str], None]
"""Called with the fraction done, 0..1, and a few words on what is being done now."""


def silent(fraction: float, what: str) -> None:
    """The progress of one who does not ask."""


class Stopwatch:
    """Seconds spent in each named step; a name used twice adds up."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add the seconds that the block takes to those of `name`."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start
