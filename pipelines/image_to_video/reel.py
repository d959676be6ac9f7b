"""The shots of a film that are open: the one that is seen and the next, opened while the first is drawn."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Generic, TypeVar

T = TypeVar("T")


class Reel(Generic[T]):
    """Opens shots by number, one ahead, in a thread of its own. A context manager."""

    def __init__(self, open_one: Callable[[int], T], count: int) -> None:
        self._open_one, self._count = open_one, count
        self._shots: dict[int, Future[T]] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="next-shot")

    def __enter__(self) -> Reel[T]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._shots.clear()
        self._thread.shutdown(cancel_futures=True)

    def take(self, number: int) -> T:
        """The shot, and drop those before it. Raises what opening it raised."""
        for done in [each for each in self._shots if each < number]:
            del self._shots[done]
        return self._begin(number).result()

    def prepare(self, number: int) -> None:
        """Begin to open a shot, if there is one of that number."""
        if number < self._count:
            self._begin(number)

    def peek(self, number: int) -> T:
        """The shot, keeping those before it. Raises what opening it raised."""
        return self._begin(number).result()

    def _begin(self, number: int) -> Future[T]:
        if number not in self._shots:
            self._shots[number] = self._thread.submit(self._open_one, number)
        return self._shots[number]
