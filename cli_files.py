"""Results as files, where a command's OUT says."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, BinaryIO

import typer

from pipelines.errors import DiskFull, InvalidOption, OutputsUnwritable

if TYPE_CHECKING:
    from pipelines.history import Run
    from pipelines.studio import Studio

ENDINGS = {".png": "png", ".webp": "webp", ".jpg": "jpeg", ".jpeg": "jpeg"}
INTERRUPTED = 130
"""What a command that Ctrl-C ended exits with."""
LONGEST_NAME = 200
"""Bytes; file systems take 255, and a hidden name is longer than the one it stands for."""


def copy_result(studio: Studio, run: Run, target: Path) -> None:
    """Write a run's main result to OUT and print its notes. Raises DiskFull, OutputsUnwritable, which name what is
    kept all the same."""
    kept = studio.history.file(run.id, run.results[0])
    try:
        with kept.open("rb") as made, write_whole(target) as out:
            shutil.copyfileobj(made, out, 1 << 20)
    except (DiskFull, OutputsUnwritable) as error:
        raise type(error)(error.message, f"What was made is kept: {kept}.") from error
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


def check_format(asked: str, ending: str, target: Path) -> None:
    """Raise InvalidOption when --format asks for another format than OUT's ending, `ending`, says."""
    if asked != ending:
        raise InvalidOption(
            f"--format {asked} is not what {target.name} ends in.", "Leave out --format, or name another OUT."
        )


def check_spared(given: Iterable[Path], target: Path) -> None:
    """Raise InvalidOption when the result would replace a file that it is made of."""
    if any(is_same(each, target) for each in given):
        raise InvalidOption(f"{target} goes in: the result would replace it.", "Name another file as OUT.")


def check_place(target: Path) -> None:
    """Try whether OUT can be written, before hours of work are done for it.

    Raises InvalidOption for a folder that is not there, and for OUT being one, DiskFull, OutputsUnwritable.
    """
    with explained(target):
        if target.is_dir():
            raise InvalidOption(f"{target} is a folder.", "Name a file in it as OUT.")
        if not target.parent.is_dir():
            raise InvalidOption(
                f"There is no folder {target.parent}.", "Make it, or name another place as OUT."
            )
        with TemporaryFile(dir=target.parent):
            pass


def check_out(target: Path, given: Iterable[Path], format: str, ending: str) -> None:
    """Everything that can be wrong with OUT before the work begins. Raises what the three checks raise."""
    check_format(format, ending, target)
    check_spared(given, target)
    check_place(target)


def is_same(one: Path, other: Path) -> bool:
    """Whether both are there and are one file or folder, under whatever names."""
    try:
        return one.samefile(other)
    except OSError:
        return False


def name_of(path: Path) -> str:
    """A file's name as text for notes and the history, whatever its bytes are."""
    from pipelines.history.run import make_writable

    return make_writable(path.name)


def hide_beside(target: Path, ending: str) -> Path:
    """The hidden place beside OUT for what is not whole yet: each time the same, and never too long a name."""
    name = os.fsencode(target.name)
    kept = target.name if len(name) <= LONGEST_NAME else hashlib.sha256(name).hexdigest()
    return target.with_name(f".{kept}{ending}")


@contextmanager
def write_whole(target: Path) -> Iterator[BinaryIO]:
    """Lend a stream under a temporary name, renamed at the end. Raises DiskFull, OutputsUnwritable."""
    partial = hide_beside(target, ".partial")
    try:
        with explained(target):
            with partial.open("wb") as out:
                yield out
            partial.replace(target)
    finally:
        with suppress(OSError):  # it must not hide why nothing could be written
            partial.unlink(missing_ok=True)


@contextmanager
def explained(target: Path) -> Iterator[None]:
    """Turn any OSError inside into DiskFull or OutputsUnwritable."""
    from pipelines.history.writing import FULL

    try:
        yield
    except OSError as error:
        kind = DiskFull if error.errno in FULL else OutputsUnwritable
        raise kind(f"{target} can't be written: {error.strerror}.", "Choose another place.") from error
