"""How far a download is, how fast it goes, and the words for it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from weights.disk import megabytes
from weights.spec import Status

WINDOW = 5.0
"""Seconds over which speed is taken."""
ACTIVE = ("queued", "downloading")


@dataclass(frozen=True)
class ModelState:
    """Where one model stands. Sizes in bytes, `speed` in bytes a second, `eta` in seconds.

    `total` and `eta` are None while they are not known. `error` and `hint` say why a model failed or is
    damaged, or what keeps a running download waiting. `on_disk` counts a half-done download too.
    """

    id: str
    status: Status
    done: int = 0
    total: int | None = None
    speed: float = 0.0
    eta: float | None = None
    error: str = ""
    hint: str = ""
    on_disk: int = 0

    @property
    def usable(self) -> bool:
        """Whether the model can be loaded now."""
        return self.status in ("builtin", "ready")

    @property
    def active(self) -> bool:
        """Whether the model is on its way."""
        return self.status in ACTIVE


class Meter:
    """Bytes over time, remembered for a few seconds. Safe to use from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._samples: deque[tuple[float, int]] = deque()
        self._guard = threading.Lock()

    def note(self, done: int) -> None:
        """Take a sample. Fewer bytes than before (a start anew) forget what was."""
        now = self._clock()
        with self._guard:
            if self._samples and done < self._samples[-1][1]:
                self._samples.clear()
            self._samples.append((now, done))
            while now - self._samples[0][0] > WINDOW and len(self._samples) > 2:
                self._samples.popleft()

    def speed(self) -> float:
        """Bytes a second over the last few seconds, up to now: it sinks while nothing arrives."""
        with self._guard:
            if len(self._samples) < 2:
                return 0.0
            (start, first), (_, last) = self._samples[0], self._samples[-1]
        return (last - first) / max(self._clock() - start, 1e-3)


def describe(state: ModelState) -> str:
    """One line for a terminal, such as "modnet  43 %  11.1 MB of 25.9 MB  5.1 MB/s  3 s left"."""
    parts = [f"{state.id:<18}", state.status]
    if state.status == "downloading":
        parts[1:] = _figures(state)
    if state.error:
        parts.append(f"{state.error} {state.hint}".strip())
    elif state.usable:
        parts.append(megabytes(state.on_disk))
    return "  ".join(parts)


def _figures(state: ModelState) -> list[str]:
    if not state.total:
        return ["asking the hub"]
    parts = [
        f"{state.done / state.total:4.0%}",
        f"{megabytes(state.done)} of {megabytes(state.total)}",
        f"{megabytes(state.speed)}/s",
    ]
    return parts if state.eta is None else [*parts, f"{state.eta:.0f} s left"]
