"""The gate lets some in, some wait, and turns the rest away."""

from __future__ import annotations

import threading

import pytest

from pipelines.errors import Busy
from pipelines.gate import Gate


def test_more_than_may_wait_are_turned_away_at_once() -> None:
    gate = Gate(workers=1, waiting=1)
    inside, leave = threading.Event(), threading.Event()
    order: list[str] = []

    def hold(name: str) -> None:
        with gate.enter():
            order.append(name)
            inside.set()
            leave.wait(5)

    threads = [threading.Thread(target=hold, args=[name]) for name in "ab"]
    threads[0].start()
    assert inside.wait(5)
    threads[1].start()
    while gate.load < 2:
        pass
    with pytest.raises(Busy), gate.enter():
        pass
    assert order == ["a"]
    leave.set()
    for thread in threads:
        thread.join(5)
    assert (order, gate.load) == (["a", "b"], 0)


def test_a_failure_gives_its_place_back() -> None:
    gate = Gate(workers=1, waiting=0)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), gate.enter():
            raise ZeroDivisionError
    assert gate.load == 0
