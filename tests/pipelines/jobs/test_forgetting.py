"""Jobs that ended long ago go off the list; nothing that anybody made or waits for goes with them."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.errors import OutputsUnwritable
from pipelines.jobs.cards import CARD_FILE
from pipelines.jobs.desk import Ending, JobDesk
from pipelines.jobs.forgetting import DAY_SECONDS, KEPT_DAYS, forget_old
from pipelines.jobs.job import Job, Status


@pytest.fixture
def desk(tmp_path: Path) -> JobDesk:
    return JobDesk(tmp_path, {"test": lambda work: Ending()}, 1)


def put(desk: JobDesk, days: float, status: Status, done: int = 0, run: str = "") -> Job:
    """A job that came to a state so many days ago."""
    job = desk.submit("test", "a job", {}, lambda folder: 3)
    desk._put(replace(job, status=status, done=done, run=run))
    then = time.time() - days * DAY_SECONDS
    os.utime(desk.folder(job.id) / CARD_FILE, (then, then))
    return job


def forget(desk: JobDesk, folder: Path) -> set[str]:
    forget_old(desk, folder, lambda: False)
    return {job.id for job in desk.list(limit=-1)}


@pytest.mark.parametrize(
    ("status", "done", "run"), [("done", 3, "run-1"), ("cancelled", 0, ""), ("failed", 0, "")]
)
def test_what_ended_long_ago_is_forgotten(
    desk: JobDesk, tmp_path: Path, status: Status, done: int, run: str
) -> None:
    put(desk, KEPT_DAYS + 1, status, done, run)
    young = put(desk, KEPT_DAYS - 1, status, done, run)
    assert forget(desk, tmp_path) == {young.id}
    assert [path.name for path in tmp_path.glob("test-*")] == [young.id]


def test_what_may_go_on_and_what_is_nowhere_else_stays(desk: JobDesk, tmp_path: Path) -> None:
    states: list[Status] = ["queued", "paused"]
    kept = {put(desk, 400, status).id for status in states}
    kept |= {put(desk, 400, "cancelled", done=2).id, put(desk, 400, "failed", done=2).id}
    assert forget(desk, tmp_path) == kept


def test_one_that_goes_on_meanwhile_stays(
    desk: JobDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = put(desk, 400, "cancelled")
    listed = desk.list()
    monkeypatch.setattr(desk, "list", lambda limit: listed)
    desk.resume(job.id)
    card = tmp_path / job.id / CARD_FILE
    os.utime(card, (0, 0))
    forget_old(desk, tmp_path, lambda: False)
    assert desk.get(job.id).status == "queued"


def test_one_that_cannot_be_removed_hinders_no_other(
    desk: JobDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, other = put(desk, 400, "cancelled"), put(desk, 400, "cancelled")
    delete = desk.delete

    def refuse(job_id: str) -> None:
        if job_id == stuck.id:
            raise OutputsUnwritable("no", "no")
        delete(job_id)

    monkeypatch.setattr(desk, "delete", refuse)
    assert other.id not in forget(desk, tmp_path)
    assert desk.get(stuck.id)


def test_a_start_looks_for_them(desk: JobDesk) -> None:
    put(desk, 400, "cancelled")
    desk.start()
    end = time.monotonic() + 20
    while desk.list():
        assert time.monotonic() < end
        time.sleep(0.01)
    assert desk.close()
