"""One SQLite file that several threads use: never a reason to crash, whatever state it is in."""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from pipelines.errors import DiskFull, OutputsUnwritable

log = logging.getLogger(__name__)

BUSY_SECONDS, TRY_AGAIN = 10.0, 0.01
FULL = "full"
"""What SQLite's message says when the disk is (`sqlite_errorcode` came with Python 3.11)."""
OUTSIDE = ("locked", "busy", "readonly", FULL, "unable to open", "disk i/o", "interrupted")
"""What it says when not the file's contents are to blame, but the disk, rights or another process."""
DAMAGE = (sqlite3.DatabaseError, sqlite3.InternalError, sqlite3.DataError)
Answer = TypeVar("Answer")
FAULTS = (sqlite3.Error, UnicodeDecodeError)
"""What reading a file may raise; text that is no UTF-8 can be anywhere in a damaged one."""


class DatabaseLost(Exception):
    """The file was damaged: it was put aside and an empty one took its place."""


def ask_again(question: Callable[[], Answer]) -> Answer:
    """Ask a database, and once more where it turned out to be damaged: the empty one has an answer, too."""
    with suppress(DatabaseLost):
        return question()
    return question()


class Database:
    """A connection under a lock, in WAL mode: a killed process leaves it whole, up to the last change.

    `ask` and `change` raise DatabaseLost once when the file turns out to be damaged, DiskFull and
    OutputsUnwritable when it can't be written. With `repairs` False a damaged file stays where it is - another
    connection may have it - and an empty one in memory stands in for it, and one on a full disk is still read;
    with `needed` False memory also stands in for one that can't be opened.
    """

    def __init__(
        self, path: Path, schema: str, version: int, *, repairs: bool = True, needed: bool = True
    ) -> None:
        self.path = path
        self._repairs = repairs
        self._needed = needed
        self._address = str(path)
        self._schema = f"{schema} PRAGMA user_version = {version};"
        self._version = version
        self._lock = threading.RLock()
        self.fresh = not path.exists()
        self._connection = self._connect()

    def ask(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a question."""
        with self._lock:
            try:
                return self._connection.execute(sql, values).fetchall()
            except FAULTS as error:
                self._explain(error)

    def change(self, sql: str, *rows: Sequence[object]) -> int:
        """Run one statement for each row of values, all or none; the number of rows that it touched."""
        with self._lock:
            try:
                with self._connection:
                    return self._connection.executemany(sql, rows or [()]).rowcount
            except FAULTS as error:
                self._explain(error)

    def give_up(self, error: Exception) -> NoReturn:
        """Take the file for damaged, as what was read from it makes no sense. Raises DatabaseLost."""
        with self._lock:
            self._connection.close()
            self._put_aside(error)
            self._connection = self._connect()
        raise DatabaseLost(str(error)) from error

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def _connect(self) -> sqlite3.Connection:
        try:
            return self._prepare()
        except FAULTS as error:
            if is_damage(error):
                self._put_aside(error)
            elif not self._repairs and self.path.exists():
                return self._look()
            elif self._needed:
                self._explain(error)
            else:
                log.warning("%s can't be opened: %s", self.path, error)
                self._address = ":memory:"
        return self._prepare()

    def _look(self) -> sqlite3.Connection:
        """Only read: also on a disk on which nothing more can be written, as WAL's own files would have to be."""
        return sqlite3.connect(
            f"{self.path.absolute().as_uri()}?immutable=1", uri=True, check_same_thread=False
        )

    def _prepare(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._address, timeout=BUSY_SECONDS, check_same_thread=False)
        try:
            write_ahead(connection, BUSY_SECONDS)
            found = connection.execute("PRAGMA user_version").fetchone()[0]
            if found not in (0, self._version):
                raise sqlite3.DatabaseError(f"written by another version ({found})")
            if not found:
                connection.executescript(self._schema)
            # Who only reads does so every second; the one who writes has looked.
            if self._repairs and connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
                raise sqlite3.DatabaseError("integrity_check found damage")
        except FAULTS:
            connection.close()
            raise
        return connection

    def _explain(self, error: Exception) -> NoReturn:
        if is_damage(error):
            self.give_up(error)
        if isinstance(error, sqlite3.OperationalError):
            raise _unwritable(self.path, error) from error
        raise error  # a fault of the statement

    def _put_aside(self, error: Exception) -> None:
        log.warning("%s is damaged and made anew: %s", self.path, error)
        self.fresh = True
        if not self._repairs:
            self._address = ":memory:"
            return
        for ending in ("-wal", "-shm"):
            with suppress(OSError):
                os.remove(f"{self.path}{ending}")
        with suppress(OSError):
            self.path.replace(f"{self.path}.damaged")


def write_ahead(connection: sqlite3.Connection, seconds: float) -> None:
    """Have a file written by WAL, which is kept in it. SQLite asks no busy handler when it turns a new file to WAL,
    so that who meets another one at that is sent away at once: this tries again for so many seconds.

    Raises sqlite3.Error.
    """
    until = time.monotonic() + seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(TRY_AGAIN)
    connection.execute("PRAGMA synchronous = NORMAL")


def is_damage(error: Exception) -> bool:
    """Whether a file's contents are to blame for what SQLite, or reading its texts, raised."""
    if isinstance(error, sqlite3.OperationalError):
        return not any(sign in str(error).lower() for sign in OUTSIDE)
    return type(error) in DAMAGE or isinstance(error, UnicodeDecodeError)


def _unwritable(path: Path, error: sqlite3.OperationalError) -> DiskFull | OutputsUnwritable:
    if FULL in str(error):
        return DiskFull(
            "The disk with the outputs folder is full.", "Free some space or clean up the history."
        )
    return OutputsUnwritable(
        f"{path.name} can't be written ({error}).",
        "Check the rights of the outputs folder, or choose another one with --outputs or INKFRAME_OUTPUTS.",
    )
