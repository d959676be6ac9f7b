"""Finished files by what they were made of, so that no picture is done twice with the same settings."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from pipelines.batch.entry import Row
from pipelines.batch.ledger import read_row
from pipelines.jobs.database import Database, ask_again

VERSION = 1
SCHEMA = """
CREATE TABLE IF NOT EXISTS results (
    made_of TEXT PRIMARY KEY, place TEXT NOT NULL, sha256 TEXT NOT NULL, data TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS results_by_place ON results (place);
"""


class Known:
    """Where each finished file is: a folder ("place") under `root` and its path there.

    Safe to use from several threads and processes. What is lost of it is only done again. Raises DiskFull
    and OutputsUnwritable.
    """

    def __init__(self, path: Path, root: Path) -> None:
        with suppress(OSError):  # without a place for it the database stays in memory
            path.parent.mkdir(parents=True, exist_ok=True)
        self._database = Database(path, SCHEMA, VERSION, needed=False)
        self._root = root

    def add(self, made_of: str, place: str, row: Row, data: bytes) -> None:
        """Note a finished file with its content's hash."""
        values = (made_of, place, _hash(data), json.dumps(asdict(row), ensure_ascii=False))
        sql = "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?)"
        ask_again(lambda: self._database.change(sql, values))

    def find(self, made_of: str) -> tuple[str, Row, bytes] | None:
        """The place, the row and the content of a file that is still as it was made; None without one."""
        sql = "SELECT place, sha256, data FROM results WHERE made_of = ?"
        for place, sha256, text in ask_again(lambda: self._database.ask(sql, (made_of,))):
            with suppress(OSError, ValueError):  # gone, or damaged in the database
                row = read_row(text)
                data = self.path(place, row).read_bytes()
                if _hash(data) == sha256:
                    return place, row, data
            ask_again(lambda: self._database.change("DELETE FROM results WHERE made_of = ?", (made_of,)))
        return None

    def path(self, place: str, row: Row) -> Path:
        """Where a row's file would be."""
        return self._root / place / row.output

    def move(self, place: str, to: str) -> None:
        """The files of one place are in another now."""
        sql = "UPDATE results SET place = ? WHERE place = ?"
        ask_again(lambda: self._database.change(sql, (to, place)))

    def forget(self, folder: str) -> None:
        """A folder under `root` is gone, and all places in it."""
        sql = "DELETE FROM results WHERE place = ? OR (place > ? AND place < ?)"
        after = chr(ord("/") + 1)
        ask_again(lambda: self._database.change(sql, (folder, f"{folder}/", f"{folder}{after}")))

    def forget_lost(self) -> None:
        """Forget the places that were removed by other hands."""
        for (place,) in ask_again(lambda: self._database.ask("SELECT DISTINCT place FROM results")):
            if not (self._root / place).is_dir():
                self.forget(place)

    def close(self) -> None:
        self._database.close()


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
