"""The live loop's pulse: rates, ages, times and drops over the last seconds."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from pipelines.webcam.recent import Recent, spread, stray

THREADS = (("decode", "fit"), ("draw",), ("smooth",), ("encode",))
"""Stages that one thread does in turn."""
BUSY = 0.8
"""Share of its time from which on a thread holds the rate down."""
GRADES = ((30, "A+"), (20, "A"), (15, "B"), (10, "C"))


@dataclass(frozen=True)
class Stats:
    """A moment of the loop. Rates per second, times in ms over the last seconds, sizes in px.

    `age_*` is capture to display as the client measured it, None until it has; `server_*` is arrival to
    delivery; `stages` is the mean of each stage; `jitter_ms` how far frames' intervals stray from their median,
    in the mean; `drops` counts since the start by place; `limited_by` names what holds the rate down: a stage,
    or "source" where the loop waits for frames.
    """

    fps: float = 0.0
    grade: str = "D"
    source_fps: float = 0.0
    age_p50_ms: float | None = None
    age_p95_ms: float | None = None
    server_p50_ms: float | None = None
    server_p95_ms: float | None = None
    jitter_ms: float = 0.0
    stages: Mapping[str, float] = field(default_factory=dict)
    limited_by: str = "source"
    width: int = 0
    height: int = 0
    longest: int = 0
    size_before: int = 0
    size_why: str = "start"
    size_took_ms: float = 0.0
    size_allowed_ms: float = 0.0
    size_sentence: str = ""
    target_fps: float = 0.0
    style: str = ""
    preparing: str = ""
    smoothing: str = "off"
    received: int = 0
    delivered: int = 0
    drops: Mapping[str, int] = field(default_factory=dict)
    kbit_s: float = 0.0
    seconds: float = 0.0
    cpu_percent: float = 0.0
    memory_mb: float = 0.0
    gpu_percent: float | None = None
    gpu_memory_mb: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """For JSON: plain numbers, texts and dictionaries."""
        return asdict(self)


def grade(fps: float) -> str:
    """The field's grades: 30 frames a second A+, 20 A, 15 B, 10 C, less D."""
    return next((name for least, name in GRADES if round(fps, 1) >= least), "D")


class Telemetry:
    """Takes measurements from the loop's threads; safe to use from several."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._began = clock()
        self._recent: dict[str, Recent] = {}
        self._stages: dict[str, Recent] = {}
        self._drops: Counter[str] = Counter()
        self._received = self._delivered = 0

    @contextmanager
    def time(self, stage: str) -> Iterator[None]:
        """Measure a stage of one frame."""
        start = self._clock()
        yield
        self.took(stage, self._clock() - start)

    def took(self, stage: str, seconds: float) -> None:
        """Note what a stage took for one frame."""
        with self._lock:
            self._stages.setdefault(stage, Recent(self._clock)).add(1000 * seconds)

    def arrived(self) -> None:
        """Count a frame that came in."""
        with self._lock:
            self._received += 1
            self._of("arrived").add(0)

    def dropped(self, place: str) -> None:
        """Count a frame that made way for a newer one, by the stage before which it waited."""
        with self._lock:
            self._drops[place] += 1

    def delivered(self, server_ms: float, size: int) -> None:
        """A frame left, so many ms after it came, in so many bytes."""
        with self._lock:
            self._delivered += 1
            self._of("server").add(server_ms)
            self._of("bytes").add(size)

    def seen(self, age_ms: float) -> None:
        """Note how old a frame was, in ms, when it was shown."""
        with self._lock:
            self._of("age").add(age_ms)

    def facts(self) -> dict[str, Any]:
        """The fields of Stats that are measured here."""
        with self._lock:
            left, stages = self._of("server"), self._stages
            fps = left.rate()
            means = {name: float(each.values().mean()) for name, each in stages.items() if each.values().size}
            p50, p95 = spread(self._of("age").values())
            server_p50, server_p95 = spread(left.values())
            sizes = self._of("bytes").values()
            return {
                "fps": fps,
                "grade": grade(fps),
                "source_fps": self._of("arrived").rate(),
                "age_p50_ms": p50,
                "age_p95_ms": p95,
                "server_p50_ms": server_p50,
                "server_p95_ms": server_p95,
                "jitter_ms": 1000 * stray(left.intervals()),
                "stages": means,
                "limited_by": find_limit({name: each.load() for name, each in stages.items()}),
                "received": self._received,
                "delivered": self._delivered,
                "drops": dict(self._drops),
                "kbit_s": float(sizes.mean()) * fps * 8 / 1000 if sizes.size else 0.0,
                "seconds": self._clock() - self._began,
            }

    def _of(self, kind: str) -> Recent:
        return self._recent.setdefault(kind, Recent(self._clock))


def find_limit(loads: Mapping[str, float]) -> str:
    """The longest stage of the busiest thread, by the share of time that each stage takes up; "source" where
    every thread has time to spare."""
    busiest = max(THREADS, key=lambda stages: sum(loads.get(name, 0.0) for name in stages))
    if sum(loads.get(name, 0.0) for name in busiest) < BUSY:
        return "source"
    return max(busiest, key=lambda name: loads.get(name, 0.0))
