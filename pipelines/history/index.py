"""An SQLite index of the runs. It only repeats what the folders say, so it may be lost at any time."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.history.run import Run, read_json, write_json
from pipelines.jobs.database import FAULTS, is_damage, write_ahead

log = logging.getLogger(__name__)

VERSION = 1
BUSY_SECONDS = 2.0
MOST_WORDS, LONGEST_WORD = 20, 100
"""Of a search, what counts: SQLite bears a thousand words and 50,000 bytes of one, and fails at more."""
TABLE = """
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, task TEXT NOT NULL, made REAL NOT NULL,
    size INTEGER NOT NULL, words TEXT NOT NULL, data TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS runs_by_time ON runs (made);
"""


class IndexLost(Exception):
    """The index failed and was replaced by an empty one."""


class RunIndex:
    """One connection under a lock.

    A file that fails is replaced - by a new one when it is damaged, by an index in memory when it is locked,
    can't be written or failed before - and the method that met it raises IndexLost.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._failed = False
        self._connection = self._connect()

    def ids(self) -> set[str]:
        """Ids of all runs in the index. Raises IndexLost."""
        return {row[0] for row in self._ask("SELECT id FROM runs")}

    def add(self, runs: Iterable[Run]) -> None:
        """Put runs in, in the place of those with the same id. Raises IndexLost."""
        rows = [_row(run) for run in runs]
        if rows:
            self._change("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?)", rows)

    def remove(self, ids: Iterable[str]) -> None:
        """Take runs out; ids that are not there are passed over. Raises IndexLost."""
        rows = [(run_id,) for run_id in ids]
        if rows:
            self._change("DELETE FROM runs WHERE id = ?", rows)

    def find(self, task: str | None, search: str, limit: int, offset: int) -> list[Run]:
        """The newest first. Each word of `search` must occur, in upper or lower case."""
        where, values = _where(task, search)
        sql = f"SELECT data FROM runs{where} ORDER BY made DESC, length(id) DESC, id DESC LIMIT ? OFFSET ?"
        rows = self._ask(sql, (*values, limit, offset))
        try:
            return [read_json(row[0]) for row in rows]
        except ValueError as error:
            with self._lock:
                raise self._replace(error) from error

    def count(self, task: str | None, search: str) -> int:
        """How many runs `find` would give without a limit. Raises IndexLost."""
        where, values = _where(task, search)
        return int(self._ask(f"SELECT count(*) FROM runs{where}", values)[0][0])

    def size(self) -> int:
        """Bytes of all runs together."""
        return int(self._ask("SELECT coalesce(sum(size), 0) FROM runs")[0][0])

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def _ask(self, sql: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._connection.execute(sql, values).fetchall()
            except FAULTS as error:
                raise self._replace(error) from error

    def _change(self, sql: str, rows: Sequence[tuple[object, ...]]) -> None:
        with self._lock:
            try:
                with self._connection:
                    self._connection.executemany(sql, rows)
            except FAULTS as error:
                raise self._replace(error) from error

    def _replace(self, error: Exception) -> IndexLost:
        log.warning("The index of the runs failed and is made anew: %s", error)
        self._connection.close()
        if self._failed or not (is_damage(error) or isinstance(error, ValueError)):
            self._connection = _prepare(":memory:")
        else:
            self._forget_file()
            self._connection = self._connect()
        self._failed = True
        return IndexLost(str(error))

    def _connect(self) -> sqlite3.Connection:
        for _ in range(2):
            try:
                return _prepare(str(self._path))
            except FAULTS as error:
                if not is_damage(error):
                    log.warning("The index of the runs can't be kept in %s: %s", self._path, error)
                    break
                log.warning("The index of the runs is made anew: %s", error)
                self._forget_file()
        return _prepare(":memory:")

    def _forget_file(self) -> None:
        for ending in ("", "-wal", "-shm"):
            try:
                self._path.with_name(self._path.name + ending).unlink(missing_ok=True)
            except OSError as error:
                log.warning("%s", error)


def _prepare(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, check_same_thread=False)
    try:
        write_ahead(connection, BUSY_SECONDS)
        if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            connection.executescript(f"DROP TABLE IF EXISTS runs; {TABLE} PRAGMA user_version = {VERSION};")
        if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("integrity_check found damage")
    except FAULTS:
        connection.close()
        raise
    return connection


def _row(run: Run) -> tuple[object, ...]:
    made = datetime.fromisoformat(run.created).timestamp()
    return run.id, run.task, made, run.size, run.words, write_json(run)


def _where(task: str | None, search: str) -> tuple[str, tuple[object, ...]]:
    terms: list[tuple[str, str]] = [("task = ?", task)] if task else []
    for word in search.casefold().split()[:MOST_WORDS]:
        escaped = word[:LONGEST_WORD].replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        terms.append((r"words LIKE ? ESCAPE '\'", f"%{escaped}%"))
    if not terms:
        return "", ()
    return " WHERE " + " AND ".join(sql for sql, _ in terms), tuple(value for _, value in terms)
