"""List the pictures below a folder of this machine as entries."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from pipelines.batch import faults
from pipelines.batch.entry import Entry
from pipelines.batch.file_opening import open_file, unreadable
from pipelines.batch.kinds import HEAD, has_picture_ending, has_zip_ending, is_left_out, starts_like_picture
from pipelines.batch.limits import Budget, find_size_fault
from pipelines.batch.output_names import make_relative
from pipelines.batch.zip_names import decode_bytes
from pipelines.batch.zip_reading import Place, read_zip
from pipelines.errors import BadInput


def read_folder(
    folder: Path, budget: Budget, scratch: Path | None, leave_out: Collection[Path]
) -> Iterator[Entry]:
    """List the files below a folder, sorted by name, zips opened like folders.

    Hidden files and the folders in `leave_out` are left out. A link to a file inside the folder is read,
    any other link is an entry with a fault. Raises BadInput when the folder can't be listed, TooLarge.
    """
    root = folder.resolve()
    closed = {each.resolve() for each in leave_out}
    waiting = _list(root)
    while waiting:
        path = waiting.pop()
        if is_left_out(path.name):
            continue
        if not path.is_dir() or path.is_symlink():
            yield from read_file_in(path, root, budget, scratch)
        elif path not in closed:
            try:
                waiting.extend(_list(path))
            except BadInput as error:
                yield replace(_describe(path, root), fault=str(error))


def _list(folder: Path) -> list[Path]:
    """What is in a folder, the last name first."""
    try:
        return sorted(folder.iterdir(), key=lambda path: os.fsencode(path.name), reverse=True)
    except OSError as error:
        raise unreadable(error) from error


def read_file_in(path: Path, root: Path, budget: Budget, scratch: Path | None) -> Iterator[Entry]:
    """The entry of one file below `root`, or those of what is in it when it is a zip. Raises TooLarge."""
    entry = _describe(path, root)
    try:
        if not has_zip_ending(entry.path):
            yield _look_at(entry, path, root, budget)
            return
        place = Place(entry.path, f"{entry.path}/", f"{entry.output[: -len('.zip')]}/")
        empty = True
        for found in read_zip(entry.open, place, budget, scratch):
            yield replace(found, notes=(*entry.notes, *found.notes))
            empty = False
    except BadInput as error:
        yield replace(entry, fault=str(error))
        return
    if empty:
        yield replace(entry, fault=faults.NOTHING_INSIDE)


def _look_at(entry: Entry, path: Path, root: Path, budget: Budget) -> Entry:
    """Say whether the file is a picture, and how large. Raises BadInput."""
    with open_file(path, root) as stream:
        size = os.fstat(stream.fileno()).st_size
        head = stream.read(HEAD)
    if not has_picture_ending(entry.path) and not starts_like_picture(head):
        return replace(entry, size=size, fault=faults.NOT_A_PICTURE)
    return replace(entry, size=size, fault=find_size_fault(size, budget.limits))


def _describe(path: Path, root: Path) -> Entry:
    name, odd = decode_bytes(os.fsencode(path.relative_to(root)))
    shown, notes = make_relative(name)
    return Entry(shown, shown, 0, partial(open_file, path, root), notes=(*odd, *notes))
