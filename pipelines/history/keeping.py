"""Keep what went into a run beside its results."""

from __future__ import annotations

import os
import shutil
from pathlib import Path, PurePath

from pipelines.history.draft import Draft
from pipelines.history.run import RunInput
from pipelines.image import Picture


def keep_input(draft: Draft, stem: str, picture: Picture) -> RunInput:
    """Write a picture, byte for byte as it came, into a run. Raises DiskFull, OutputsUnwritable."""
    name = f"{stem}.{picture.format.lower()}"
    draft.add(name, picture.data)
    return RunInput(picture.name or name, picture.sha256, picture.width, picture.height, name)


def plain_name(name: str) -> str:
    """A file's name without the path that some browsers and programs send with it."""
    return PurePath(name.replace("\\", "/")).name


def link_or_copy(source: Path, target: Path) -> None:
    """The same file under a second name, without a second copy where the file system can; whole or not at all.

    Raises OSError.
    """
    try:
        os.link(source, target)
    except OSError:
        growing = target.with_name(f".{target.name}.partial")
        try:
            shutil.copyfile(source, growing)
            os.replace(growing, target)
        finally:
            growing.unlink(missing_ok=True)
