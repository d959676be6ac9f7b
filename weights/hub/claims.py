"""One process at a time fetches a model."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from weights.hub.client_process import Cancelled

POLL = 0.2


@contextmanager
def claim(path: Path, cancelled: threading.Event) -> Iterator[None]:
    """Hold the lock file `path`, waiting while another process holds it. Raises Cancelled meanwhile."""
    from filelock import FileLock, Timeout

    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    while not lock.is_locked:
        if cancelled.is_set():
            raise Cancelled
        try:
            lock.acquire(timeout=POLL)
        except Timeout:
            continue
    try:
        yield
    finally:
        lock.release()
