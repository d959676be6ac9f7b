"""Work that is given up, and work that takes the place of other work."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from ui import stops
from ui.at_work import begin, cancel, clear, owner, rest
from ui.stage import CUTOUTS
from ui.stops import Stopped, Stops, stoppable

REQUEST: Any = SimpleNamespace(session_hash="page")
WHOSE = owner(REQUEST, CUTOUTS)
SKIPPED = (gr.skip(), gr.skip())


@pytest.fixture
def room() -> Any:
    return SimpleNamespace(stops=Stops(), lang="en")


def test_a_new_wish_stops_the_work_that_goes_on(room: Any) -> None:
    with room.stops.work(WHOSE) as event:
        begin(room, CUTOUTS)(REQUEST, "photo")
        with pytest.raises(Stopped):
            stoppable(lambda fraction, what: None, event)(0.5, "")


def test_buttons_rest_only_when_nothing_is_going_on(room: Any) -> None:
    settle = rest(room, CUTOUTS)
    begin(room, CUTOUTS)(REQUEST, "photo")
    assert settle(REQUEST) == SKIPPED
    with room.stops.work(WHOSE):
        assert settle(REQUEST) == SKIPPED
        begin(room, CUTOUTS)(REQUEST, "second")
    assert settle(REQUEST) == SKIPPED
    with room.stops.work(WHOSE):
        pass
    go, stop = settle(REQUEST)
    assert (go.interactive, stop.visible) == (True, False)


@pytest.mark.parametrize("give_up", [cancel, lambda room, kind: clear(room, kind, ("empty",))])
def test_what_was_given_up_on_its_way_never_starts(room: Any, give_up: Callable[..., Any]) -> None:
    begin(room, CUTOUTS)(REQUEST, "photo")
    give_up(room, CUTOUTS)(REQUEST)
    assert not room.stops.busy(WHOSE)
    with pytest.raises(Stopped), room.stops.work(WHOSE):
        pass
    begin(room, CUTOUTS)(REQUEST, "next")
    with room.stops.work(WHOSE) as event:
        assert not event.is_set()


def test_an_end_that_comes_late_leaves_the_next_work_alone() -> None:
    stops = Stops()
    first, second = stops.begin(WHOSE), stops.begin(WHOSE)
    stops.end(WHOSE, first)
    assert first.is_set()
    assert stops.busy(WHOSE)
    stops.end(WHOSE, second)
    assert not stops.busy(WHOSE)


def test_visitors_who_never_come_back_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stops, "MOST", 2)
    kept = Stops()
    for session in ("first", "second", "third"):
        kept.ask(session)
        kept.expect(f"{session} coming")
    kept.begin("first")
    for session in ("second", "third"):
        with pytest.raises(Stopped):
            kept.begin(session)
    assert [kept.busy(f"{session} coming") for session in ("first", "second", "third")] == [False, True, True]
