"""The line that says how far a batch is."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from cli_progress import ProgressLine, describe, describe_seconds
from pipelines.jobs.job import Job

JOB = Job(
    "batch-0",
    "batch",
    "running",
    "in",
    "2026-01-01",
    total=300,
    done=120,
    failed=2,
    current="a/b.jpg",
    rate=2.0,
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_it_says_how_far_how_fast_and_how_long_still() -> None:
    assert describe(JOB) == "122 of 300  2 failed  2.0/s  1 min 29 s left  a/b.jpg"
    assert describe(replace(JOB, failed=0, rate=0.0)) == "120 of 300  a/b.jpg"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (3599, "59 min 59 s"), (7500, "2 h 5 min")],
)
def test_times_are_for_people(seconds: float, text: str) -> None:
    assert describe_seconds(seconds) == text


def test_a_terminal_shows_one_line_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    stream = Terminal()
    with ProgressLine(stream) as line:
        line.show(JOB)
        line.show(replace(JOB, current=""))
    shown = stream.getvalue()
    assert "\n" not in shown
    assert max(map(len, shown.split("\r"))) <= 29
    assert shown.endswith("\r")
    assert shown.split("\r")[-2].strip() == ""


def test_a_file_gets_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("cli_progress.time.monotonic", lambda: now[0])
    stream = io.StringIO()
    with ProgressLine(stream) as line:
        for second in range(26):
            now[0] = second
            line.show(JOB)
    assert stream.getvalue().splitlines() == [describe(JOB)] * 2
