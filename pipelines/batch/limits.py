"""What a batch may hold, and the count of what it holds so far."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipelines.batch.faults import TOO_BIG
from pipelines.batch.zip_layout import LONGEST_NAME
from pipelines.errors import TooLarge

RECORDS_PER_FILE = 10
"""Folders, hidden files and the like that a zip may list beside each file that counts."""


@dataclass(frozen=True)
class Given:
    """One thing that a person handed in: a zip, a picture or a folder, and the name that it is shown by."""

    path: Path
    name: str


@dataclass(frozen=True)
class Limits:
    """`max_files` of a whole batch; `max_unpacked` bytes that its zips unpack to; `max_ratio` of unpacked to
    packed bytes of one file; `max_file` bytes of one picture.
    """

    max_files: int = 20_000
    max_unpacked: int = 40_000_000_000
    max_ratio: int = 200
    max_file: int = 100_000_000


def find_size_fault(size: int, limits: Limits) -> str:
    """Why a picture of so many bytes is not opened, "" when it is."""
    if size <= limits.max_file:
        return ""
    return TOO_BIG.format(size=size / 1e6, limit=limits.max_file / 1e6)


class Budget:
    """Counts one batch against its limits; each method raises TooLarge when one is passed."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._files = 0
        self._records = 0
        self._unpacked = 0
        self._scanned = 0
        self._names = 0

    def add_file(self) -> None:
        """Count a file that becomes a row."""
        self._files += 1
        if self._files > self.limits.max_files:
            raise self._too_many()

    def add_record(self) -> None:
        """Count what may be an entry of a zip, whatever it is: a list of nothing must end too."""
        self._records += 1
        if self._records > RECORDS_PER_FILE * (self.limits.max_files + 100):
            raise self._too_many()

    def add_name(self, size: int) -> None:
        """Count the bytes of a name in a zip's list, those of its extra fields included."""
        self._names += size
        if self._names > LONGEST_NAME * (self.limits.max_files + 100):
            raise TooLarge("The names in the zip are too long.", "Shorten them, or split the zip.")

    def add_unpacked(self, size: int) -> None:
        """Count bytes that come out of a zip, before they do."""
        self._unpacked += size
        if self._unpacked > self.limits.max_unpacked:
            raise self._too_much()

    def add_scanned(self, size: int) -> None:
        """Count bytes that are read and unpacked only to see how many they are."""
        self._scanned += size
        if self._scanned > self.limits.max_unpacked:
            raise self._too_much()

    def _too_much(self) -> TooLarge:
        return TooLarge(
            f"The zip unpacks to more than {self.limits.max_unpacked / 1e6:g} MB.",
            "Split it into smaller ones, or raise INKFRAME_MAX_BATCH_UNPACKED_MB.",
        )

    def _too_many(self) -> TooLarge:
        return TooLarge(
            f"There are more than {self.limits.max_files} files.",
            "Split them into several batches, or raise INKFRAME_MAX_BATCH_FILES.",
        )
