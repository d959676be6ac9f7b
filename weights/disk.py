"""Folders of model files: how big, how much room beside them, and removing them in one step."""

from __future__ import annotations

import errno
import os
import shutil
import uuid
from contextlib import suppress
from pathlib import Path

from weights.errors import DiskFull, InkframeError

NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
SPARE = 32_000_000
"""Bytes that must be free beside what a download still needs when it begins. Nobody holds them: two downloads at
once may leave less."""
TRASH = ".trash-"
"""How the name of a folder begins that is being removed."""


def size_of(folder: Path) -> int:
    """Bytes of all files under `folder`, one of two names once; 0 where there is none. Files may come and go
    meanwhile."""
    total, seen = 0, set()
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                stat = os.lstat(os.path.join(parent, name))
                if stat.st_nlink > 1 and (stat.st_dev, stat.st_ino) in seen:
                    continue
                seen.add((stat.st_dev, stat.st_ino))
                total += stat.st_size
    return total


def check_room(folder: Path, needed: int, what: str) -> None:
    """Raise DiskFull unless `needed` bytes more fit beside `folder` with a little to spare."""
    place = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(place).free
    if needed > 0 and needed + SPARE > free:
        raise DiskFull(
            f"{what} needs {megabytes(needed + SPARE)} of disk and {megabytes(free)} are free in {place}.",
            "Free some space, delete models that you don't use, or set INKFRAME_WEIGHTS to another disk.",
        )


def remove_folder(folder: Path) -> int:
    """Remove a folder and return the bytes freed; what is left of it is never seen under its name."""
    return clear(set_aside(folder))


def set_aside(folder: Path) -> Path | None:
    """Take a folder's name from it, which is quick however much is in it; the trash to `clear`, None for no folder."""
    if not os.path.lexists(folder):
        return None
    return folder.replace(folder.with_name(f"{TRASH}{uuid.uuid4().hex}"))


def clear(trash: Path | None) -> int:
    """Remove what was set aside and return the bytes freed; many files take seconds."""
    if trash is None:
        return 0
    if trash.is_symlink():  # what it leads to is not ours
        trash.unlink()
        return 0
    freed = size_of(trash)
    shutil.rmtree(trash, ignore_errors=True)
    return freed


def empty_trash(place: Path) -> None:
    """Remove what a process that was killed was removing from the folder `place`."""
    for each in place.glob(f"{TRASH}*"):
        clear(each)


def flush_to_disk(path: Path) -> None:
    """Make what was written to a file, or to a folder's list of names, survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def explain(error: OSError, folder: Path) -> InkframeError:
    """What an error of the disk means to the user."""
    if error.errno in NO_SPACE:
        return DiskFull(
            f"The disk of {folder} is full.", "Free some space and start again; it goes on where it stopped."
        )
    return InkframeError(
        f"The models folder {folder} can't be written: {error.strerror or error}.",
        "Give write access to it, or set INKFRAME_WEIGHTS to another folder.",
    )


def megabytes(size: float) -> str:
    """A size for people, in decimal units."""
    return f"{size / 1e9:.2f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"
