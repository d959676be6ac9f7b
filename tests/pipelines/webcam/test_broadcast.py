"""A broadcast to a real RTMP server on loopback: begins, lasts, breaks, comes back, and never tells its key."""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from pipelines.webcam import broadcast as broadcast_module
from pipelines.webcam.broadcast import Broadcast, choose_wait
from pipelines.webcam.broadcast_presets import PRESETS, Preset
from pipelines.webcam.broadcast_target import read_target
from pipelines.webcam.ffmpeg_arguments import X264
from pipelines.webcam.push_problems import REFUSED, Problem
from tests.pipelines.webcam.rtmp_server import ABSENT, WHY, RtmpServer, probe, rtmp_server

KEY = "live_77_s3cretkey"
SMALL = replace(PRESETS["custom"], size=(320, 180), fps=15, kbit_s=400)
needs_server = pytest.mark.skipif(ABSENT, reason=WHY)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RtmpServer]:
    with rtmp_server(tmp_path) as running:
        yield running


@contextmanager
def on_air(address: str, preset: Preset = SMALL) -> Iterator[Broadcast]:
    """A broadcast with a camera of 30 frames/s and a microphone behind it."""
    cast = Broadcast(read_target(preset, address, KEY), preset, codec=X264)
    ended = threading.Event()
    camera = threading.Thread(target=_film, args=(cast, ended))
    camera.start()
    try:
        yield cast
    finally:
        ended.set()
        camera.join()
        cast.stop()


def _film(cast: Broadcast, ended: threading.Event) -> None:
    tone = (8000 * np.sin(np.arange(48_000) * 0.06)).astype("<i2")
    began, heard, number = time.perf_counter(), 0, 0
    while not ended.wait(1 / 30):
        rgb = np.full((120, 160, 3), 60, np.uint8)
        rgb[:, number % 160 :][:, :40] = (240, 120, 20)
        cast.frame(rgb, time.perf_counter())
        come = int((time.perf_counter() - began) * 48_000)
        cast.sound(np.resize(tone, come - heard).tobytes())
        heard, number = come, number + 1


def wait_until(
    cast: Broadcast, fits: Callable[[dict[str, object]], bool], seconds: float
) -> dict[str, object]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if fits(state := cast.state()):
            return state
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s: {cast.state()}")


def streams(state: dict[str, object]) -> bool:
    return state["state"] == "streaming"


def read_processes() -> str:
    """Arguments and environments of all processes that may be read."""
    texts = []
    for folder in Path("/proc").glob("[0-9]*"):
        for name in ("cmdline", "environ"):
            try:
                texts.append((folder / name).read_bytes().decode("utf-8", "replace"))
            except OSError:
                continue
    return "".join(texts)


@needs_server
def test_the_stream_has_the_presets_size_and_rate_and_sound(server: RtmpServer) -> None:
    with on_air(server.address, replace(PRESETS["bilibili"], kbit_s=600)) as cast:
        wait_until(cast, streams, 15)
        seen = {each["codec_type"]: each for each in probe(server.address, KEY, 2)}
        state = wait_until(cast, lambda state: bool(state["kbit_s"]) and state["sound"] == "microphone", 5)

    picture, sound = seen["video"], seen["audio"]
    assert (picture["codec_name"], picture["width"], picture["height"]) == ("h264", "1280", "720")
    assert float(Fraction(picture["avg_frame_rate"])) == pytest.approx(15, rel=0.03), (
        "FLV's times are in whole ms"
    )
    assert picture["color_space"] == "bt709"
    assert (sound["codec_name"], sound["sample_rate"]) == ("aac", "48000")
    assert int(sound["nb_read_packets"]) > 40
    assert state["encoder"] == "x264" and int(str(state["frames"])) >= 45
    assert cast.state()["state"] == "stopped"


@needs_server
def test_a_server_that_goes_away_is_taken_up_again(
    server: RtmpServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with on_air(server.address) as cast:
        wait_until(cast, streams, 15)
        server.stop()
        gone = wait_until(cast, lambda state: state["state"] == "waiting", 10)
        before = int(str(cast.state()["drops"]))
        waits = []
        for _ in range(20):
            began = time.perf_counter()
            cast.frame(np.zeros((120, 160, 3), np.uint8), began)
            waits.append(time.perf_counter() - began)
            time.sleep(0.05)
        server.start()
        back = time.monotonic()
        state = wait_until(cast, streams, 10)
        took = time.monotonic() - back
        told = json.dumps(cast.state(), ensure_ascii=False) + read_processes()

    assert took <= 5.0
    assert sorted(waits)[len(waits) // 2] < 0.001, "a frame is handed over at once, whatever the server does"
    assert gone["problem"] and gone["kbit_s"] == 0
    assert state["reconnects"] == 1 and int(str(state["drops"])) > before
    assert KEY not in told + caplog.text and "•" in told
    assert KEY in server.log.read_text(), "it did arrive where it belongs"


@needs_server
def test_a_refused_key_is_said_and_given_up(server: RtmpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast_module, "GIVE_UP_AFTER", 2)
    with on_air(server.closed) as cast:
        state = wait_until(cast, lambda state: state["state"] == "failed", 20)

    assert state["problem"] == REFUSED.message and "key" in str(state["hint"])
    assert cast.state()["state"] == "failed"


def test_before_the_first_frame_nothing_is_connected() -> None:
    asked: list[object] = []
    cast = Broadcast(read_target(SMALL, "rtmp://127.0.0.1:1/live", KEY), SMALL, ffmpeg="/nowhere", codec=X264)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(broadcast_module, "reach", lambda target: asked.append(target))
        time.sleep(0.2)
        cast.stop()

    assert not asked and cast.state()["state"] == "stopped" and cast.state()["frames"] == 0


def test_a_server_that_is_not_there_is_asked_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = threading.Semaphore(0)

    def never(target: object) -> Problem:
        asked.release()
        return Problem("Away.", "Wait.")

    monkeypatch.setattr(broadcast_module, "reach", never)
    monkeypatch.setattr(broadcast_module, "choose_wait", lambda tries: 0.001)
    with on_air("rtmp://127.0.0.1:1/live") as cast:
        assert all(asked.acquire(timeout=5) for _ in range(20)), "longer than what is given up on a bad key"
        state = cast.state()

    assert (state["state"], state["problem"], state["frames"]) == ("waiting", "Away.", 0)


def test_waits_grow_and_stay_short_enough_to_be_back_soon() -> None:
    waits = [choose_wait(tries) for tries in range(1, 30)]

    assert waits[0] == 0.5 and waits == sorted(waits) and max(waits) <= 2.0
    assert choose_wait(10_000) == 10.0


def test_the_relay_alone_says_nothing_of_its_address(tmp_path: Path) -> None:
    import subprocess
    import sys

    from pipelines.webcam.push_processes import RELAY

    pytest.importorskip("av")
    out, into = os.pipe()
    os.write(into, f"rtmp://127.0.0.1:1/live/{KEY}".encode())
    os.close(into)
    done = subprocess.run(
        [sys.executable, "-I", RELAY, str(out)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        pass_fds=(out,),
        timeout=20,
        check=False,
    )
    os.close(out)

    assert done.returncode == 1 and b"failed" in done.stdout
    assert KEY.encode() not in done.stdout + done.stderr
