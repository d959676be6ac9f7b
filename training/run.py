"""What every training run does beside training: its rate's course, its log, its end when asked."""

from __future__ import annotations

import json
import os
import signal
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from filelock import FileLock, Timeout

WARM_UP = 50
LOOK = 0.2
"""Seconds between two looks at whether a folder is free."""


def learning_share(step: int, steps: int, cool: int) -> float:
    """Share of the full learning rate: up over WARM_UP steps, flat, down over the last `cool`."""
    rise = min(1.0, (step + 1) / WARM_UP)
    fall = (steps - step) / cool if cool else 1.0
    return max(0.0, min(rise, fall, 1.0))


class Log:
    """Means of the loss's terms over stretches of steps, one JSON line each."""

    def __init__(self, path: Path, every: int) -> None:
        self._path = path
        self._every = every
        self._sums: dict[str, float] = defaultdict(float)
        self._count = 0
        self._start = time.monotonic()

    def add(self, step: int, terms: dict[str, float]) -> None:
        for name, value in terms.items():
            self._sums[name] += value
        self._count += 1
        if self._count == self._every:
            self._write(step)

    def _write(self, step: int) -> None:
        means = {name: round(value / self._count, 5) for name, value in self._sums.items()}
        seconds = (time.monotonic() - self._start) / self._count
        row = {"step": step, "total": round(sum(means.values()), 5), **means, "seconds": round(seconds, 3)}
        with self._path.open("a") as file:
            file.write(json.dumps(row) + "\n")
        print(json.dumps(row), flush=True)
        self._sums.clear()
        self._count, self._start = 0, time.monotonic()


class Stop:
    """Becomes true on SIGTERM or SIGINT."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True


@contextmanager
def pid_file(folder: Path, patience: float = 0.0) -> Iterator[None]:
    """`train.pid` in a run's folder, which is made, for as long as the run lasts.

    Raises SystemExit, which says so, while another run holds it, `patience` seconds long. A lock holds it, which ends
    with its process, however that ends; the number says little: in a container the next process often has the same.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path, lock = folder / "train.pid", FileLock(folder / "train.lock")
    try:
        lock.acquire(timeout=patience, poll_interval=LOOK)
    except Timeout:
        raise SystemExit(f"{folder}: process {path.read_text().strip()} trains here already.") from None
    try:
        path.write_text(f"{os.getpid()}\n")
        yield
    finally:
        path.unlink(missing_ok=True)
        lock.release()
