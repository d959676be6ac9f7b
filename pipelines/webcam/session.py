"""A live session's stats over time, as its report and its charts want them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from pipelines.webcam.telemetry import grade

MOST = 3600
"""Moments that are kept; of longer sessions every second one goes, again and again."""
HELD = 0.95
"""Share of the wished rate from which on it counts as held."""
REASON = ("size_why", "size_before", "longest", "size_took_ms", "size_allowed_ms")
"""What a size's move is told by."""
EVENTS = ("style", "smoothing", "target_fps", "longest")
"""Whose changes are told one by one."""

Moment = Mapping[str, Any]


@dataclass(frozen=True)
class Event:
    """`what` of EVENTS became `now`, so many `seconds` after the session began; `why` is an English sentence or "",
    `reason` its figures."""

    seconds: float
    what: str
    now: str
    why: str
    reason: Mapping[str, Any]


class Session:
    """Moments of a session in order; `add` what `LiveLoop.stats().as_dict()` gives, about once a second."""

    def __init__(
        self, most: int = MOST, now: Callable[[], datetime] = lambda: datetime.now().astimezone()
    ) -> None:
        self.began, self._most = now(), most
        self._moments: list[Moment] = []
        self._events: deque[Event] = deque(maxlen=most)
        self._last: Moment = {}
        self._every = self._count = 0

    @property
    def moments(self) -> Sequence[Moment]:
        """Oldest first."""
        return tuple(self._moments)

    @property
    def events(self) -> Sequence[Event]:
        """Changes of EVENTS, oldest first, the latest `most` of them."""
        return tuple(self._events)

    def add(self, stats: Moment) -> None:
        """Take one moment; its `seconds` count from the beginning of the session."""
        self._events.extend(list_changes(self._last, stats))
        self._last = stats
        self._count += 1
        if self._count % (1 << self._every) == 0:
            self._moments.append(stats)
        if len(self._moments) > self._most:
            self._moments = self._moments[1::2]
            self._every += 1


def list_changes(before: Moment, now: Moment) -> list[Event]:
    """What of EVENTS differs; nothing does at the first moment."""
    return [
        Event(
            float(now.get("seconds", 0.0)),
            name,
            show(now.get(name, "")),
            str(now.get("size_sentence", "")) if name == "longest" else "",
            {each: now[each] for each in REASON if each in now} if name == "longest" else {},
        )
        for name in EVENTS
        if before and before.get(name) != now.get(name)
    ]


def sum_up(moments: Sequence[Moment]) -> dict[str, Any]:
    """The session in figures, over the moments at which frames came out; None for what was never measured."""
    live = [moment for moment in moments if moment.get("fps")]
    fps = [float(moment["fps"]) for moment in live]
    held = [
        each >= HELD * float(moment.get("target_fps") or 0) for each, moment in zip(fps, live, strict=True)
    ]
    last: Moment = moments[-1] if moments else {}
    mean = float(np.mean(fps)) if fps else 0.0
    return {
        "seconds": round(float(last.get("seconds", 0.0)), 1),
        "fps": round(mean, 1),
        "grade": grade(mean),
        "held_share": round(float(np.mean(held)), 3) if held else None,
        "age_p50_ms": find_median(live, "age_p50_ms"),
        "age_p95_ms": find_median(live, "age_p95_ms"),
        "server_p95_ms": find_median(live, "server_p95_ms"),
        "delivered": int(last.get("delivered", 0)),
        "received": int(last.get("received", 0)),
        "drops": dict(last.get("drops", {})),
        "memory_mb": find_most(moments, "memory_mb"),
        "cpu_percent": find_median(live, "cpu_percent"),
    }


def find_median(moments: Sequence[Moment], name: str) -> float | None:
    """Of the moments at which it was measured."""
    values = [float(moment[name]) for moment in moments if moment.get(name) is not None]
    return round(float(np.median(values)), 1) if values else None


def find_most(moments: Sequence[Moment], name: str) -> float | None:
    """The largest that was measured."""
    values = [float(moment[name]) for moment in moments if moment.get(name) is not None]
    return round(max(values), 1) if values else None


def show(value: object) -> str:
    """A figure without needless digits, a text as it is."""
    return f"{value:g}" if isinstance(value, float) else str(value)
