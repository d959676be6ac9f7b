"""Where one batch is worked on: does one file at a time, wherever it stands, and writes down what became of it.

A result appears under its name only when it is whole: it is written into a scratch folder and renamed. It is
in the ledger only when it has appeared. Killed at any moment, the next try finds both and does what is left.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.batch.entry import Entry, Row
from pipelines.batch.faults import UNREADABLE, status_of
from pipelines.batch.known import Known
from pipelines.batch.ledger import Ledger
from pipelines.batch.one_picture import Made, Recipe, hash_of
from pipelines.batch.previews import Previews
from pipelines.errors import BadInput
from pipelines.history.writing import writing


@dataclass(frozen=True)
class Bench:
    """`results` is where the files go, `place` what `known` calls it; `scratch` is on the same disk.

    `nets` names the models' versions. With `sealed` the input can't have changed since an earlier try, so
    that what is finished isn't even read again.
    """

    recipe: Recipe
    nets: str
    results: Path
    scratch: Path
    ledger: Ledger
    known: Known
    place: str = ""
    previews: Previews | None = None
    sealed: bool = False

    def recall(self, number: int, entry: Entry) -> Row | None:
        """The row of a file that needs no work and no reading: a fault, or settled in an earlier try."""
        if entry.fault:
            return self.note_failure(number, entry, entry.fault)
        if not self.sealed:
            return None
        return self._finished(number, entry)

    def read(self, number: int, entry: Entry) -> tuple[bytes, Row | None]:
        """The file's bytes, and its row when it was settled earlier, here or by another batch.

        Raises InkframeError when it can't be read.
        """
        data = read_bytes(entry, self.recipe.max_bytes)
        sha256 = hashlib.sha256(data).hexdigest()
        row = self._finished(number, entry)
        if row is not None and row.sha256 == sha256:
            return data, row
        return data, self._take_over(number, entry, data, sha256)

    def keep(self, number: int, entry: Entry, data: bytes, made: Made) -> Row:
        """Write a finished picture to its place and into the ledger. Raises DiskFull, OutputsUnwritable."""
        self._write(entry.output, made.data)
        return self.note(number, entry, data, made)

    def note(self, number: int, entry: Entry, data: bytes, made: Made) -> Row:
        """Write a picture that is in its place into the ledger. Raises DiskFull, OutputsUnwritable."""
        row = Row(
            number,
            entry.path,
            "done",
            entry.output,
            hashlib.sha256(data).hexdigest(),
            made.width,
            made.height,
            seconds=round(made.seconds.get("total", 0.0), 3),
            model=made.model,
            version=made.version,
            device=made.device,
            notes=(*entry.notes, *made.notes),
        )
        self.ledger.put(row, len(made.data))
        self.known.add(self._made_of(row.sha256), self.place, replace(row, notes=made.notes), made.data)
        self._preview(row, data, made.data)
        return row

    def note_failure(self, number: int, entry: Entry, reason: str, data: bytes = b"") -> Row:
        """Write down why a file was not done."""
        sha256 = hashlib.sha256(data).hexdigest() if data else ""
        status = status_of(entry.fault)
        row = Row(number, entry.path, status, sha256=sha256, reason=reason, notes=entry.notes)
        self.ledger.put(row)
        return row

    def _finished(self, number: int, entry: Entry) -> Row | None:
        """The row of this very file, if it failed, or was done and its result is there and whole."""
        row, size = self.ledger.get(number) or (None, 0)
        if row is None or row.source != entry.path:
            return None
        if row.status == "failed":
            return row
        if row.output != entry.output:
            return None
        with suppress(OSError):
            if (self.results / row.output).stat().st_size == size:
                return row
        return None

    def _take_over(self, number: int, entry: Entry, data: bytes, sha256: str) -> Row | None:
        """Use what was made of the same bytes before: it is linked, or copied where links don't go."""
        found = self.known.find(self._made_of(sha256))
        if found is None:
            return None
        place, old, result = found
        own = place == self.place and old.output == entry.output
        if not own and not self.recipe.options.reuse:
            return None
        row = replace(
            old,
            number=number,
            source=entry.path,
            output=entry.output,
            seconds=old.seconds if own else 0.0,
            reused="" if own else f"{place}/{old.output}".lstrip("/"),
            notes=(*entry.notes, *old.notes),
        )
        if not own:
            self._link(self.known.path(place, old), entry.output, result)
        self.ledger.put(row, len(result))
        self._preview(row, data, result)
        return row

    def _made_of(self, sha256: str) -> str:
        return hash_of(sha256, self.recipe.text, self.nets)

    def _preview(self, row: Row, data: bytes, result: bytes) -> None:
        if self.previews is not None:
            self.previews.add(row.number, data, result, self.recipe.max_pixels)

    def _write(self, output: str, data: bytes) -> None:
        with arriving(self.scratch, self.results / output) as partial:
            partial.write_bytes(data)

    def _link(self, source: Path, output: str, data: bytes) -> None:
        with arriving(self.scratch, self.results / output) as partial:
            try:
                os.link(source, partial)
            except OSError:
                partial.write_bytes(data)


@contextmanager
def arriving(scratch: Path, path: Path) -> Iterator[Path]:
    """Lend a name to write to; what was written there is at `path` afterwards, whole, or nowhere.

    Raises DiskFull, OutputsUnwritable.
    """
    partial = scratch / uuid.uuid4().hex
    with writing(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield partial
            os.replace(partial, path)
        finally:
            partial.unlink(missing_ok=True)


def read_bytes(entry: Entry, most: int) -> bytes:
    """The file's content, or as much of it as shows that it is over `most`. Raises InkframeError."""
    try:
        with entry.open() as stream:
            return stream.read(most + 1)
    except OSError as error:
        raise BadInput(UNREADABLE.format(reason=error.strerror or error)) from error
