"""One connection: what the other end does not take, and how its end is told."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from pipelines.webcam.broadcast_presets import PRESETS
from pipelines.webcam.broadcast_target import Target, read_target
from pipelines.webcam.push_line import STUCK_SECONDS, Line
from pipelines.webcam.push_problems import ENCODER, STUCK, Problem
from pipelines.webcam.push_processes import launch

KEY = "very-secret-key"
SLEEPS = "import time; time.sleep(60)"
QUITS = f"import sys; sys.stderr.write('can not encode {KEY}\\n'); sys.exit(1)"


def aim(port: int = 1) -> Target:
    return read_target(PRESETS["custom"], f"rtmp://127.0.0.1:{port}/live", KEY)


@contextmanager
def open_line(program: str, clock: list[float]) -> Iterator[Line]:
    """A line whose encoder is a Python program."""
    target = aim()
    line = Line(launch(target, lambda sound: [sys.executable, "-c", program]), target.mask, lambda: clock[0])
    try:
        yield line
    finally:
        line.close()


def wait_for_problem(line: Line) -> Problem | None:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        line.carry(0.05)
        if problem := line.find_problem():
            return problem
    return None


def test_an_end_that_takes_nothing_blocks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.webcam.push_processes.END_SECONDS", 0.05)
    clock = [0.0]
    with open_line(SLEEPS, clock) as line:
        line.put(np.zeros(5_000_000, np.uint8).data, bytes(6400))
        began = time.perf_counter()
        for _ in range(20):
            line.carry(0.01)
        took = time.perf_counter() - began

        assert not line.hungry, "the pipe holds less than that"
        assert took < 2.0
        assert line.find_problem() is None
        clock[0] += STUCK_SECONDS + 0.1
        assert line.find_problem() is STUCK


def test_an_encoder_that_ends_is_told_and_its_words_are_masked(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with open_line(QUITS, [0.0]) as line:
        problem = wait_for_problem(line)
        line.carry(0.1)

    assert problem is ENCODER
    assert "can not encode" in caplog.text and KEY not in caplog.text


def test_a_missing_ffmpeg_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.webcam.push_processes.END_SECONDS", 0.05)
    started: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *given: object, **named: object) -> None:
            super().__init__(*given, **named)  # type: ignore[call-overload]
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)

    with pytest.raises(FileNotFoundError):
        launch(aim(), lambda sound: ["/nowhere/ffmpeg"])

    assert len(started) == 1 and started[0].poll() is not None
