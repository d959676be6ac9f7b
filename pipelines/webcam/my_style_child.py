"""Run a part of a job in a process of its own, which keeps what it did when it is to stop."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from pipelines.errors import InkframeError, OutOfMemory
from pipelines.jobs.work import Work
from pipelines.settings import ROOT
from pipelines.webcam.my_style_files import LOG

TICK, GRACE = 0.3, 30.0
"""Seconds between two looks at it, and for it to write its checkpoint when it is to stop."""


class TrainingFailed(InkframeError):
    """The training ended before its time."""

    code, status = "training_failed", 503


def run_child(command: Sequence[str], work: Work, look: Callable[[], None] = lambda: None) -> None:
    """Run a command to its end and `look` now and then.

    Raises Stopped when the work is to stop, after the command has kept what it did; TrainingFailed, OutOfMemory.
    """
    environ = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "OMP_WAIT_POLICY": "PASSIVE",
        "PYTHONWARNINGS": "ignore",
    }
    with (
        (work.folder / LOG).open("ab") as log,
        subprocess.Popen(
            list(command),
            cwd=ROOT,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # Ctrl+C is for the app, which then stops the training in its own way
            start_new_session=True,
        ) as process,
    ):
        try:
            while process.poll() is None:
                if work.stopping.wait(TICK):
                    end(process)
                    work.check()
                look()
        finally:
            process.kill()
    if process.returncode:
        raise explain(process.returncode, work.folder / LOG)


def end(process: subprocess.Popen[bytes]) -> None:
    """Let it keep what it did, for GRACE seconds."""
    process.terminate()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()


def explain(code: int, log: Path) -> InkframeError:
    """What a command's end means to a person."""
    last = (log.read_text("utf-8", "replace").strip().splitlines() or [""])[-1][-300:]
    if code == -9 or "out of memory" in last.lower() or "MemoryError" in last:
        return OutOfMemory("The training ran out of memory.", "Close other programs, then resume the job.")
    return TrainingFailed(
        f"The training stopped by itself: {last or f'exit code {code}'}.",
        "Resume the job; it goes on where it was.",
    )
