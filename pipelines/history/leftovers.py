"""What processes that were killed left half-written: removed by a later start, once nobody can be at it any more."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

DAY = 86400.0


def remove_stale(paths: Iterable[Path], now: float) -> None:
    """Remove folders into which nothing was written for a day, and files; another process may be filling younger ones.

    `now` in seconds since 1970. Times more than a day ahead of it are those of a clock that was set back since.
    """
    for each in paths:
        with suppress(OSError):
            newest = max(path.stat().st_mtime for path in (each, *each.rglob("*")))
            if abs(now - newest) <= DAY:
                continue
            if each.is_dir():
                shutil.rmtree(each, ignore_errors=True)
            else:
                each.unlink()
