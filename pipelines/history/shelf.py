"""The history: every finished run in a folder of its own, indexed, never overwritten.

`outputs/outputs_20261121140233/` holds one run. It is written under a temporary name and renamed when whole.
The folders are the truth: the index is brought in line with them at every question.
"""

from __future__ import annotations

import logging
import os
import shutil
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from pipelines.errors import InkframeError, NotFound
from pipelines.history.draft import PLAIN_NAME, THUMBNAIL_FILE, Draft, check_name, measure_folder
from pipelines.history.index import IndexLost, RunIndex
from pipelines.history.leftovers import remove_stale
from pipelines.history.run import RUN_FILE, RUN_ID, Run, RunInput, read_run, write_json
from pipelines.history.writing import writing

__all__ = ["Draft", "History", "Run", "RunInput"]

log = logging.getLogger(__name__)

INDEX_FILE = ".history.sqlite3"
PARTIAL = ".partial-"

Answer = TypeVar("Answer")


def now() -> datetime:
    """The local time, with its offset."""
    return datetime.now().astimezone()


class History:
    """The runs under one outputs folder. Safe to use from several threads and processes.

    A folder that can't be read or written gives an empty history; only `draft`, `add_result` and
    `delete` then raise.
    """

    def __init__(self, outputs: Path, clock: Callable[[], datetime] = now) -> None:
        self.outputs = outputs
        self._clock = clock
        self._adding = threading.Lock()
        self._heirs: list[Callable[[str], None]] = []
        with suppress(OSError):
            outputs.mkdir(parents=True, exist_ok=True)
        self._remove_stale_drafts()
        self._index = RunIndex(outputs / INDEX_FILE)

    @contextmanager
    def draft(self, task: str, adopt: Path | None = None) -> Iterator[Draft]:
        """Reserve an id and a folder for a new run. Leaving without `save` removes everything.

        `adopt` is a folder on the same disk that becomes the run's own, in one step and with all that is in
        it, when it is saved; else it stays where it is. Raises OutputsUnwritable or DiskFull.
        """
        made = self._clock()
        run_id, folder = self._reserve(made)
        draft = Draft(run_id, task, made.isoformat(timespec="milliseconds"), adopt or folder, self._publish)
        try:
            yield draft
        finally:
            if not draft.saved or adopt is not None:
                shutil.rmtree(folder, ignore_errors=True)

    def runs(self, task: str | None = None, search: str = "", limit: int = 50, offset: int = 0) -> list[Run]:
        """Runs, the newest first. `search`: each of its first 20 words occurs in names, task, model or settings."""
        return self._ask(lambda index: index.find(task, search, limit, offset))

    def count(self, task: str | None = None, search: str = "") -> int:
        """How many runs `runs` would give without its limit."""
        return self._ask(lambda index: index.count(task, search))

    def get(self, run_id: str) -> Run:
        """One run, as its folder says it. Raises NotFound."""
        try:
            return read_run(self.folder(run_id))
        except (OSError, ValueError) as error:
            raise _no_run(run_id) from error

    def folder(self, run_id: str) -> Path:
        """The folder of a run. Raises NotFound, also for ids that are no ids and for links to elsewhere."""
        if RUN_ID.fullmatch(run_id):
            path = self.outputs / run_id
            if path.is_dir() and not path.is_symlink():
                return path
        raise _no_run(run_id)

    def file(self, run_id: str, name: str) -> Path:
        """A file of a run; `name` may lead through its sub-folders: "results/trip/1.png".

        Raises NotFound; never leaves the run's folder, not by a link either.
        """
        path, parts = self.folder(run_id), name.split("/")
        if all(PLAIN_NAME.fullmatch(part) for part in parts):
            for part in parts:
                path = path / part
                if os.path.islink(path):  # unlike Path's, these never raise
                    break
            else:
                if os.path.isfile(path):
                    return path
        raise NotFound("The run has no such file.", "Open the run again to see what it holds.")

    def add_result(self, run_id: str, name: str, data: bytes) -> Run:
        """Put a further result into a run, or replace one that was added before under that name.

        The run's own main result, inputs and thumbnail are refused with ValueError. Raises NotFound,
        DiskFull, OutputsUnwritable.
        """
        check_name(name)
        with self._adding:
            run, folder = self.get(run_id), self.folder(run_id)
            kept = {RUN_FILE, THUMBNAIL_FILE, *run.results[:1], *(given.file for given in run.inputs)}
            if name in kept:
                raise ValueError(f"{name} of {run_id} is not replaced")
            with writing(self.outputs):
                _write_whole(folder / name, data)
                results = run.results if name in run.results else (*run.results, name)
                run = replace(run, results=results, size=measure_folder(folder))
                _write_whole(folder / RUN_FILE, write_json(run).encode())
        with suppress(IndexLost):
            self._index.add([run])
        return run

    def update(self, run_id: str, **changes: Any) -> Run:
        """Write other values of fields of Run into its run.json, and its size as it is now.

        Raises NotFound, DiskFull, OutputsUnwritable.
        """
        with self._adding:
            folder = self.folder(run_id)
            run = replace(self.get(run_id), **changes, size=measure_folder(folder))
            with writing(self.outputs):
                _write_whole(folder / RUN_FILE, write_json(run).encode())
        with suppress(IndexLost):
            self._index.add([run])
        return run

    def delete(self, run_id: str) -> None:
        """Remove a run and its files. Raises NotFound, OutputsUnwritable."""
        folder = self.folder(run_id)
        doomed = self.outputs / f"{PARTIAL}{uuid.uuid4().hex}"
        with writing(self.outputs):
            folder.rename(doomed)  # so that a run is never seen half-deleted
            shutil.rmtree(doomed)
        with suppress(IndexLost):
            self._index.remove([run_id])
        for forget in self._heirs:
            with suppress(InkframeError):  # the run is gone; what is remembered of it does no harm
                forget(run_id)

    def when_deleted(self, forget: Callable[[str], None]) -> None:
        """Have `forget` called with the id of every run that is deleted here, once it is gone."""
        self._heirs.append(forget)

    def disk_used(self) -> int:
        """Bytes of all runs."""
        return self._ask(RunIndex.size)

    def close(self) -> None:
        """Close the index."""
        self._index.close()

    def _ask(self, question: Callable[[RunIndex], Answer]) -> Answer:
        for _ in range(2):
            with suppress(IndexLost):
                self._match_folders()
                return question(self._index)
        self._match_folders()
        return question(self._index)

    def _match_folders(self) -> None:
        there, known = self._list_folders(), self._index.ids()
        self._index.remove(known - there)
        self._index.add(run for run in map(self._read_quietly, there - known) if run)

    def _list_folders(self) -> set[str]:
        try:
            with os.scandir(self.outputs) as entries:
                return {entry.name for entry in entries if RUN_ID.fullmatch(entry.name)}
        except OSError:
            return set()

    def _read_quietly(self, run_id: str) -> Run | None:
        try:
            return self.get(run_id)
        except NotFound as error:
            log.debug("%s holds no run: %r", run_id, error.__cause__)
            return None

    def _reserve(self, made: datetime) -> tuple[str, Path]:
        """Making the partial folder is the reservation: it succeeds for one process only. A run that was
        finished under that name in between is seen after it."""
        stem, number = made.strftime("outputs_%Y%m%d%H%M%S"), 1
        with writing(self.outputs):
            self.outputs.mkdir(parents=True, exist_ok=True)
            while True:
                run_id = stem if number == 1 else f"{stem}-{number}"
                folder = self.outputs / f"{PARTIAL}{run_id}"
                with suppress(FileExistsError):
                    folder.mkdir()
                    if not (self.outputs / run_id).exists():
                        return run_id, folder
                    folder.rmdir()
                number += 1

    def _publish(self, run: Run, folder: Path) -> None:
        with writing(self.outputs):
            folder.rename(self.outputs / run.id)
        with suppress(IndexLost):
            self._index.add([run])

    def _remove_stale_drafts(self) -> None:
        with suppress(OSError):
            remove_stale(self.outputs.glob(f"{PARTIAL}*"), self._clock().timestamp())


def _write_whole(path: Path, data: bytes) -> None:
    partial = path.with_name(f"{PARTIAL}{path.name}")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _no_run(run_id: str) -> NotFound:
    return NotFound("There is no such run.", "It may have been deleted; look into the history.")
