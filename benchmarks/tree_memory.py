"""What a process and its children hold, looked at while something else runs."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from statistics import median
from types import TracebackType

EVERY = 1.0
"""Seconds between two looks."""
SETTLED, LATE = (0.2, 0.35), (0.85, 1.0)
"""Shares of the time: after the warm-up, and at the end."""


def read_memory_mb(pid: int) -> float:
    """Resident memory of a process and all below it, MB (10^6 bytes); 0 for one that is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        below = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return 0.0
    own = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)
    return own * 1024 / 1e6 + sum(read_memory_mb(int(child)) for row in below for child in row)


class MemoryWatch:
    """Looks at a process's tree from when it is entered until it is left."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._held: list[float] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, name="memory-watch", daemon=True)

    def __enter__(self) -> MemoryWatch:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        begun = time.monotonic()
        while not self._ended.wait(max(0.0, begun + EVERY * len(self._held) - time.monotonic())):
            self._held.append(read_memory_mb(self._pid))

    def summary(self) -> dict[str, float]:
        """See `summarise`; after the end."""
        return summarise(self._held)


def summarise(held: list[float]) -> dict[str, float]:
    """Medians after the warm-up and at the end, how much lies between them, and the most, in MB."""
    settled, late = (
        median(held[int(start * len(held)) : max(1, int(end * len(held)))] or held)
        for start, end in (SETTLED, LATE)
    )
    return {"settled_mb": settled, "end_mb": late, "growth_mb": late - settled, "most_mb": max(held)}
