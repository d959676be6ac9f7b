"""Results as files, where a command's OUT says."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import typer

from pipelines.errors import InvalidOption

if TYPE_CHECKING:
    from pipelines.history import Run
    from pipelines.studio import Studio

ENDINGS = {".png": "png", ".webp": "webp", ".jpg": "jpeg", ".jpeg": "jpeg"}


def copy_result(studio: Studio, run: Run, target: Path) -> None:
    """Write a run's main result to OUT and print its notes. Raises DiskFull, OutputsUnwritable."""
    with studio.history.file(run.id, run.results[0]).open("rb") as made, write_whole(target) as out:
        shutil.copyfileobj(made, out, 1 << 20)
    for note in run.notes:
        typer.echo(note, err=True)


def tell_run(run: Run, target: Path) -> str:
    """`out.png  1.2 s  U²-Net small on cpu`"""
    return f"{target}  {run.timings['total']:.1f} s  {run.model['title']} on {run.device}"


def format_of(target: Path) -> str:
    """The format that a file's ending asks for. Raises InvalidOption."""
    if target.suffix.lower() not in ENDINGS:
        raise InvalidOption(f"{target.name} has no ending that says its format.", "Use .png, .webp or .jpg.")
    return ENDINGS[target.suffix.lower()]


@contextmanager
def write_whole(target: Path) -> Iterator[BinaryIO]:
    """Lend a stream under a temporary name, renamed at the end. Raises DiskFull, OutputsUnwritable."""
    from pipelines.errors import DiskFull, OutputsUnwritable
    from pipelines.history.writing import FULL

    partial = target.with_name(f".{target.name}.partial")
    try:
        with partial.open("wb") as out:
            yield out
        partial.replace(target)
    except OSError as error:
        kind = DiskFull if error.errno in FULL else OutputsUnwritable
        raise kind(f"{target} can't be written: {error.strerror}.", "Choose another place.") from error
    finally:
        partial.unlink(missing_ok=True)
