"""How many large things are in hand at once, whatever their number is."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Room:
    """Lets callers in while their sizes together stay within `size`; one that is larger goes in alone."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._used = 0
        self._change = threading.Condition()

    @contextmanager
    def hold(self, wanted: int) -> Iterator[None]:
        """Wait until there is room for `wanted` and keep it."""
        wanted = min(wanted, self.size)
        with self._change:
            self._change.wait_for(lambda: self._used + wanted <= self.size)
            self._used += wanted
        try:
            yield
        finally:
            with self._change:
                self._used -= wanted
                self._change.notify_all()
