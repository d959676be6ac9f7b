"""SQLite files that another program harmed: bytes overwritten at random, cut off, emptied, gone, locked."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from pipelines.batch.entry import Row
from pipelines.batch.known import Known
from pipelines.batch.ledger import Ledger
from pipelines.history import History
from pipelines.jobs import database, desk
from pipelines.jobs.desk import Ending, JobDesk

COUNT = 12
SEEDS = range(400 if os.environ.get("INKFRAME_LONG_TESTS") else 12)
LONG = 30.0


def flip(path: Path, dice: random.Random) -> None:
    """Overwrite some stretches with others bytes."""
    data = bytearray(path.read_bytes())
    for _ in range(dice.choice((1, 3, 20))):
        at = dice.randrange(len(data))
        stretch = dice.choice((1, 8, 300))
        data[at : at + stretch] = dice.randbytes(len(data[at : at + stretch]))
    path.write_bytes(data)


def cut(path: Path, dice: random.Random) -> None:
    path.write_bytes(path.read_bytes()[: dice.randrange(path.stat().st_size)])


HARMS = {"flip": flip, "cut": cut}


def each_harm(whole: Path, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Copies of a database's folder in which the database was harmed, one after the other."""
    for seed in SEEDS:
        for name, harm in HARMS.items():
            folder = tmp_path / f"{name}-{seed}"
            shutil.copytree(whole.parent, folder)
            harm(folder / whole.name, random.Random(seed))
            yield f"{name} {seed}", folder
            shutil.rmtree(folder)


def make_runs(outputs: Path) -> list[str]:
    with closing(History(outputs)) as history:
        for number in range(COUNT):
            with history.draft("matting") as draft:
                draft.add("a.png", b"a")
                draft.save(
                    inputs=[], settings={"n": number}, model={}, device="cpu", timings={}, results=["a.png"]
                )
        return [run.id for run in history.runs()]


def test_the_history_is_whole_whatever_became_of_its_index(tmp_path: Path) -> None:
    ids = make_runs(tmp_path / "whole")
    for harmed, folder in each_harm(tmp_path / "whole" / ".history.sqlite3", tmp_path):
        with closing(History(folder)) as history:
            assert [run.id for run in history.runs()] == ids, harmed
            assert history.runs(search="n=3"), harmed
            assert history.count() == COUNT, harmed


def open_desk(folder: Path, kind: Callable[[object], Ending] = lambda work: Ending("a-run")) -> JobDesk:
    return JobDesk(folder, {"test": kind}, 1)


@contextmanager
def working(folder: Path) -> Iterator[JobDesk]:
    made = open_desk(folder)
    made.start()
    try:
        yield made
    finally:
        made.close()


def test_every_job_is_there_whatever_became_of_their_list(tmp_path: Path) -> None:
    with working(tmp_path / "whole") as made:
        jobs = [made.submit("test", "a", {}, lambda folder: 3).id for _ in range(COUNT)]
        assert all(made.wait(job, LONG).status == "done" for job in jobs)
    for harmed, folder in each_harm(tmp_path / "whole" / "jobs.sqlite3", tmp_path):
        again = open_desk(folder)
        try:
            found = again.list()
            assert sorted(job.id for job in found) == sorted(jobs), harmed
            assert {job.status for job in found} == {"done"}, harmed
            assert again.get(jobs[3]).run == "a-run", harmed
        finally:
            again.close()


def test_what_a_batch_knew_is_known_or_done_again_but_never_an_error(tmp_path: Path) -> None:
    whole = tmp_path / "whole" / "ledger.sqlite3"
    whole.parent.mkdir()
    rows = [Row(number, f"{number}.jpg", "done", f"{number}.png") for number in range(COUNT)]
    with closing(Ledger(whole)) as ledger:
        for row in rows:
            ledger.put(row, 7)
    for harmed, folder in each_harm(whole, tmp_path):
        with closing(Ledger(folder / whole.name)) as ledger:
            for row in rows:
                found = ledger.get(row.number)
                if found is None or found[0] != row:
                    ledger.put(row, 7)
            assert [each.number for each in ledger.all()] == list(range(COUNT)), harmed
            assert ledger.count()["done"] >= 0 and len(ledger.find()) == COUNT, harmed


def test_results_known_from_earlier_are_found_or_made_anew_but_never_an_error(tmp_path: Path) -> None:
    whole = tmp_path / "whole" / "known.sqlite3"
    place = tmp_path / "place"
    place.mkdir(), whole.parent.mkdir()
    rows = [Row(number, f"{number}.jpg", "done", f"{number}.png") for number in range(COUNT)]
    with closing(Known(whole, tmp_path)) as known:
        for row in rows:
            (place / row.output).write_bytes(b"%d" % row.number)
            known.add(f"of-{row.number}", "place", row, b"%d" % row.number)
    for harmed, folder in each_harm(whole, tmp_path):
        with closing(Known(folder / whole.name, tmp_path)) as known:
            for row in rows:
                found = known.find(f"of-{row.number}")
                assert found is None or found[2] == (place / found[1].output).read_bytes(), harmed
                known.add(f"of-{row.number}", "place", row, b"%d" % row.number)


HOLD = """
import sqlite3, sys
for path in sys.argv[1:]:
    held = globals().setdefault("held", [])
    held.append(sqlite3.connect(path, isolation_level=None))
    held[-1].execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held_by_another_process(*paths: Path) -> Iterator[None]:
    """Lock databases in a process of its own, as a backup or a browser for databases does."""
    command = [sys.executable, "-c", HOLD, *map(str, paths)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout and process.stdout.readline() == b"held\n"
        yield
        process.stdin.close()


def test_a_locked_history_keeps_every_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.history.index.BUSY_SECONDS", 0.05)
    ids = make_runs(tmp_path)
    with closing(History(tmp_path)) as history:
        with held_by_another_process(tmp_path / ".history.sqlite3"):
            new = make_runs(tmp_path)
            assert len(history.runs()) == 2 * COUNT
        assert {run.id for run in history.runs()} == {*ids, *new}
    with closing(History(tmp_path)) as history:
        assert history.count() == 2 * COUNT


def test_a_job_handed_in_while_the_list_is_locked_is_done_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr(desk, "LOOK_SECONDS", 0.05)
    with working(tmp_path) as made:
        with held_by_another_process(tmp_path / "jobs.sqlite3"):
            job = made.submit("test", "a", {}, lambda folder: 1)
            assert made.get(job.id).status == "queued"
        assert made.wait(job.id, LONG).status == "done"


def test_a_list_that_is_lost_twice_in_a_row_does_not_end_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "LOOK_SECONDS", 0.05)
    with working(tmp_path) as made:
        waiting, failures = made._cards.waiting, iter(range(3))

        def fail() -> object:
            if threading.current_thread().name.startswith("job-") and next(failures, None) is not None:
                raise sqlite3.DatabaseError("malformed")
            return waiting()

        monkeypatch.setattr(made._cards, "waiting", fail)
        job = made.submit("test", "a", {}, lambda folder: 1)
        assert made.wait(job.id, LONG).status == "done"
