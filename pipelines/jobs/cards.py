"""The list of all jobs, in SQLite; each job's own folder holds the same in job.json.

The list may be lost at any time: it is then made anew from the folders.
"""

from __future__ import annotations

import builtins
import json
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, TypeVar, get_args

from pipelines.history.writing import writing
from pipelines.jobs.database import Database, DatabaseLost
from pipelines.jobs.job import ENDED, Job, Status

log = logging.getLogger(__name__)

CARD_FILE = "job.json"
DATABASE_FILE = "jobs.sqlite3"
VERSION = 1
SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    status TEXT NOT NULL, data TEXT NOT NULL);
"""
HAS_ENDED = f"(status IN ({', '.join(repr(status) for status in sorted(ENDED))}))"
Answer = TypeVar("Answer")


class Cards:
    """One card a job, in the order in which the jobs came."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._database = Database(folder / DATABASE_FILE, SCHEMA, VERSION, needed=False)
        self._match_folders()

    def add(self, job: Job) -> None:
        """Put a job on the list, or change what it says. Raises DiskFull, OutputsUnwritable."""
        row = (job.id, job.kind, job.status, _write(job))
        sql = (
            "INSERT INTO jobs (id, kind, status, data) VALUES (?, ?, ?, ?) ON CONFLICT (id) "
            "DO UPDATE SET status = excluded.status, data = excluded.data"
        )
        self._ask(lambda: self._database.change(sql, row))

    def remove(self, job_id: str) -> None:
        """Take a job off the list. Raises DatabaseLost."""
        self._ask(lambda: self._database.change("DELETE FROM jobs WHERE id = ?", (job_id,)))

    def find(self, job_id: str) -> Job | None:
        """The job of this id as it was last noted, None where there is none. Raises DatabaseLost."""
        found = self._find("SELECT id, data FROM jobs WHERE id = ?", job_id)
        return found[0] if found else None

    def list(self, kind: str | None, limit: int, offset: int = 0) -> list[Job]:
        """The newest first."""
        sql = (
            "SELECT id, data FROM jobs WHERE ?1 IS NULL OR kind = ?1 ORDER BY number DESC LIMIT ?2 OFFSET ?3"
        )
        return self._find(sql, kind, limit, offset)

    def list_open(self, kinds: Sequence[str], most: int) -> builtins.list[Job]:
        """Those that have not ended, and newest ended ones until there are `most`; the newest first."""
        which = f"kind IN ({', '.join('?' * len(kinds))})"
        sql = (
            f"SELECT id, data FROM (SELECT * FROM jobs WHERE {which} ORDER BY {HAS_ENDED}, number DESC LIMIT "
            f"max(?, (SELECT count(*) FROM jobs WHERE {which} AND NOT {HAS_ENDED}))) ORDER BY number DESC"
        )
        return self._find(sql, *kinds, most, *kinds)

    def count(self) -> builtins.list[tuple[str, str, int, int, int]]:
        """How many jobs there are of each kind and status, with their pieces done and failed."""
        sql = (
            "SELECT kind, status, count(*), total(json_extract(data, '$.done')), "
            "total(json_extract(data, '$.failed')) FROM jobs GROUP BY kind, status ORDER BY kind, status"
        )
        return self._ask(lambda: [(row[0], row[1], *map(int, row[2:])) for row in self._database.ask(sql)])

    def waiting(self) -> Sequence[Job]:
        """Jobs that are queued or running, the oldest first."""
        return self._find("SELECT id, data FROM jobs WHERE status IN ('queued', 'running') ORDER BY number")

    def close(self) -> None:
        self._database.close()

    def _find(self, sql: str, *values: object) -> builtins.list[Job]:
        return self._ask(lambda: [self._read(*row) for row in self._database.ask(sql, values)])

    def _read(self, job_id: str, text: str) -> Job:
        try:
            job = read_card(text)
            if job.id != job_id:
                raise ValueError(f"{job_id} is called {job.id} inside")
            return job
        except ValueError as error:
            self._database.give_up(error)

    def _ask(self, question: Callable[[], Answer]) -> Answer:
        with suppress(DatabaseLost):
            return question()
        self._match_folders()
        return question()

    def _match_folders(self) -> None:
        """Add the jobs that only their folders tell of, and forget those whose folder is gone."""
        there = {path.parent.name: path for path in self._folder.glob(f"[!.]*/{CARD_FILE}")}
        known: set[str] = set()
        with suppress(DatabaseLost):  # an empty one took its place
            known = {row[0] for row in self._database.ask("SELECT id FROM jobs")}
        found = [job for name in there.keys() - known if (job := _read_quietly(there[name]))]
        for job in sorted(found, key=lambda job: (job.created, job.id)):
            self.add(job)
        for job_id in known - there.keys():
            self.remove(job_id)


def write_card(folder: Path, job: Job) -> None:
    """Write job.json into the job's folder. Raises DiskFull, OutputsUnwritable."""
    path = folder / CARD_FILE
    partial = path.with_name(f".{CARD_FILE}")
    with writing(folder.parent):
        partial.write_text(_write(job), "utf-8")
        partial.replace(path)


def _read_quietly(path: Path) -> Job | None:
    try:
        job = read_card(path.read_bytes())
        return job if job.id == path.parent.name else None
    except (OSError, ValueError) as error:
        log.warning("%s tells of no job: %r", path, error)
        return None


def read_card(text: str | bytes) -> Job:
    """Read a job, leaving out what later versions add. Raises ValueError for anything else."""
    try:
        given: dict[str, Any] = json.loads(text)
        job = Job(**{item.name: given[item.name] for item in fields(Job) if item.name in given})
    except (TypeError, AttributeError) as error:
        raise ValueError(f"not a job: {error!r}") from error
    if job.status not in get_args(Status) or not isinstance(job.settings, dict):
        raise ValueError("not a job")
    return job


def _write(job: Job) -> str:
    return json.dumps(asdict(job), ensure_ascii=False)
