"""One download from the click to its end, and the state of a model as task and disk tell it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

from weights.disk import size_of
from weights.errors import InkframeError, ModelDamaged, ModelMissing
from weights.files import Presence, folder_of, look, partial_of
from weights.hub.progress import ACTIVE, Meter, ModelState
from weights.spec import ModelSpec, Status
from weights.stamps import Stamps


@dataclass
class Task:
    """What its worker writes and everybody reads. `done` and `total` in bytes."""

    spec: ModelSpec
    status: Status = "queued"
    done: int = 0
    total: int | None = None
    error: InkframeError | None = None
    meter: Meter = field(default_factory=Meter)
    cancelled: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def end(self, status: Status, error: InkframeError | None = None) -> None:
        """Settle how it came out; whoever waits for it goes on."""
        self.error, self.status = error, status
        self.ended.set()

    def arrived(self, done: int) -> None:
        """Note how many bytes are here."""
        self.done = done
        self.meter.note(done)

    def listed(self, total: int) -> None:
        """Note how many there will be."""
        self.total = total


def state_of(spec: ModelSpec, cache: Path, task: Task | None, stamps: Stamps) -> ModelState:
    """The state of a model whose last download, if there was one, is `task`."""
    if task is not None and task.status in ACTIVE:
        return _running(task, size_of(partial_of(spec, cache)))
    found = look(spec, cache, stamps=stamps)
    if found.problem is None:
        on_disk = found.size + size_of(partial_of(spec, cache))
        status: Status = "ready" if spec.source == "modelscope" else "builtin"
        return ModelState(spec.id, status, found.size, found.size, on_disk=on_disk)
    return _lacking(spec, cache, task, found)


def _running(task: Task, on_disk: int) -> ModelState:
    # read once: the worker goes on writing
    done, total, speed, error = task.done or on_disk, task.total, task.meter.speed(), task.error
    left = None if total is None or speed <= 0 else (total - done) / speed
    return ModelState(
        task.spec.id,
        task.status,
        done,
        total or task.spec.known_bytes,
        speed,
        left,
        error.message if error else "",
        error.hint if error else "",
        on_disk,
    )


def _lacking(spec: ModelSpec, cache: Path, task: Task | None, found: Presence) -> ModelState:
    partial = size_of(partial_of(spec, cache))
    on_disk = partial + size_of(folder_of(spec, cache))
    total = (task.total if task is not None else None) or spec.known_bytes
    problem = task.error if task is not None and task.status == "failed" else None
    if problem is None and (isinstance(found.problem, ModelDamaged) or spec.source != "modelscope"):
        problem = found.problem
    if problem is None:
        return ModelState(spec.id, "missing", partial, total, on_disk=on_disk)
    status: Status = "missing" if isinstance(problem, ModelMissing) else "failed"
    return ModelState(
        spec.id, status, partial, total, error=problem.message, hint=problem.hint, on_disk=on_disk
    )
