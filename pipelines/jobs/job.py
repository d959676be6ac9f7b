"""A job: long work with progress that outlives a restart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["queued", "running", "paused", "done", "failed", "cancelled"]
ENOUGH = 4
"""Pieces before which no time left is told: the first ones wait for a model to load."""
ENDED: frozenset[str] = frozenset({"done", "failed", "cancelled"})


@dataclass(frozen=True)
class Job:
    """What anyone may know of a job.

    `done`, `failed` and `total` count its pieces (files of a batch, frames of a film); `total` grows while
    the input is still being read, 0 when nothing is known. `seconds` were spent working, all tries together;
    `rate` is pieces a second lately, 0 when not running; `current` what is worked on now. `run` is the id of
    the finished run in the history, "" before. `message` says why it is paused or failed, or what is done
    now. `broken_off` is how many processes in a row ended in the middle of it without a piece more done.
    """

    id: str
    kind: str
    status: Status
    title: str
    created: str
    settings: dict[str, Any] = field(default_factory=dict)
    done: int = 0
    failed: int = 0
    total: int = 0
    message: str = ""
    hint: str = ""
    current: str = ""
    seconds: float = 0.0
    rate: float = 0.0
    run: str = ""
    broken_off: int = 0

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    @property
    def left(self) -> int:
        """Pieces still to do."""
        return max(0, self.total - self.done - self.failed)

    @property
    def seconds_left(self) -> float | None:
        """Expected seconds to the end, None when it can't be said."""
        if self.status != "running" or self.rate <= 0 or self.done + self.failed < ENOUGH:
            return None
        return self.left / self.rate
