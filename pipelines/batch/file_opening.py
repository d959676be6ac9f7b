"""Open files of this machine so that every failure has a sentence."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from pipelines.batch.faults import LINK, SPECIAL, UNREADABLE
from pipelines.errors import BadInput

QUIETLY = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""A pipe must not hold the batch up."""


def open_file(path: Path, root: Path | None = None) -> BinaryIO:
    """Open an ordinary file for reading; with `root`, only one that lies inside it when links are followed.

    Raises BadInput.
    """
    try:
        real = path.resolve(strict=True)
        if root is not None and not real.is_relative_to(root):
            raise BadInput(LINK)
        handle = os.open(real, os.O_RDONLY | QUIETLY | getattr(os, "O_NOFOLLOW", 0))
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, before Python 3.13
        raise unreadable(error) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise BadInput(SPECIAL)
    return os.fdopen(handle, "rb")


def refuse(fault: str) -> BinaryIO:
    """Stand in for opening a file that has a fault: raise it as BadInput."""
    raise BadInput(fault)


def unreadable(error: Exception) -> BadInput:
    """Build the error for a file that the system does not hand out."""
    reason = getattr(error, "strerror", None) or type(error).__name__
    return BadInput(UNREADABLE.format(reason=reason))
