from __future__ import annotations

import threading

import pytest

from pipelines.webcam.worker import Worker

LONG = 10.0


def test_it_goes_on_after_a_failure_and_logs_the_first_of_a_row(caplog: pytest.LogCaptureFixture) -> None:
    # given work that fails for odd numbers
    done = threading.Semaphore(0)

    def work(number: int) -> None:
        if number % 2:
            raise ValueError(f"odd {number}")
        done.release()

    worker = Worker("odd", work, failed=done.release)
    # when items come one after another
    for number in (1, 3, 2, 5):
        worker.put(number)
        assert done.acquire(timeout=LONG)
    worker.stop()
    worker.join()
    # then errors that follow one another are logged once
    assert [text in caplog.text for text in ("odd 1", "odd 3", "odd 5")] == [True, False, True]


def test_it_can_be_stopped_and_joined_from_its_own_work() -> None:
    ended = threading.Event()

    def work(number: int) -> None:
        worker.stop()
        worker.join()
        ended.set()

    worker = Worker("own", work, failed=lambda: None)
    worker.put(1)
    assert ended.wait(LONG)
    assert worker.put(2) is False


def test_stopping_does_not_wait_and_joining_does() -> None:
    held, began = threading.Event(), threading.Event()

    def work(number: int) -> None:
        began.set()
        held.wait(LONG)

    before = set(threading.enumerate())
    worker = Worker("held", work, failed=lambda: None)
    worker.put(1)
    began.wait(LONG)
    worker.stop()
    assert not set(threading.enumerate()) <= before
    held.set()
    worker.join()
    assert set(threading.enumerate()) <= before
