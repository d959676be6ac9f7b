"""Hand the newest frames on to recordings and broadcasts, each in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from pipelines.webcam.frames import Rgb
from pipelines.webcam.worker import Worker

Take = Callable[[Rgb, float], None]
"""Called with a frame and the second at which it came in. The frame may be read, not changed."""


class Taps:
    """Whoever wants frames beside the client. Slow ones lose frames, failing ones are taken off."""

    def __init__(self) -> None:
        self._workers: dict[object, Worker[tuple[Rgb, float]]] = {}
        self._lock = threading.Lock()
        self._closed = False

    def __len__(self) -> int:
        return len(self._workers)

    def add(self, take: Take) -> Callable[[], None]:
        """Begin to hand frames to `take`; returns what ends it. `take` is not called again once that returned,
        but by the call that it may be in."""
        key = object()

        def remove() -> None:
            self._remove(key)

        with self._lock:
            if not self._closed:
                self._workers[key] = Worker("live-tap", lambda item: take(*item), failed=remove)
        return remove

    def put(self, rgb: Rgb, time: float) -> int:
        """Lay a frame down for each; returns how many lost the one before."""
        with self._lock:
            workers = list(self._workers.values())
        return sum(worker.put((rgb, time)) for worker in workers)

    def close(self) -> None:
        """Take all of them off, for good."""
        with self._lock:
            self._closed = True
        for key in list(self._workers):
            self._remove(key)

    def _remove(self, key: object) -> None:
        with self._lock:
            worker = self._workers.pop(key, None)
        if worker is not None:
            worker.stop()
