"""One line in a terminal that says how far a batch is."""

from __future__ import annotations

import shutil
import sys
import time
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from pipelines.jobs.job import Job

LINE_SECONDS = 10.0
"""Where no terminal shows it, progress is a line now and then."""


class ProgressLine:
    """Shows a job again and again in the same place; use as a context, which leaves a clean line."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._shown = ""
        self._next = time.monotonic() + LINE_SECONDS

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def show(self, job: Job) -> None:
        """Say how far it is."""
        if self._live:
            width = shutil.get_terminal_size().columns - 1
            text = describe(job)[:width]
            self._stream.write("\r" + text + " " * (len(self._shown) - len(text)))
            self._stream.flush()
            self._shown = text
        elif time.monotonic() >= self._next:
            self._next = time.monotonic() + LINE_SECONDS
            self._stream.write(describe(job) + "\n")
            self._stream.flush()

    def end(self) -> None:
        """Take the line away."""
        if self._shown:
            self._stream.write("\r" + " " * len(self._shown) + "\r")
            self._stream.flush()
        self._shown = ""


def describe(job: Job) -> str:
    """`123 of 300  2 failed  2.1/s  1 min 24 s left  trip/IMG_1.jpg`"""
    words = [f"{job.done + job.failed} of {job.total}"]
    if job.failed:
        words.append(f"{job.failed} failed")
    if job.rate > 0:
        words.append(f"{job.rate:.1f}/s")
    if job.seconds_left is not None:
        words.append(f"{describe_seconds(job.seconds_left)} left")
    return "  ".join([*words, job.current])


def describe_seconds(seconds: float) -> str:
    """A time for people: `45 s`, `3 min 20 s`, `2 h 5 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
