"""Look at other processes, and wait for what they do."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

PATIENCE = 120.0


def wait_for(holds: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait until it holds; fails after a time that is long for any machine."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.02)


def find_processes(word: str) -> list[int]:
    """Running processes with that among their arguments; by Linux's /proc."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (place / "cmdline").read_bytes().split(b"\0")
            state = (place / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if word.encode() in arguments and state != "Z":
            found.append(int(place.name))
    return found
