"""Decide how the files of a zip are found: by its central directory if that is whole, else by looking."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pipelines.batch.kinds import HEAD, name_archive
from pipelines.batch.limits import Budget
from pipelines.batch.zip_layout import LOCAL, Directory, Member, find_directory, read_directory
from pipelines.batch.zip_names import Encoding, guess_encoding
from pipelines.batch.zip_rescue import rescue_members
from pipelines.errors import BadInput

PACK_ANEW = "Pack the pictures as an ordinary zip."


@dataclass(frozen=True)
class Listing:
    """The files of a zip, to be gone through once, and how their names are written.

    `lost`: the central directory is gone or broken, so there may have been more files than these.
    """

    members: Iterator[Member]
    encoding: Encoding
    lost: bool = False


def list_members(stream: BinaryIO, name: str, budget: Budget) -> Listing:
    """List a zip. Raises BadInput when it is no zip or a part of one, TooLarge when it lists too much."""
    directory = find_directory(stream)
    if directory is None:
        return _rescue(stream, name, budget, lost=True)
    if directory.split:
        raise BadInput(f"{name} is one part of a split zip.", PACK_ANEW)
    survey = Survey(stream, directory, budget)
    encoding = guess_encoding(survey)
    if not survey.complete or survey.misplaced:
        return _rescue(stream, name, budget, lost=not survey.complete)
    return Listing(read_directory(stream, directory), encoding)


class Survey:
    """One walk through a central directory to see whether it can be relied on."""

    def __init__(self, stream: BinaryIO, directory: Directory, budget: Budget) -> None:
        self._stream = stream
        self._directory = directory
        self._budget = budget
        self.complete = False
        self.misplaced = False
        """Whether a file is not where the directory says."""

    def __iter__(self) -> Iterator[Member]:
        seen = 0
        for member in _counted(read_directory(self._stream, self._directory), self._budget):
            self._budget.add_record()
            seen += 1
            self.misplaced = self.misplaced or not self._is_header(member.offset)
            yield member
        # the end record without Zip64 has 16 bits for the count, and some programs write on regardless
        self.complete = self._directory.count in (seen, seen & 0xFFFF)
        if not seen:
            self.misplaced = self._is_header(0)

    def _is_header(self, at: int) -> bool:
        if not 0 <= at < self._directory.start:
            return False
        self._stream.seek(at)
        return self._stream.read(len(LOCAL)) == LOCAL


def _counted(members: Iterator[Member], budget: Budget) -> Iterator[Member]:
    for member in members:
        budget.add_name(len(member.name) + len(member.extra))
        yield member


def _rescue(stream: BinaryIO, name: str, budget: Budget, *, lost: bool) -> Listing:
    members = list(_counted(rescue_members(stream, budget), budget))
    if members:
        return Listing(iter(members), guess_encoding(members), lost)
    stream.seek(0)
    kind = name_archive(stream.read(HEAD))
    if kind:
        raise BadInput(f"{name} is {kind}, not a zip.", PACK_ANEW)
    raise BadInput(f"{name} is not a zip, or too damaged to find a file in it.", PACK_ANEW)
