"""What became of each file of one batch, in SQLite: written as each is finished, read after a restart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from pipelines.batch.entry import Row, RowStatus
from pipelines.jobs.database import Database, ask_again

VERSION = 1
SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
    number INTEGER PRIMARY KEY, status TEXT NOT NULL, bytes INTEGER NOT NULL, data TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS files_by_status ON files (status, number);
"""
PAGE = 1000


class Ledger:
    """The rows of one batch by their place in the input. Safe to use from several threads.

    A damaged file is replaced by an empty one: the engine then fills it again from what it finds. Raises
    DiskFull and OutputsUnwritable.
    """

    def __init__(self, path: Path, *, repairs: bool = True) -> None:
        """`repairs`: see Database; False for one who only reads."""
        self._database = Database(path, SCHEMA, VERSION, repairs=repairs)
        if repairs:
            self._drop_unreadable()

    def put(self, row: Row, size: int = 0) -> None:
        """Write a row down; `size` is its result's, in bytes."""
        values = (row.number, row.status, size, json.dumps(asdict(row), ensure_ascii=False))
        ask_again(lambda: self._database.change("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", values))

    def get(self, number: int) -> tuple[Row, int] | None:
        """A row and its result's bytes."""
        sql = "SELECT data, bytes FROM files WHERE number = ?"
        found = ask_again(lambda: self._database.ask(sql, (number,)))
        row = read_quietly(found[0][0]) if found else None
        return (row, int(found[0][1])) if row else None

    def find(self, status: RowStatus | None = None, offset: int = 0, limit: int = 100) -> list[Row]:
        """Rows in the order of the input."""
        sql = "SELECT data FROM files WHERE ?1 IS NULL OR status = ?1 ORDER BY number LIMIT ?2 OFFSET ?3"
        found = ask_again(lambda: self._database.ask(sql, (status, limit, offset)))
        return [row for each in found if (row := read_quietly(each[0]))]

    def all(self, status: RowStatus | None = None) -> Iterator[Row]:
        """Every row in the order of the input, a page at a time."""
        after = -1
        sql = (
            "SELECT number, data FROM files WHERE number > ?1 AND (?2 IS NULL OR status = ?2) "
            "ORDER BY number LIMIT ?3"
        )
        while True:
            values = (after, status, PAGE)
            found = ask_again(lambda values=values: self._database.ask(sql, values))  # type: ignore[misc]
            yield from (row for each in found if (row := read_quietly(each[1])))
            if len(found) < PAGE:
                return
            after = found[-1][0]

    def count(self) -> dict[str, int]:
        """How many rows of each status."""
        sql = "SELECT status, count(*) FROM files GROUP BY status"
        counts = {"done": 0, "failed": 0, "skipped": 0}
        return counts | {each[0]: int(each[1]) for each in ask_again(lambda: self._database.ask(sql))}

    def count_reused(self) -> int:
        """How many done rows were taken over from elsewhere."""
        sql = "SELECT count(*) FROM files WHERE status = 'done' AND json_extract(data, '$.reused') <> ''"
        return int(ask_again(lambda: self._database.ask(sql))[0][0])

    def forget(self, status: RowStatus) -> int:
        """Drop the rows of a status, so that their files are done again; how many there were."""
        sql = "DELETE FROM files WHERE status = ?"
        return ask_again(lambda: self._database.change(sql, (status,)))

    def close(self) -> None:
        self._database.close()

    def _drop_unreadable(self) -> None:
        """Forget the rows that damage left without sense: their files are done again."""
        found = ask_again(lambda: self._database.ask("SELECT number, status, data FROM files"))
        bad = [(number,) for number, status, text in found if not _agrees(number, status, text)]
        if bad:
            ask_again(lambda: self._database.change("DELETE FROM files WHERE number = ?", *bad))


def read_row(text: str) -> Row:
    """A row from its JSON, leaving out what later versions add. Raises ValueError for anything else."""
    try:
        return make_row(json.loads(text))
    except (TypeError, AttributeError) as error:
        raise ValueError(f"not a row: {error!r}") from error


def read_quietly(text: str) -> Row | None:
    """A row from its JSON, None for anything else."""
    try:
        return read_row(text)
    except ValueError:
        return None


def _agrees(number: int, status: str, text: str) -> bool:
    row = read_quietly(text)
    return row is not None and (row.number, row.status) == (number, status)


def make_row(given: dict[str, Any]) -> Row:
    """A row from a dictionary of its fields and others."""
    known = {item.name: given[item.name] for item in fields(Row) if item.name in given}
    return Row(**known | {"notes": tuple(known.get("notes", ()))})
