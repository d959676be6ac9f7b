"""Everything a batch was given - zips, folders, loose pictures - as one stream of entries."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pipelines.batch.entry import Entry
from pipelines.batch.faults import NOT_A_PICTURE, NOTHING_INSIDE
from pipelines.batch.file_opening import open_file, refuse, unreadable
from pipelines.batch.folder_reading import read_folder
from pipelines.batch.kinds import (
    HEAD,
    has_picture_ending,
    has_zip_ending,
    name_archive,
    starts_like_picture,
    starts_like_zip,
)
from pipelines.batch.limits import Budget, Given, Limits, find_size_fault
from pipelines.batch.output_names import OutputNames, make_relative
from pipelines.batch.zip_reading import Place, read_zip
from pipelines.errors import BadInput
from pipelines.image.sniff import READABLE

__all__ = ["Given", "Limits", "read_entries"]


def read_entries(
    inputs: Sequence[Given],
    limits: Limits,
    suffix: str,
    *,
    scratch: Path | None = None,
    leave_out: Collection[Path] = (),
) -> Iterator[Entry]:
    """List what is in the inputs, in their order; the same inputs always give the same entries.

    `suffix` is the results' ending, such as ".png". `scratch` is a folder for zips inside zips (nameless
    files, gone by themselves; default: the system's). Folders in `leave_out` are not looked into.

    Raises TooLarge over `limits`, and BadInput when no picture of all the inputs can be read - at the end
    if need be, so list once to the end before work begins. An input that can't be used beside others that
    can is an entry with a fault.
    """
    budget, names, tally = Budget(limits), OutputNames(suffix), Tally()
    for given in inputs:
        before = tally.entries
        for entry in _read_given(given, budget, scratch, leave_out, alone=len(inputs) == 1):
            yield _finish(entry, budget, names, tally)
        if tally.entries == before and len(inputs) > 1:
            yield _finish(_as_row(given.name, NOTHING_INSIDE), budget, names, tally)
    if not tally.pictures:
        raise tally.explain(inputs)


def _finish(entry: Entry, budget: Budget, names: OutputNames, tally: Tally) -> Entry:
    budget.add_file()
    tally.add(entry)
    if entry.fault:
        return replace(entry, output="", open=partial(refuse, entry.fault))
    output, notes = names.claim(entry.output)
    return replace(entry, output=output, notes=(*entry.notes, *notes))


@dataclass
class Tally:
    """What came of the inputs so far."""

    entries: int = 0
    pictures: int = 0
    empty: int = 0
    first_fault: str = ""

    def add(self, entry: Entry) -> None:
        """Count an entry; the first fault of one that should have been a picture is kept."""
        self.entries += 1
        self.pictures += not entry.fault
        self.empty += entry.fault == NOTHING_INSIDE
        if entry.fault != NOT_A_PICTURE:
            self.first_fault = self.first_fault or entry.fault

    def explain(self, inputs: Sequence[Given]) -> BadInput:
        """Build the error for inputs without a single picture to do."""
        if not inputs:
            return BadInput("There is no file.", READABLE)
        name = inputs[0].name if len(inputs) == 1 else "the files"
        if self.entries == self.empty:
            return BadInput(f"There is nothing in {name}.", READABLE)
        if self.first_fault:
            return BadInput(f"No picture in {name} can be read.", self.first_fault)
        return BadInput(f"There are no pictures in {name}.", READABLE)


def _read_given(
    given: Given, budget: Budget, scratch: Path | None, leave_out: Collection[Path], *, alone: bool
) -> Iterator[Entry]:
    try:
        yield from _read(given, budget, scratch, leave_out)
    except BadInput as error:
        if alone:
            raise
        yield _as_row(given.name, str(error))


def _read(given: Given, budget: Budget, scratch: Path | None, leave_out: Collection[Path]) -> Iterator[Entry]:
    try:
        if given.path.is_dir():
            yield from read_folder(given.path, budget, scratch, leave_out)
        else:
            yield from _read_file(given, budget, scratch)
    except OSError as error:
        raise unreadable(error) from error


def _read_file(given: Given, budget: Budget, scratch: Path | None) -> Iterator[Entry]:
    path, notes = make_relative(given.name)
    opener = partial(open_file, given.path)
    with opener() as stream:
        size, head = os.fstat(stream.fileno()).st_size, stream.read(HEAD)
    entry = Entry(path, path, size, opener, notes=notes)
    if starts_like_picture(head) or (has_picture_ending(path) and not starts_like_zip(head)):
        yield replace(entry, fault=find_size_fault(size, budget.limits))
    elif starts_like_zip(head) or has_zip_ending(path) or name_archive(head):
        yield from read_zip(opener, Place(path), budget, scratch)
    else:
        yield replace(entry, fault=NOT_A_PICTURE)


def _as_row(name: str, fault: str) -> Entry:
    path, notes = make_relative(name)
    return Entry(path, "", 0, partial(refuse, fault), fault, notes)
