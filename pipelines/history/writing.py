"""Say in the user's words why the outputs folder could not be written."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.errors import DiskFull, OutputsUnwritable

FULL = (errno.ENOSPC, errno.EDQUOT)


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
            "Check its rights, or choose another folder with --outputs.",
        ) from error
