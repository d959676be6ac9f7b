"""Jobs: queued, worked on, stopped, gone on with, whatever happens to the process or the disk."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.errors import BadInput, DiskFull, NotFound, OutputsUnwritable
from pipelines.jobs.cards import DATABASE_FILE, Cards, read_card
from pipelines.jobs.claim import claim_folder
from pipelines.jobs.desk import Ending, JobDesk, Kind
from pipelines.jobs.errors import WrongState
from pipelines.jobs.job import Job
from pipelines.jobs.work import Work

LONG = 20.0


@contextmanager
def open_desk(folder: Path, kind: Kind, places: int = 2, start: bool = True) -> Iterator[JobDesk]:
    desk = JobDesk(folder / "jobs", {"test": kind}, places)
    if start:
        desk.start()
    try:
        yield desk
    finally:
        desk.close()


def submit(desk: JobDesk, settings: Mapping[str, object] | None = None, total: int = 3) -> Job:
    return desk.submit("test", "a job", settings or {}, lambda folder: total)


class Steps:
    """A kind of job that counts to three, waiting before each step, and remembers where it was in a file."""

    def __init__(self) -> None:
        self.may_go = threading.Semaphore(0)
        self.began = threading.Event()
        self.done: list[int] = []

    def __call__(self, work: Work) -> Ending:
        state = work.folder / "state"
        first = int(state.read_text()) if state.exists() else 0
        for step in range(first, 3):
            self.began.set()
            while not self.may_go.acquire(timeout=0.01):
                work.check()
            self.done.append(step)
            state.write_text(str(step + 1))
            work.tell(done=step + 1)
        return Ending("run-1", "all done")


def wait_until(holds: Callable[[], bool]) -> None:
    limit = time.monotonic() + LONG
    while not holds():
        assert time.monotonic() < limit
        time.sleep(0.01)


def fail_with(error: Exception) -> Kind:
    def work(work: Work) -> Ending:
        raise error

    return work


def test_a_job_runs_and_says_what_it_made(tmp_path: Path) -> None:
    with open_desk(tmp_path, lambda work: Ending("run-7", "fine")) as desk:
        job = desk.wait(submit(desk, {"colour": "red"}).id, LONG)
    assert (job.status, job.run, job.message, job.title) == ("done", "run-7", "fine", "a job")
    assert job.settings == {"colour": "red"}
    assert job.ended


def test_nothing_runs_before_the_start(tmp_path: Path) -> None:
    with open_desk(tmp_path, lambda work: Ending(), start=False) as desk:
        job = submit(desk)
        assert desk.wait(job.id, 0.1).status == "queued"
        desk.start()
        assert desk.wait(job.id, LONG).status == "done"


def test_progress_counts_and_gives_a_speed(tmp_path: Path) -> None:
    steps = Steps()
    with open_desk(tmp_path, steps) as desk:
        job = submit(desk)
        steps.may_go.release(2)
        wait_until(lambda: desk.get(job.id).done == 2)
        now = desk.get(job.id)
        assert (now.status, now.total, now.left) == ("running", 3, 1)
        assert now.rate > 0
        assert now.seconds_left is None
        steps.may_go.release()
        ended = desk.wait(job.id, LONG)
    assert ended.seconds > 0
    assert ended.rate == 0


def test_only_so_many_jobs_run_at_a_time(tmp_path: Path) -> None:
    steps = Steps()
    with open_desk(tmp_path, steps, places=2) as desk:
        jobs = [submit(desk) for _ in range(3)]
        wait_until(lambda: sum(desk.get(job.id).status == "running" for job in jobs) == 2)
        time.sleep(0.1)
        assert [desk.get(job.id).status for job in jobs] == ["running", "running", "queued"]
        steps.may_go.release(9)
        assert [desk.wait(job.id, LONG).status for job in jobs] == ["done"] * 3


def test_a_cancelled_job_goes_on_where_it_was(tmp_path: Path) -> None:
    steps = Steps()
    with open_desk(tmp_path, steps) as desk:
        job = submit(desk)
        steps.may_go.release()
        wait_until(lambda: desk.get(job.id).done == 1)
        desk.cancel(job.id)
        assert desk.wait(job.id, LONG).status == "cancelled"
        desk.resume(job.id)
        steps.may_go.release(2)
        assert desk.wait(job.id, LONG).status == "done"
    assert steps.done == [0, 1, 2]


def test_a_queued_job_is_cancelled_at_once_and_an_ended_one_stays(tmp_path: Path) -> None:
    with open_desk(tmp_path, lambda work: Ending(), start=False) as desk:
        waiting = submit(desk)
        assert desk.cancel(waiting.id).status == "cancelled"
        desk.start()
        done = desk.wait(submit(desk).id, LONG)
        assert desk.cancel(done.id).status == "done"
        assert desk.get(waiting.id).status == "cancelled"


def test_a_closed_desk_goes_on_at_the_next_start(tmp_path: Path) -> None:
    steps = Steps()
    with open_desk(tmp_path, steps) as desk:
        job = submit(desk)
        steps.may_go.release()
        wait_until(lambda: desk.get(job.id).done == 1)
    with open_desk(tmp_path, steps) as desk:
        assert desk.get(job.id).status in ("queued", "running")
        steps.may_go.release(2)
        assert desk.wait(job.id, LONG).status == "done"
    assert steps.done == [0, 1, 2]


def test_what_a_killed_process_was_doing_is_taken_up(tmp_path: Path) -> None:
    with open_desk(tmp_path, lambda work: Ending(), start=False) as desk:
        job = submit(desk)
    cards = Cards(tmp_path / "jobs")
    cards.add(replace(job, status="running", done=1))
    cards.close()
    with open_desk(tmp_path, lambda work: Ending("r")) as desk:
        assert desk.wait(job.id, LONG).run == "r"


def test_what_another_process_works_on_is_left_alone(tmp_path: Path) -> None:
    steps = Steps()
    with open_desk(tmp_path, steps, start=False) as desk:
        job = submit(desk)
        claim = claim_folder(tmp_path / "jobs" / job.id)
        assert claim is not None
        desk.start()
        assert not steps.began.wait(0.2)
        for change in (desk.cancel, desk.delete):
            with pytest.raises(WrongState):
                change(job.id)
        claim.release()
        desk.cancel(job.id)


@pytest.mark.parametrize("error", [DiskFull("full", "free some"), OutputsUnwritable("no", "rights")])
def test_a_disk_that_cannot_be_written_pauses(tmp_path: Path, error: Exception) -> None:
    answers = iter([fail_with(error), lambda work: Ending()])
    with open_desk(tmp_path, lambda work: next(answers)(work)) as desk:
        job = desk.wait(submit(desk).id, LONG)
        assert (job.status, job.message, job.hint) == ("paused", error.message, error.hint)  # type: ignore[attr-defined]
        assert desk.wait(desk.resume(job.id).id, LONG).status == "done"
        assert desk.get(job.id).message == ""


@pytest.mark.parametrize(
    ("error", "message"), [(BadInput("bad zip", "repack"), "bad zip"), (ZeroDivisionError("x"), "Something")]
)
def test_other_errors_fail_the_job_and_no_other(tmp_path: Path, error: Exception, message: str) -> None:
    answers = iter([fail_with(error), lambda work: Ending()])
    with open_desk(tmp_path, lambda work: next(answers)(work), places=1) as desk:
        first, second = submit(desk), submit(desk)
        assert desk.wait(first.id, LONG).status == "failed"
        assert message in desk.get(first.id).message
        assert desk.wait(second.id, LONG).status == "done"


def test_a_state_that_cannot_be_written_is_kept_in_mind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = Steps()
    with open_desk(tmp_path, steps) as desk:
        job = submit(desk)
        steps.began.wait(LONG)
        with monkeypatch.context() as full:
            full.setattr(Cards, "add", lambda *_: (_ for _ in ()).throw(DiskFull("full")))
            steps.may_go.release(3)
            assert desk.wait(job.id, LONG).status == "done"
        assert desk.list()[0].status == "done"


@pytest.mark.parametrize("status", ["queued", "done"])
def test_only_what_has_stopped_is_resumed(tmp_path: Path, status: str) -> None:
    with open_desk(tmp_path, lambda work: Ending(), start=False) as desk:
        job = submit(desk)
        if status == "done":
            desk.start()
            desk.wait(job.id, LONG)
        with pytest.raises(WrongState, match=status):
            desk.resume(job.id)


def test_a_deleted_job_leaves_nothing(tmp_path: Path) -> None:
    steps = Steps()
    with open_desk(tmp_path, steps) as desk:
        job = submit(desk)
        steps.began.wait(LONG)
        with pytest.raises(WrongState):
            desk.delete(job.id)
        desk.cancel(job.id)
        desk.wait(job.id, LONG)
        desk.delete(job.id)
        assert not list((tmp_path / "jobs").glob(f"*{job.id}*"))
        assert desk.list() == []
        with pytest.raises(NotFound):
            desk.get(job.id)


def test_others_are_served_while_a_deleted_job_is_cleared_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[bool] = []
    with open_desk(tmp_path, lambda work: Ending(), start=False) as desk:
        job = submit(desk)

        def rmtree(trash: Path, **_: object) -> None:
            other = threading.Thread(target=desk.list, daemon=True)
            other.start()
            other.join(5)
            served.append(not other.is_alive())

        monkeypatch.setattr(shutil, "rmtree", rmtree)
        desk.delete(job.id)
    assert served == [True]


def test_input_that_does_not_fit_leaves_no_job(tmp_path: Path) -> None:
    def fill(folder: Path) -> int:
        (folder / "half").write_text("x")
        raise BadInput("no")

    with open_desk(tmp_path, lambda work: Ending()) as desk:
        with pytest.raises(BadInput):
            desk.submit("test", "t", {}, fill)
        assert desk.list() == []
    assert not [path for path in (tmp_path / "jobs").iterdir() if path.is_dir()]


def test_what_a_dead_process_was_filling_is_removed_after_a_day(tmp_path: Path) -> None:
    for name, age in (("old", 90000), ("new", 60)):
        folder = tmp_path / "jobs" / f".partial-test-{name}"
        folder.mkdir(parents=True)
        for path in (folder / "upload", folder):
            path.touch()
            os.utime(path, (time.time() - age,) * 2)
    with open_desk(tmp_path, lambda work: Ending()):
        assert [path.name for path in (tmp_path / "jobs").glob(".partial-*")] == [".partial-test-new"]


def test_jobs_are_listed_newest_first_whatever_the_clock_says(tmp_path: Path) -> None:
    with open_desk(tmp_path, lambda work: Ending(), start=False) as desk:
        jobs = [submit(desk) for _ in range(3)]
        cards = Cards(tmp_path / "jobs")
        cards.add(replace(jobs[2], created="1999-01-01T00:00:00+00:00"))
        cards.close()
        assert [job.id for job in desk.list()] == [job.id for job in reversed(jobs)]
        assert len(desk.list(limit=2)) == 2
        assert desk.list("film") == []


@pytest.mark.parametrize("damage", ["garbage", "cut", "gone"])
def test_a_lost_list_is_made_anew_from_the_folders(tmp_path: Path, damage: str) -> None:
    with open_desk(tmp_path, lambda work: Ending("the-run")) as desk:
        ids = [desk.wait(submit(desk).id, LONG).id for _ in range(3)]
    path = tmp_path / "jobs" / DATABASE_FILE
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    if damage == "garbage":
        path.write_bytes(b"no database at all" * 1000)
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:5000])
    else:
        path.unlink()
    with open_desk(tmp_path, lambda work: Ending(), start=False) as desk:
        found = desk.list()
        assert sorted(job.id for job in found) == sorted(ids)
        assert {(job.status, job.run) for job in found} == {("done", "the-run")}


def test_damage_met_in_the_middle_loses_no_job(tmp_path: Path) -> None:
    with open_desk(tmp_path, lambda work: Ending(), start=False) as desk:
        job = submit(desk)
        path = tmp_path / "jobs" / DATABASE_FILE
        path.write_bytes(b"\xff" * path.stat().st_size)
        path.with_name(path.name + "-wal").write_bytes(b"")
        assert desk.get(job.id).id == job.id
        desk.start()
        assert desk.wait(job.id, LONG).status == "done"


def test_a_job_whose_folder_was_removed_is_forgotten(tmp_path: Path) -> None:
    with open_desk(tmp_path, lambda work: Ending(), start=False) as desk:
        job = submit(desk)
    shutil.rmtree(tmp_path / "jobs" / job.id)
    with open_desk(tmp_path, lambda work: Ending(), start=False) as desk:
        assert desk.list() == []


def test_a_folder_that_cannot_be_written_hinders_nothing_but_jobs(tmp_path: Path) -> None:
    (tmp_path / "jobs").write_text("a file is in the way")
    with open_desk(tmp_path, lambda work: Ending(), start=False) as desk:
        assert desk.list() == []
        with pytest.raises(OutputsUnwritable):
            submit(desk)


@pytest.mark.parametrize("job_id", ["", "..", "../jobs", "test-1", "test-" + "g" * 12, "test-000000000000"])
def test_other_names_are_no_jobs(tmp_path: Path, job_id: str) -> None:
    with open_desk(tmp_path, lambda work: Ending(), start=False) as desk:
        for ask in (desk.get, desk.folder, desk.cancel, desk.resume, desk.delete):
            with pytest.raises(NotFound):
                ask(job_id)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"id": 1}', '{"id": "a", "kind": "b", "status": "odd"}'])
def test_other_texts_are_no_cards(text: str) -> None:
    with pytest.raises(ValueError):
        read_card(text)


def test_all_that_has_not_ended_is_shown_before_what_has(tmp_path: Path) -> None:
    with open_desk(tmp_path, lambda work: Ending(), start=False) as desk:
        waiting = [submit(desk).id for _ in range(3)]
        ended = [desk.cancel(submit(desk).id).id for _ in range(4)]
        newest = submit(desk).id
        assert [job.id for job in desk.list_open(["test"], 2)] == [newest, *waiting[::-1]]
        assert [job.id for job in desk.list_open(["test"], 6)] == [newest, *ended[:1:-1], *waiting[::-1]]
        assert desk.list_open(["other"], 2) == []


def test_all_jobs_can_be_listed_by_page_and_are_counted(tmp_path: Path) -> None:
    with open_desk(tmp_path, lambda work: Ending(), start=False) as desk:
        made = [submit(desk).id for _ in range(5)]
        for job_id in made[:2]:
            desk.cancel(job_id)
        pages = [[job.id for job in desk.list(limit=2, offset=offset)] for offset in (0, 2, 4, 6)]
        assert pages == [made[:2:-1], made[2:0:-1], made[:1], []]
        assert desk.count() == [("test", "cancelled", 2, 0, 0), ("test", "queued", 3, 0, 0)]


def test_only_the_job_that_is_asked_for_is_begun(tmp_path: Path) -> None:
    with open_desk(tmp_path, lambda work: Ending(), start=False) as desk:
        other, wanted = submit(desk), submit(desk)
        desk.start(only=wanted.id)
        assert desk.wait(wanted.id, LONG).status == "done"
        assert desk.get(other.id).status == "queued"
