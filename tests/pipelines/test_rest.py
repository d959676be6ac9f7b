"""Memory is given back when the process rests after work, and at no other time."""

from __future__ import annotations

import threading

import pytest

from pipelines import rest


class Machine:
    """A clock of work, and a count of how often memory was given back."""

    def __init__(self) -> None:
        self.used, self.given_back = 0.0, 0
        self.rest = rest.Rest(lambda: self.used, self.count)

    def count(self) -> None:
        self.given_back += 1

    def look(self, *work: float) -> None:
        """One look every ten seconds; `work`: the seconds of processor time before each."""
        for used in work:
            self.used += used
            self.rest.look(10)


def test_memory_is_given_back_once_after_each_piece_of_work() -> None:
    machine = Machine()
    machine.look(8, 0.1)
    assert machine.given_back == 0
    machine.look(0.1)
    assert machine.given_back == 1
    machine.look(*[0.1] * 20)
    assert machine.given_back == 1
    machine.look(4, 0, 0)
    assert machine.given_back == 2


def test_what_never_worked_has_nothing_to_give_back() -> None:
    machine = Machine()
    machine.look(*[0.1] * 20)
    assert machine.given_back == 0


def test_work_with_pauses_is_left_alone() -> None:
    machine = Machine()
    machine.look(*[8, 0.1] * 10)
    assert machine.given_back == 0


def test_the_thread_ends_when_it_is_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = threading.Event()
    monkeypatch.setattr(rest.Rest, "look", lambda self, seconds: looked.set())
    before = set(threading.enumerate())
    stop = rest.give_back_at_rest(every=0.01)
    (thread,) = set(threading.enumerate()) - before
    assert looked.wait(10)
    stop()
    thread.join(10)
    assert not thread.is_alive()
