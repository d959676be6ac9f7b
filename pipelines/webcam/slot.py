"""Hand-over between two threads that holds one thing: the newest."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Slot(Generic[T]):
    """A place for one item. Putting never waits; what was not taken in time makes way."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._item: T | None = None
        self._closed = False

    def put(self, item: T) -> bool:
        """Lay the newest item down; returns whether one that nobody took was thrown away for it.

        After `close` nothing is kept, and nothing counts as thrown away.
        """
        with self._changed:
            if self._closed:
                return False
            lost = self._item is not None
            self._item = item
            self._changed.notify()
            return lost

    def take(self, timeout: float | None = None) -> T | None:
        """Wait for an item and take it; None once closed, or after `timeout` seconds without one."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._item is not None, timeout)
            item, self._item = self._item, None
            return item

    @property
    def closed(self) -> bool:
        return self._closed

    def close(self) -> None:
        """Wake whoever waits and take nothing more; an item not yet taken is thrown away."""
        with self._changed:
            self._closed, self._item = True, None
            self._changed.notify_all()
