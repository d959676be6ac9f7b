"""An answer that costs something, for whoever asks too often."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from anyio import Lock
from starlette.concurrency import run_in_threadpool

T = TypeVar("T")


class Remembered(Generic[T]):
    """What `ask` said in the last `seconds`. However many wait for a new answer, one thread fetches it."""

    def __init__(self, ask: Callable[[], T], seconds: float) -> None:
        self._ask, self._seconds = ask, seconds
        self._said: tuple[float, T] | None = None
        self._asking = Lock()

    async def get(self) -> T:
        """The answer. Raises what `ask` raises, which is not remembered."""
        async with self._asking:
            if self._said is None or time.monotonic() - self._said[0] >= self._seconds:
                answer = await run_in_threadpool(self._ask)
                self._said = time.monotonic(), answer
            return self._said[1]
