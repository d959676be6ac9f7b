"""A thread that works on the newest of what it is given."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from pipelines.webcam.slot import Slot

log = logging.getLogger(__name__)

T = TypeVar("T")
LEAVE = 5.0
"""Seconds that a thread is given to end."""


class Worker(Generic[T]):
    """Calls `work` with one item after another; what comes meanwhile makes way for what is newer."""

    def __init__(self, name: str, work: Callable[[T], None], failed: Callable[[], None]) -> None:
        """`failed` is called for an item whose work raised; the thread goes on. The log has the first error of
        a row: there may be thirty a second."""
        self._work, self._failed = work, failed
        self._slot: Slot[T] = Slot()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def put(self, item: T) -> bool:
        """Never waits; returns whether an older item was thrown away for it."""
        return self._slot.put(item)

    def stop(self) -> None:
        """Take nothing more; returns at once."""
        self._slot.close()

    def join(self) -> None:
        """Wait for the work that is under way, for LEAVE seconds at most; not from within it."""
        if self._thread is not threading.current_thread():
            self._thread.join(LEAVE)

    def _run(self) -> None:
        well = True
        while (item := self._slot.take()) is not None:
            well = self._try(item, log_errors=well)

    def _try(self, item: T, log_errors: bool) -> bool:
        try:
            self._work(item)
        except Exception as error:  # whatever it was, the next item is another chance
            if log_errors:
                log.error("%s failed", self._thread.name, exc_info=error)
            self._failed()
            return False
        return True
