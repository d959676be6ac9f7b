"""One SQLite file: damaged, locked, full or not there at all."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from pipelines.errors import DiskFull, OutputsUnwritable
from pipelines.jobs.database import Database, DatabaseLost

SCHEMA = "CREATE TABLE IF NOT EXISTS things (name TEXT PRIMARY KEY);"


def build(path: Path, **how: bool) -> Database:
    return Database(path, SCHEMA, 1, **how)


def add(database: Database, *names: str) -> None:
    database.change("INSERT INTO things VALUES (?)", *((name,) for name in names))


def names(database: Database) -> list[str]:
    return [row[0] for row in database.ask("SELECT name FROM things ORDER BY name")]


def test_what_was_written_is_there_for_the_next(tmp_path: Path) -> None:
    first = build(tmp_path / "a.sqlite3")
    add(first, "b", "a")
    # given a process that dies without closing it
    second = build(tmp_path / "a.sqlite3")
    assert names(second) == ["a", "b"]
    assert not second.fresh


def test_a_new_file_is_waited_for_while_another_makes_it(tmp_path: Path) -> None:
    # given a connection that is about to write the first table, not yet by WAL
    path = tmp_path / "a.sqlite3"
    other = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    other.execute("CREATE TABLE others (name TEXT)")
    other.execute("BEGIN IMMEDIATE")
    free = threading.Timer(0.3, other.execute, ["COMMIT"])
    free.start()
    # then one who opens it meanwhile is not sent away
    database = build(path)
    add(database, "a")
    assert names(database) == ["a"]
    free.join()
    other.close()


@pytest.mark.parametrize("_", range(20))
def test_many_open_a_new_file_at_once(tmp_path: Path, _: int) -> None:
    path, opened, together = tmp_path / "a.sqlite3", [], threading.Barrier(8)

    def open_one(number: int) -> None:
        together.wait()
        database = build(path, repairs=number == 0)
        opened.append(names(database))
        database.close()

    threads = [threading.Thread(target=open_one, args=[number]) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert opened == [[]] * 8


def test_a_change_is_made_wholly_or_not_at_all(tmp_path: Path) -> None:
    database = build(tmp_path / "a.sqlite3")
    add(database, "a")
    with pytest.raises(sqlite3.Error):
        add(database, "b", "a")
    assert names(database) == ["a"]


@pytest.mark.parametrize("content", [b"garbage" * 500, b""])
def test_a_damaged_file_is_put_aside_at_the_start(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.sqlite3"
    path.write_bytes(content)
    database = build(path)
    add(database, "a")
    assert names(build(path)) == ["a"]
    assert path.with_name("a.sqlite3.damaged").exists() == bool(content)


def test_one_that_only_reads_leaves_a_damaged_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    path.write_bytes(b"garbage" * 500)
    assert names(build(path, repairs=False)) == []
    assert path.read_bytes() == b"garbage" * 500


def test_damage_met_later_is_said_once(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    database = build(path)
    add(database, *(f"{number:05d}" * 50 for number in range(500)))
    database.ask("PRAGMA wal_checkpoint(TRUNCATE)")
    database.ask("PRAGMA shrink_memory")
    path.write_bytes(path.read_bytes()[:100] + b"\xff" * (path.stat().st_size - 100))
    with pytest.raises(DatabaseLost):
        for _ in range(2):
            names(database)
    add(database, "a")
    assert names(database) == ["a"]


def test_a_full_disk_is_said_so(tmp_path: Path) -> None:
    database = build(tmp_path / "a.sqlite3")
    pages = database.ask("PRAGMA page_count")[0][0]
    database.ask(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskFull):
        add(database, *(str(number) * 200 for number in range(1000)))
    assert names(database) == []


def test_a_file_that_cannot_be_opened_is_said_so_or_done_without(tmp_path: Path) -> None:
    path = tmp_path / "gone" / "a.sqlite3"
    with pytest.raises(OutputsUnwritable):
        build(path)
    database = build(path, needed=False)
    add(database, "a")
    assert names(database) == ["a"]


def test_many_threads_write_at_a_time(tmp_path: Path) -> None:
    database, other = build(tmp_path / "a.sqlite3"), build(tmp_path / "a.sqlite3")

    def work(number: int) -> None:
        for count in range(20):
            add((database, other)[number % 2], f"{number}-{count}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names(database)) == 120
