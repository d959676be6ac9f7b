"""The live socket: its protocol, and everything that a client may do wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketDenialResponse, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from pipelines.settings import Settings
from pipelines.studio import Studio, open_studio
from server import live
from server.live_session import LiveLimits
from tests.server.live import (
    JPEG,
    LIVE,
    Stand,
    begin,
    frame,
    make_stand,
    next_text,
    read_back,
    send,
    waiting,
)


def next_frame(socket: WebSocketTestSession) -> tuple[int, float, int, bytes]:
    for _ in range(400):
        message = socket.receive()
        if message.get("bytes"):
            return read_back(message["bytes"])
    raise AssertionError("no frame came")


def test_a_frame_comes_back_with_its_number_and_time(socket: WebSocketTestSession) -> None:
    begin(socket)
    socket.send_bytes(frame(3, 1234.567))
    assert next_frame(socket) == (3, 1234.567, 7, JPEG)


def test_the_first_frame_alone_starts_the_loop(stand: Stand, socket: WebSocketTestSession) -> None:
    socket.send_bytes(frame(1))
    next_text(socket, "stats", lambda stats: "received" in stats)
    socket.send_bytes(frame(2))
    assert next_frame(socket)[0] == 2
    assert len(stand.loops) == 1


def test_nothing_is_opened_for_a_socket_that_sends_nothing(
    stand: Stand, socket: WebSocketTestSession
) -> None:
    next_text(socket, "stats")
    assert stand.loops == []


def test_old_numbers_are_left_out(stand: Stand, socket: WebSocketTestSession) -> None:
    begin(socket)
    for number in (5, 4, 5, 6):
        socket.send_bytes(frame(number))
    assert [next_frame(socket)[0] for _ in range(1)] >= [5]
    next_text(socket, "stats", lambda stats: stats["refused"] == 2)
    assert stand.loops[0].offered == [5, 6]


def test_controls_change_only_what_they_name(stand: Stand, socket: WebSocketTestSession) -> None:
    begin(socket, style="painting-03", strength=0.5)
    send(socket, type="controls", target_fps=30)
    told = next_text(socket, "stats", lambda stats: stats["options"]["target_fps"] == 30)
    assert told["options"]["style"] == "painting-03"
    assert stand.loops[0].options.strength == 0.5
    assert stand.loops[0].options.target_fps == 30


@pytest.mark.parametrize(
    "wrong",
    [{"strength": 7}, {"nonesuch": 1}, {"style": 4}, {"smoothing": "very"}, {"mirror": "x"}, {"floor": 1000}],
)
def test_wrong_options_are_explained_and_the_old_ones_stay(
    stand: Stand, socket: WebSocketTestSession, wrong: dict[str, Any]
) -> None:
    begin(socket, style="painting-03")
    send(socket, type="controls", **wrong)
    error = next_text(socket, "error")
    assert error["code"] == "invalid_option"
    assert error["message"]
    assert error["hint"]
    assert stand.loops[0].options.style == "painting-03"
    socket.send_bytes(frame(1))
    assert next_frame(socket)[0] == 1


def test_a_style_that_is_gone_is_told_and_frames_go_on(socket: WebSocketTestSession) -> None:
    begin(socket)
    send(socket, type="controls", style="gone")
    assert "gone" in next_text(socket, "error")["message"]
    socket.send_bytes(frame(1))
    assert next_frame(socket)[0] == 1


GARBAGE = {
    "nothing": b"",
    "head alone": frame(1, data=b""),
    "cut head": frame(1)[:9],
    "no picture": frame(1, data=b"hello there, this is no picture"),
    "a gif": frame(1, data=b"GIF89a" + bytes(50)),
    "no time": frame(1, float("nan")),
    "endless time": frame(1, float("inf")),
}


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_is_refused_and_the_next_frame_is_not(socket: WebSocketTestSession, name: str) -> None:
    begin(socket)
    socket.send_bytes(GARBAGE[name])
    assert next_text(socket, "error")["code"] == "bad_input"
    socket.send_bytes(frame(2))
    assert next_frame(socket)[0] == 2


@pytest.mark.parametrize(
    "text",
    ["", "hello", "[]", "3", "{}", '{"type": 3}', '{"type": "nonesuch"}', "[" * 20_000, '{"type":"controls"'],
)
def test_text_that_is_no_message_is_refused(socket: WebSocketTestSession, text: str) -> None:
    socket.send_text(text)
    assert next_text(socket, "error")["code"] == "bad_input"
    begin(socket)


def test_a_frame_sent_as_text_is_explained(studio: Studio) -> None:
    stand = make_stand(studio, text_chars=1000)
    with TestClient(stand.app) as client, client.websocket_connect(LIVE) as socket:
        socket.send_text("/9j/" * 1000)
        error = next_text(socket, "error")
        assert error["code"] == "too_large"
        assert "bytes" in error["hint"]


def test_a_frame_over_the_limit_is_refused(studio: Studio) -> None:
    stand = make_stand(studio, frame_bytes=2000)
    with TestClient(stand.app) as client, client.websocket_connect(LIVE) as socket:
        begin(socket)
        socket.send_bytes(frame(1, data=JPEG + bytes(2000)))
        assert next_text(socket, "error")["code"] == "too_large"
        socket.send_bytes(frame(2))
        assert next_frame(socket)[0] == 2
        assert stand.loops[0].offered == [2]


def test_the_same_complaint_is_made_once_a_second(socket: WebSocketTestSession) -> None:
    for _ in range(50):
        socket.send_bytes(b"rubbish")
    errors = 0
    for _ in range(60):
        found = json.loads(socket.receive_text())
        errors += found["type"] == "error"
        if found.get("refused") == 50:
            break
    assert found["refused"] == 50
    assert errors <= 2


def test_a_flood_is_read_no_faster_than_the_limit(studio: Studio) -> None:
    stand = make_stand(studio, a_second=20, stats=0.2)
    with TestClient(stand.app) as client, client.websocket_connect(LIVE) as socket:
        begin(socket)
        for number in range(1, 80):
            socket.send_bytes(frame(number))
        seen = [next_text(socket, "stats")["received"] for _ in range(3)]
        assert 0 < seen[-1] <= 45


@pytest.mark.parametrize(
    ("texts", "chars", "waits"), [(5, 20, 0), (10, 20, 1), (1, 18_000, 1), (2, 9_000, 1)]
)
def test_long_texts_count_for_more(
    monkeypatch: pytest.MonkeyPatch, texts: int, chars: int, waits: int
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    message = {"type": "websocket.receive", "text": "x" * chars}
    messages = iter([message] * texts + [{"type": "websocket.disconnect"}])

    async def receive() -> Any:
        return next(messages)

    monkeypatch.setattr(live, "asyncio", SimpleNamespace(sleep=sleep))
    monkeypatch.setattr(live, "time", SimpleNamespace(monotonic=lambda: 5.0))
    session = SimpleNamespace(limits=LiveLimits(a_second=10), take_text=lambda _: None)
    socket = SimpleNamespace(receive=receive)
    with pytest.raises(StopIteration):
        live._read(socket, session).send(None)  # type: ignore[arg-type]
    assert slept == [1.0] * waits


def test_what_the_client_saw_reaches_the_loop(stand: Stand, socket: WebSocketTestSession) -> None:
    begin(socket)
    rubbish = [None, 3, [1], ["a", 2], [4, "b"], [4, -1], [4, 1e9], [True, None]]
    send(socket, type="seen", frames=[[1, 40.5], *rubbish, [2, 41]])
    send(socket, type="seen", frames="rubbish")
    send(socket, type="seen")
    socket.send_bytes(frame(9))
    next_frame(socket)
    assert stand.loops[0].ages == [(1, 40.5), (2, 41.0)]


def test_the_loop_ends_with_its_socket(stand: Stand) -> None:
    with TestClient(stand.app) as client:
        with client.websocket_connect(LIVE) as socket:
            begin(socket)
            assert not stand.loops[0].closed.is_set()
        with waiting() as until:
            until(lambda: stand.sessions.list() == ())
        assert stand.loops[0].closed.is_set()


def test_an_idle_session_is_closed_with_a_reason(studio: Studio) -> None:
    stand = make_stand(studio, idle=0.2)
    with TestClient(stand.app) as client, client.websocket_connect(LIVE) as socket:
        assert next_text(socket, "error")["code"] == "idle"
        with pytest.raises(WebSocketDisconnect) as closed:
            for _ in range(20):
                socket.receive_text()
        assert closed.value.code == 4408


def test_sessions_are_limited(studio: Studio) -> None:
    stand = make_stand(studio, sessions=1)
    with TestClient(stand.app) as client, client.websocket_connect(LIVE) as first:
        next_text(first, "hello")
        with client.websocket_connect(LIVE) as second:
            assert json.loads(second.receive_text())["code"] == "busy"
            with pytest.raises(WebSocketDisconnect) as closed:
                second.receive_text()
            assert closed.value.code == 4503
        begin(first)


def test_metrics_tell_of_live_sessions(stand: Stand, socket: WebSocketTestSession) -> None:
    begin(socket)
    lines = stand.metrics.splitlines()
    assert "inkframe_live_sessions 1.0" in lines
    assert "inkframe_live_sessions_begun_total 1.0" in lines
    assert "inkframe_live_fps 24.5" in lines
    assert 'inkframe_live_frame_age_seconds{quantile="0.5"} 0.04' in lines
    assert 'inkframe_live_frame_age_seconds{quantile="0.95"} 0.0' in lines
    assert 'inkframe_live_dropped{place="decode"} 3.0' in lines


def test_metrics_without_sessions(stand: Stand) -> None:
    assert "inkframe_live_sessions 0.0" in stand.metrics.splitlines()


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://testserver.evil.example"])
def test_a_foreign_page_is_refused(stand: Stand, origin: str) -> None:
    with (
        TestClient(stand.app) as client,
        pytest.raises(WebSocketDenialResponse) as refused,
        client.websocket_connect(LIVE, headers={"Origin": origin}),
    ):
        raise AssertionError("it was let in")
    assert refused.value.status_code == 403
    assert refused.value.json()["error"]["code"] == "foreign_origin"


def test_the_own_page_may_enter(stand: Stand) -> None:
    with (
        TestClient(stand.app) as client,
        client.websocket_connect(LIVE, headers={"Origin": "http://testserver"}) as socket,
    ):
        next_text(socket, "hello")


@pytest.mark.parametrize("secret", [{"token": "s3cret"}, {"login": "ann:word"}])
def test_a_sign_in_is_wanted_where_one_is_set(settings: Settings, secret: dict[str, str]) -> None:
    studio = open_studio(replace(settings, **secret))
    ticket, other = studio.tickets.sign(LIVE), studio.tickets.sign("/api/v1/runs")
    right = {"token": "Bearer s3cret", "login": "Basic YW5uOndvcmQ="}[next(iter(secret))]
    with TestClient(make_stand(studio).app) as client:
        for query, headers in (("", {}), ("", {"Authorization": "Bearer wrong"}), (f"?{other}", {})):
            with (
                pytest.raises(WebSocketDenialResponse) as refused,
                client.websocket_connect(LIVE + query, headers=headers),
            ):
                raise AssertionError("it was let in")
            assert refused.value.status_code == 401
        for query, headers in (("", {"Authorization": right}), (f"?{ticket}", {})):
            with client.websocket_connect(LIVE + query, headers=headers) as socket:
                next_text(socket, "hello")
    studio.close()
