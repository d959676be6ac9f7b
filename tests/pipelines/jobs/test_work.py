"""How far a job is, told by whoever works on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.jobs import work as module
from pipelines.jobs.errors import Stopped
from pipelines.jobs.job import Job
from pipelines.jobs.work import WINDOW_SECONDS, Work


class Clock:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(module, "time", made)
    return made


def begin(saved: list[Job] | None = None, seconds: float = 0.0) -> Work:
    job = Job("test-1", "test", "running", "t", "2026-01-01T00:00:00+00:00", total=100, seconds=seconds)
    return Work(job, Path(), (saved if saved is not None else []).append)


def test_the_speed_is_that_of_the_last_seconds(clock: Clock) -> None:
    work = begin()
    work.tell(done=50)
    for step in range(1, 41):
        clock.now += 1
        work.tell(done=50 + step)
    assert work.job.rate == pytest.approx(1, rel=0.06)
    assert work.job.seconds_left == pytest.approx(10, rel=0.06)
    clock.now += WINDOW_SECONDS
    assert work.job.rate < 0.55


def test_the_first_pieces_foretell_nothing(clock: Clock) -> None:
    work = begin()
    work.tell(done=0)
    clock.now += 9
    work.tell(done=3)
    assert work.job.rate > 0
    assert work.job.seconds_left is None
    clock.now += 1
    work.tell(done=4)
    assert work.job.seconds_left == pytest.approx(96 / 0.4)


def test_what_was_done_before_is_no_speed(clock: Clock) -> None:
    work = begin()
    work.tell(done=90)
    clock.now += 2
    assert work.job.rate == 0
    assert work.job.seconds_left is None


def test_seconds_of_all_tries_add_up(clock: Clock) -> None:
    work = begin(seconds=30)
    clock.now += 12
    assert work.job.seconds == 42


def test_the_state_is_saved_once_a_second_at_most(clock: Clock) -> None:
    saved: list[Job] = []
    work = begin(saved)
    for count in range(50):
        clock.now += 0.1
        work.tell(done=count)
    assert 4 <= len(saved) <= 5
    work.tell(run="outputs_1")
    assert saved[-1].run == "outputs_1"


def test_a_stopped_work_says_so_when_it_looks() -> None:
    work = begin()
    work.check()
    work.stop(cancelled=True)
    work.stop()
    assert work.cancelled
    with pytest.raises(Stopped):
        work.check()
