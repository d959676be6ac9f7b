"""How much is worked on at once. More waits its turn; more than may wait is turned away."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.errors import Busy


def say_full() -> Busy:
    """For whoever can't even wait."""
    return Busy("The server has more work than it can queue.", "Try again in a few seconds.")


class Gate:
    """Lets `workers` callers in at a time and `waiting` more stand in line."""

    def __init__(self, workers: int, waiting: int) -> None:
        self._places = threading.BoundedSemaphore(max(1, workers))
        self._limit = max(1, workers) + waiting
        self._inside = 0
        self._guard = threading.Lock()

    @property
    def load(self) -> int:
        """Callers inside or in line."""
        return self._inside

    @contextmanager
    def enter(self) -> Iterator[None]:
        """Wait for a place. Raises Busy at once when the line is full."""
        with self._guard:
            if self._inside >= self._limit:
                raise say_full()
            self._inside += 1
        try:
            with self._places:
                yield
        finally:
            with self._guard:
                self._inside -= 1
