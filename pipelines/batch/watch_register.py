"""Which number and output each file of a watched folder has had from the first time it was seen."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from pipelines.batch.bench import Bench
from pipelines.batch.entry import Entry, Row
from pipelines.batch.ledger import Ledger, make_row
from pipelines.batch.manifest import JSON_FILE
from pipelines.batch.output_names import OutputNames

log = logging.getLogger(__name__)


class Register:
    """The number and the output of each file that was ever seen, so that they stay when it comes again."""

    def __init__(self, bench: Bench, target: Path) -> None:
        self.bench = bench
        self._names = OutputNames(bench.recipe.suffix)
        self._known: dict[str, tuple[int, str]] = {}
        for row in read_manifest(target / JSON_FILE):
            self._known[row.source] = (row.number, row.output)
            bench.ledger.put(row, _size_of(target / row.output) if row.output else 0)
            if row.output:
                self._names.claim(row.output)
        self._next = max((number for number, _ in self._known.values()), default=-1) + 1

    def enter(self, entry: Entry) -> tuple[int, Entry]:
        """Give an entry its number and, if it is a picture, its output."""
        number, output = self._known.get(entry.path, (self._next, ""))
        self._next = max(self._next, number + 1)
        if entry.fault:
            entry = replace(entry, output="")
        elif output.endswith(self.bench.recipe.suffix):
            entry = replace(entry, output=output)
        else:
            output, notes = self._names.claim(entry.output)
            entry = replace(entry, output=output, notes=(*entry.notes, *notes))
        self._known[entry.path] = (number, output)
        return number, entry


class RoundLedger(Ledger):
    """The ledger for one round: an engine counts its files from 0, and here each has the number it had."""

    def __init__(self, whole: Ledger, numbers: Sequence[int]) -> None:
        self._whole = whole
        self._numbers = numbers

    def put(self, row: Row, size: int = 0) -> None:
        """Keep a row of this round under its number in the whole watch."""
        self._whole.put(replace(row, number=self._numbers[row.number]), size)

    def get(self, number: int) -> tuple[Row, int] | None:
        """The row that has this number in the round, with its result's bytes; None for none."""
        return self._whole.get(self._numbers[number])


def read_manifest(path: Path) -> list[Row]:
    """The rows of an earlier manifest.json; none when there is none or it can't be read."""
    try:
        return [make_row(each) for each in json.loads(path.read_bytes())["files"]]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("%s can't be read, a new one is begun: %r", path, error)
        return []


def _size_of(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return 0
