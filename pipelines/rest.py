"""When the process rests after work, freed memory goes back to the system."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from pipelines.memory import give_back_memory

LOOK = 10.0
"""Seconds between two looks at how much the process does."""
AT_WORK = 0.3
"""Share of one core from which on it is at work: an open page and its heartbeat take a hundredth."""
QUIET_LOOKS = 2
"""So many looks without work, and it rests."""


class Rest:
    """Gives freed memory back once the process rests after work.

    Many threads that took turns at large pictures leave holes, which glibc keeps for good. To ask it for them
    takes 0.1 to 0.2 s, in which nobody gets memory: a thing for when nobody wants any.
    """

    def __init__(
        self,
        used: Callable[[], float] = time.process_time,
        give_back: Callable[[], None] = give_back_memory,
    ) -> None:
        self._used, self._give_back = used, give_back
        self._before, self._quiet, self._worked = used(), 0, False

    def look(self, seconds: float) -> None:
        """To be called every so often; `seconds` since the last time."""
        now = self._used()
        busy = now - self._before > AT_WORK * seconds
        self._before, self._quiet = now, 0 if busy else self._quiet + 1
        self._worked = self._worked or busy
        if self._worked and self._quiet >= QUIET_LOOKS:
            self._worked = False
            self._give_back()


def give_back_at_rest(every: float = LOOK) -> Callable[[], None]:
    """Start a thread that does so for this process; what it returns ends it."""
    rest, stop = Rest(), threading.Event()

    def work() -> None:
        while not stop.wait(every):
            rest.look(every)

    threading.Thread(target=work, name="rest", daemon=True).start()
    return stop.set
