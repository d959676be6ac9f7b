"""Jobs when the program, the outputs folder, the clock or another server does what it should not."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.jobs import filling
from pipelines.jobs.attempt import MOST_BROKEN_OFF
from pipelines.jobs.cards import write_card
from pipelines.jobs.desk import Ending, JobDesk
from pipelines.jobs.job import Job
from pipelines.jobs.work import Work
from pipelines.settings import ROOT
from weights.disk import TRASH

LONG = 60.0
BREAKING = """
import os, sys
from pathlib import Path
from pipelines.jobs.desk import JobDesk

def work(work):
    if sys.argv[2] == "piece":
        work.tell(done=work.job.done + 1)
    os._exit(9)

desk = JobDesk(Path(sys.argv[1]), {"test": work}, 1)
if not desk.list():
    desk.submit("test", "a", {}, lambda folder: 100)
desk.start()
desk.wait(desk.list()[0].id, 60)
"""


def break_off(folder: Path, how: str = "at once") -> int:
    """A process that ends in the middle of the job; gives its exit code."""
    command = [sys.executable, "-c", BREAKING, str(folder), how]
    return subprocess.run(command, cwd=ROOT, timeout=LONG).returncode


def only_job(folder: Path) -> Job:
    desk = JobDesk(folder, {}, 1)
    try:
        (job,) = desk.list()
        return job
    finally:
        desk.close()


def set_broken_off(folder: Path, count: int) -> None:
    job = replace(only_job(folder), broken_off=count, status="running")
    write_card(folder / job.id, job)
    (folder / "jobs.sqlite3").unlink()


def test_a_job_that_ends_the_program_again_and_again_is_left_alone(tmp_path: Path) -> None:
    assert break_off(tmp_path) == 9
    assert break_off(tmp_path) == 9
    assert (only_job(tmp_path).status, only_job(tmp_path).broken_off) == ("running", 1)
    set_broken_off(tmp_path, MOST_BROKEN_OFF - 1)
    # when it is found broken off once more, the program stays up and says why
    assert break_off(tmp_path) == 0
    job = only_job(tmp_path)
    assert job.status == "failed" and f"ended {MOST_BROKEN_OFF} times" in job.message and "resume" in job.hint
    # and a person may try again
    desk = JobDesk(tmp_path, {"test": lambda work: Ending("a-run")}, 1)
    desk.start()
    desk.resume(job.id)
    assert desk.wait(job.id, LONG).status == "done"
    desk.close()


def test_one_that_gets_further_each_time_is_not(tmp_path: Path) -> None:
    job = Job("test-0123456789ab", "test", "running", "a", "", done=3, broken_off=4)
    work = Work(job, tmp_path, lambda job: None)
    work.tell(done=3)
    assert work.job.broken_off == 4
    work.tell(done=4)
    assert work.job.broken_off == 0


@pytest.mark.parametrize("place", [".", "test-0123456789ab"])
def test_what_a_killed_process_was_removing_is_removed_at_the_next_start(tmp_path: Path, place: str) -> None:
    trash = tmp_path / place / f"{TRASH}0123"
    trash.mkdir(parents=True)
    (trash / "film.mp4").write_bytes(b"1")
    desk = JobDesk(tmp_path, {}, 1)
    desk.start()
    desk.close()
    assert not trash.exists()


def test_leftovers_of_a_clock_that_was_ahead_are_removed_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / f"{filling.PARTIAL}test-0123456789ab"
    left.mkdir()
    now = left.stat().st_mtime
    for moved, stays in ((-3600.0, True), (3600.0, True), (-3 * 86400.0, False)):
        monkeypatch.setattr(filling.time, "time", lambda moved=moved: now + moved)
        filling.remove_stale(tmp_path)
        assert left.exists() == stays
