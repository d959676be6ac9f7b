"""What a live client may ask for: snapshots, recordings, a report, a broadcast, sound."""

from __future__ import annotations

import base64
import json
import logging
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketTestSession

from pipelines.settings import Settings
from pipelines.studio import Studio, open_studio
from server.live_broadcast import read_wish
from tests.pipelines.webcam.rtmp_server import ABSENT, WHY, rtmp_server
from tests.server.live import LIVE, Stand, begin, frame, next_text, send

SOUND = base64.b64encode(bytes(9600)).decode()
KEY = "live_123?streamname=abc&sign=0f0f0f0f"


def play(socket: WebSocketTestSession, numbers: range) -> None:
    for number in numbers:
        socket.send_bytes(frame(number))
    next_text(socket, "stats", lambda stats: stats["received"] >= len(numbers))


def test_a_snapshot_becomes_a_run(studio: Studio, socket: WebSocketTestSession) -> None:
    begin(socket)
    send(socket, type="snapshot")
    assert next_text(socket, "error")["code"] == "bad_input"
    play(socket, range(1, 3))
    send(socket, type="snapshot")
    told = next_text(socket, "saved")
    run = studio.history.get(told["run"])
    assert told["kind"] == "snapshot"
    assert (run.task, run.results) == ("webcam", ("snapshot.png",))


def test_a_recording_becomes_a_run_that_plays(studio: Studio, socket: WebSocketTestSession) -> None:
    begin(socket)
    send(socket, type="record", on=True)
    next_text(socket, "stats", lambda stats: "recording" in stats)
    send(socket, type="sound", pcm=SOUND)
    play(socket, range(1, 30))
    send(socket, type="record", on=True)
    assert "already" in next_text(socket, "error")["message"]
    send(socket, type="record", on=False)
    run = studio.history.get(next_text(socket, "saved")["run"])
    assert run.results[0] == "recording.mp4"
    next_text(socket, "stats", lambda stats: "recording" not in stats)


def test_a_recording_outlives_a_socket_that_is_closed(studio: Studio, stand: Stand) -> None:
    with TestClient(stand.app) as client:
        with client.websocket_connect(LIVE) as socket:
            begin(socket)
            send(socket, type="record", on=True)
            next_text(socket, "stats", lambda stats: "recording" in stats)
            play(socket, range(1, 20))
        assert stand.loops[0].closed.wait(10)
    assert [run.task for run in studio.history.runs()] == ["webcam"]
    assert stand.loops[0].taps == []


def test_a_recording_without_a_picture_is_explained(socket: WebSocketTestSession) -> None:
    send(socket, type="record", on=True)
    assert next_text(socket, "error")["code"] == "bad_input"
    begin(socket)
    send(socket, type="record", on=True)
    send(socket, type="record", on=False)
    assert "Nothing was recorded" in next_text(socket, "error")["message"]


def test_the_report_comes_in_both_kinds(socket: WebSocketTestSession) -> None:
    begin(socket)
    send(socket, type="report", kind="json")
    told = next_text(socket, "report")
    assert json.loads(told["text"])["moments"]
    assert told["name"].endswith(".json")
    send(socket, type="report", kind="html", lang="zh-CN")
    assert next_text(socket, "report")["text"].startswith("<!doctype html>")
    wishes: tuple[dict[str, Any], ...] = ({"kind": "exe"}, {"lang": []})
    for wrong in wishes:
        send(socket, type="report", **wrong)
        assert next_text(socket, "error")["code"] == "invalid_option"


@pytest.mark.parametrize("pcm", [None, "", "!!", "QUJD", "声音", 7, []])
def test_sound_that_is_none_is_refused(socket: WebSocketTestSession, pcm: Any) -> None:
    send(socket, type="sound", pcm=pcm)
    assert next_text(socket, "error")["code"] == "bad_input"


BAD_TARGETS = {
    "another scheme": {"server": "http://example.com/live"},
    "a file": {"server": "file:///etc/passwd"},
    "options": {"server": "rtmp://example.com/live -f null"},
    "a line break": {"server": "rtmp://example.com/live\n-i /etc/passwd"},
    "a key with a space": {"key": "abc def"},
    "no key": {"key": ""},
    "no text": {"key": 3},
    "an unknown preset": {"preset": "nonesuch"},
    "a wrong size": {"width": 3},
    "a broken rate": {"fps": "fast"},
}


@pytest.mark.parametrize("name", BAD_TARGETS)
def test_a_broadcast_that_can_not_be_is_refused_without_its_key(
    socket: WebSocketTestSession, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    begin(socket)
    wish = {"preset": "custom", "server": "rtmp://127.0.0.1:9/live", "key": KEY, **BAD_TARGETS[name]}
    with caplog.at_level(logging.DEBUG):
        send(socket, type="broadcast", on=True, **wish)
        error = next_text(socket, "error")
    assert error["code"] == "invalid_option"
    assert "0f0f0f0f" not in json.dumps(error) + caplog.text


def test_a_broadcast_before_the_camera_is_refused(socket: WebSocketTestSession) -> None:
    send(socket, type="broadcast", on=True, preset="custom", server="rtmp://127.0.0.1:9/live", key="k")
    assert next_text(socket, "error")["code"] == "bad_input"


def test_offline_sends_nothing_outside(studio: Studio) -> None:
    from pipelines.errors import InvalidOption

    assert studio.settings.offline
    with pytest.raises(InvalidOption, match="offline"):
        read_wish(studio, {"preset": "bilibili", "server": "", "key": "abc"})


def test_a_preset_is_changed_by_numbers(settings: Settings) -> None:
    studio = open_studio(replace(settings, offline=False))
    target, preset = read_wish(studio, {"preset": "bilibili", "key": "abc", "width": 640, "height": 360})
    assert (preset.size, preset.fps, preset.kbit_s) == ((640, 360), 15, 1500)
    assert target.url.endswith("/abc")
    studio.close()


@pytest.mark.skipif(ABSENT, reason=WHY)
def test_a_broadcast_streams_and_tells_how_it_goes(
    stand: Stand, socket: WebSocketTestSession, tmp_path: Any
) -> None:
    with rtmp_server(tmp_path) as server:
        begin(socket)
        send(socket, type="broadcast", on=True, preset="custom", server=server.address, key="s3cret", fps=10,
             width=128, height=96)  # fmt: skip
        next_text(socket, "stats", lambda stats: "broadcast" in stats)
        state: dict[str, Any] = {}
        for number in range(1, 300):
            socket.send_bytes(frame(number))
            state = next_text(socket, "stats")["broadcast"]
            if state["state"] == "streaming":
                break
        assert state["state"] == "streaming"
        assert "s3cret" not in json.dumps(state)
        send(socket, type="broadcast", on=True, preset="custom", server=server.address, key="s3cret")
        assert "already" in next_text(socket, "error")["message"]
        send(socket, type="broadcast", on=False)
        next_text(socket, "stats", lambda stats: "broadcast" not in stats)
    assert stand.loops[0].taps == []


def test_a_style_is_drawn_by_what_it_has_become(stand: Stand, socket: WebSocketTestSession) -> None:
    send(socket, type="renew")
    begin(socket)
    send(socket, type="renew")
    play(socket, range(1, 3))
    assert stand.loops[0].renewed == 1, "before the first frame there is nothing to renew"
