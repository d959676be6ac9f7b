"""Say in the user's words why the outputs folder could not be written."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.errors import DiskFull, OutputsUnwritable

FULL = (errno.ENOSPC, errno.EDQUOT)
SPARE = 32_000_000
"""Bytes that an upload leaves free on the disk."""


def need_room(folder: Path, needed: int) -> None:
    """Raise DiskFull before an upload of so many bytes comes that can't be kept."""
    free = shutil.disk_usage(folder).free
    if needed and needed + SPARE > free:
        raise DiskFull(
            f"The upload has {needed / 1e6:.0f} MB, and {free / 1e6:.0f} MB are free on the outputs' disk.",
            "Free some space or clean up the history.",
        )


@contextmanager
def writing(outputs: Path) -> Iterator[None]:
    """Turn any OSError inside into DiskFull or OutputsUnwritable."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull(
                "The disk with the outputs folder is full.", "Free some space or clean up the history."
            ) from error
        raise OutputsUnwritable(
            f"The outputs folder {outputs} can't be written ({error.strerror or error}).",
            "Check its rights, or choose another folder with --outputs or INKFRAME_OUTPUTS.",
        ) from error
