"""What a live session that has ended still holds, and for how long."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from anyio.to_thread import current_default_thread_limiter

from pipelines.studio import Studio
from server.live_outbox import Outbox
from server.live_session import LiveLimits, LiveSession
from tests.server.live import EchoLoop, Stand, make_stand, waiting
from tests.server.test_live_sockets import frame, open_live, served

PATIENCE = 5.0


@pytest.fixture
def slow(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Stand, threading.Event]]:
    """A stand whose loops end when the event is set, or after PATIENCE."""
    may_end, close = threading.Event(), EchoLoop.close

    def close_slowly(loop: EchoLoop) -> None:
        may_end.wait(PATIENCE)
        close(loop)

    monkeypatch.setattr(EchoLoop, "close", close_slowly)
    yield make_stand(studio), may_end
    may_end.set()


def test_wishes_that_wait_are_left_when_the_client_is_gone() -> None:
    met: list[int] = []
    at_work, go_on = threading.Event(), threading.Event()

    def meet(_: LiveSession, message: Any) -> None:
        met.append(message["number"])
        at_work.set()
        go_on.wait(PATIENCE)

    async def visit() -> LiveSession:
        return LiveSession(Outbox(), None, LiveLimits(), {"offer": meet})  # type: ignore[arg-type]

    session = asyncio.run(visit())
    for number in range(10):
        session.take_wish({"type": "offer", "number": number})
    assert at_work.wait(PATIENCE)
    ended = session.close()
    assert not ended.done()
    go_on.set()
    ended.result(PATIENCE)
    assert met == [0]


def test_a_session_that_ends_slowly_keeps_its_place_until_then(slow: tuple[Stand, threading.Event]) -> None:
    stand, may_end = slow
    with served(stand.app) as port, waiting() as until:
        with open_live(port) as client:
            client.send(frame(1))
            until(lambda: len(stand.loops) == 1)
        with open_live(port):
            until(lambda: stand.sessions.total == 2)
            assert len(stand.sessions.list()) == 2
        may_end.set()
        until(lambda: stand.sessions.list() == ())
        assert stand.loops[0].closed.is_set()


def test_a_session_that_ends_slowly_holds_no_thread_of_the_routes(
    slow: tuple[Stand, threading.Event],
) -> None:
    stand, may_end = slow

    @stand.app.get("/small")
    async def make_small() -> None:
        current_default_thread_limiter().total_tokens = 1

    @stand.app.get("/sync")
    def answer() -> str:
        return "here"

    with served(stand.app) as port, waiting() as until:
        httpx.get(f"http://127.0.0.1:{port}/small")
        with open_live(port) as client:
            client.send(frame(1))
            until(lambda: len(stand.loops) == 1)
        assert httpx.get(f"http://127.0.0.1:{port}/sync", timeout=2 * PATIENCE).json() == "here"
        assert not stand.loops[0].closed.is_set()
        may_end.set()
