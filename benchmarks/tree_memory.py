"""What a process and its children hold: while something else runs, and when they rest."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from statistics import median
from types import TracebackType

EVERY = 1.0
"""Seconds between two looks."""
SETTLED, LATE = (0.2, 0.35), (0.85, 1.0)
"""Shares of the time: soon after the start, and towards the end."""
AT_REST, LONGEST_REST = 40.0, 300.0
"""Seconds without work after which memory is looked at, and how long that is waited for."""
IDLE = 0.1
"""Share of one core below which nothing is worked on."""


def read_memory_mb(pid: int) -> float:
    """Resident memory of a process and all below it, MB (10^6 bytes); 0 for one that is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        below = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return 0.0
    own = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)
    return own * 1024 / 1e6 + sum(read_memory_mb(int(child)) for row in below for child in row)


def read_used_s(pid: int) -> float:
    """Seconds of processor time of a process and all below it that live; 0 for one that is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        below = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return 0.0
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(read_used_s(int(child)) for row in below for child in row)


def wait_for_rest(pid: int, at_rest: float = AT_REST, longest: float = LONGEST_REST) -> float:
    """What the tree holds, in MB, after it has not worked for `at_rest` seconds in a row.

    A server gives memory back when it rests. Raises TimeoutError when it does not rest within `longest` seconds.
    """
    ends, rested, used = time.monotonic() + longest, 0.0, read_used_s(pid)
    while rested < at_rest:
        if time.monotonic() > ends:
            raise TimeoutError(f"The server still worked after {longest:g} s.")
        time.sleep(EVERY)
        before, used = used, read_used_s(pid)
        rested = rested + EVERY if abs(used - before) < IDLE * EVERY else 0.0
    return read_memory_mb(pid)


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
    """Medians soon after the start and towards the end, and the most, in MB."""
    settled, late = (
        median(held[int(start * len(held)) : max(1, int(end * len(held)))] or held)
        for start, end in (SETTLED, LATE)
    )
    return {"settled_mb": settled, "end_mb": late, "most_mb": max(held)}
