"""What processes that were killed left half-written: removed by a later start, once nobody can be at it any more."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

DAY = 86400.0


def remove_stale(folders: Iterable[Path], now: float) -> None:
    """Remove folders into which nothing was written for a day; another process may be filling a younger one.

    `now` in seconds since 1970. Times more than a day ahead of it are those of a clock that was set back since.
    """
    for folder in folders:
        with suppress(OSError):
            newest = max(path.stat().st_mtime for path in (folder, *folder.rglob("*")))
            if abs(now - newest) > DAY:
                shutil.rmtree(folder, ignore_errors=True)
