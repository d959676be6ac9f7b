"""Run a long command: each line handed on and logged as it comes, under a time limit."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

log = logging.getLogger(__name__)

KEPT_LINES = 400
GUARD = str(Path(__file__).with_name("guard.py"))


@dataclass(frozen=True)
class Outcome:
    """How a command ended: its exit code (below 0: the signal), its last lines, and whether time ran out."""

    code: int
    lines: tuple[str, ...]
    timed_out: bool = False

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


class Runner(Protocol):
    """What `run_command` is, so that tests can stand in for it."""

    def __call__(
        self,
        command: Sequence[str],
        *,
        limit: float,
        environ: Mapping[str, str],
        on_line: Callable[[str], None] | None = None,
    ) -> Outcome: ...


def run_command(
    command: Sequence[str],
    *,
    limit: float,
    environ: Mapping[str, str],
    on_line: Callable[[str], None] | None = None,
) -> Outcome:
    """Run `command` to its end, or for `limit` seconds; stdout and stderr come as one stream of lines.

    It ends with this process, also when that is killed.
    """
    log.info("running %s", " ".join(command))
    lines: deque[str] = deque(maxlen=KEPT_LINES)
    with (
        subprocess.Popen(
            [sys.executable, "-I", GUARD, *command],
            stdin=subprocess.PIPE,  # held open, never written to
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=dict(environ),
            start_new_session=True,
        ) as process,
        _ended_after(process, limit) as expired,
    ):
        for line in process.stdout or ():
            log.debug("%s", line.rstrip())
            lines.append(line.rstrip())
            if on_line:
                on_line(line.rstrip())
        code = process.wait()
    outcome = Outcome(code, tuple(lines), expired.is_set())
    if code != 0:
        log.error("%s ended with %d:\n%s", command[0], code, "\n".join(outcome.lines[-40:]))
    return outcome


@contextmanager
def _ended_after(process: subprocess.Popen[str], limit: float) -> Iterator[threading.Event]:
    """Kill the command and what it started after `limit` seconds, or at once when the caller breaks off."""
    expired = threading.Event()

    def end() -> None:
        expired.set()
        _kill_session(process)

    timer = threading.Timer(limit, end)
    timer.daemon = True
    timer.start()
    try:
        yield expired
    except BaseException:
        _kill_session(process)
        raise
    finally:
        timer.cancel()


def _kill_session(process: subprocess.Popen[str]) -> None:
    import os
    import signal

    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (AttributeError, ProcessLookupError, PermissionError):  # Windows has no process groups
        process.kill()
