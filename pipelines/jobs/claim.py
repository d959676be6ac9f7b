"""A job belongs to one process at a time, for as long as that lives."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

CLAIM_FILE = ".claim"


class Claim(Protocol):
    """What is held."""

    def release(self) -> None: ...


def claim_folder(folder: Path) -> Claim | None:
    """Take the folder for this process and this caller, or None when another has it or it is gone.

    The system lets go of it when the process ends, however that comes.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder / CLAIM_FILE, is_singleton=False, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except (Timeout, OSError):
        return None
    return lock
