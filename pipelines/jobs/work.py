"""What the function that does a job is handed: where its files are, whether to stop, how to tell how far."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipelines.jobs.errors import Stopped
from pipelines.jobs.job import Job

WINDOW_SECONDS = 20.0
"""The speed is that of the last so many seconds."""
SAVE_SECONDS = 1.0


@dataclass(frozen=True)
class Ending:
    """What a job leaves: `run` is the id of the run that it made, if any."""

    run: str = ""
    message: str = ""


class Work:
    """One try at a job. All times are those of a clock that nobody can set."""

    def __init__(self, job: Job, folder: Path, save: Callable[[Job], object]) -> None:
        self.folder = folder
        self.stopping = threading.Event()
        self.cancelled = False
        self._job = job
        self._save = save
        self._lock = threading.Lock()
        self._start = self._saved = time.monotonic()
        self._counts: deque[tuple[float, int]] = deque()

    @property
    def job(self) -> Job:
        """The job as it stands now."""
        with self._lock:
            now = time.monotonic()
            return replace(self._job, seconds=self._job.seconds + now - self._start, rate=self._rate(now))

    def check(self) -> None:
        """Raise Stopped when the work is to stop."""
        if self.stopping.is_set():
            raise Stopped

    def stop(self, *, cancelled: bool = False) -> None:
        """Ask the work to stop as soon as it can."""
        self.cancelled = self.cancelled or cancelled
        self.stopping.set()

    def tell(self, **changes: Any) -> None:
        """Change fields of the job: done, failed, total, current, message, hint, run, settings."""
        with self._lock:
            if changes.get("done", 0) > self._job.done:
                changes["broken_off"] = 0
            self._job = replace(self._job, **changes)
            now = time.monotonic()
            self._counts.append((now, self._job.done + self._job.failed))
            while len(self._counts) > 2 and self._counts[1][0] < now - WINDOW_SECONDS:
                self._counts.popleft()
            due = now - self._saved > SAVE_SECONDS or "run" in changes
            self._saved = now if due else self._saved
        if due:
            self._save(self.job)

    def _rate(self, now: float) -> float:
        if len(self._counts) < 2:
            return 0.0
        (start, before), (_, count) = self._counts[0], self._counts[-1]
        return (count - before) / max(now - start, 1e-3)
