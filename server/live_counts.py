"""The live sessions of this process, and what /metrics says of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from server.live_session import LiveSession

MILLI = 1000.0


class Sessions:
    """Who is live; no more than `most` at once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._open: list[LiveSession] = []
        self.total = 0

    def enter(self, session: LiveSession) -> bool:
        """Take a place; False where none is left."""
        with self._lock:
            if len(self._open) >= self._most:
                return False
            self._open.append(session)
            self.total += 1
            return True

    def leave(self, session: LiveSession) -> None:
        """Forget a session that ended."""
        with self._lock:
            self._open.remove(session)

    def list(self) -> tuple[LiveSession, ...]:
        """The sessions that are open now."""
        with self._lock:
            return tuple(self._open)


class LiveCounts(Collector):
    """What the sessions' own figures say, read when it is asked for."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def describe(self) -> Iterator[Metric]:
        """Nothing is asked of the sessions when the collector is registered."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        stats = [session.stats() for session in self._sessions.list()]
        yield GaugeMetricFamily("inkframe_live_sessions", "Live sessions that are open.", value=len(stats))
        yield CounterMetricFamily(
            "inkframe_live_sessions_begun", "Live sessions so far.", value=self._sessions.total
        )
        rates = [_number(each.get("fps")) for each in stats]
        yield GaugeMetricFamily(
            "inkframe_live_fps", "Frames a second, all open live sessions.", value=sum(rates)
        )
        yield _worst_ages(stats)
        yield _sum_drops(stats)


def _worst_ages(stats: list[dict[str, Any]]) -> Metric:
    """The session that is worst off: a mean over sessions would hide it."""
    ages = GaugeMetricFamily(
        "inkframe_live_frame_age_seconds", "Capture to display, the slowest session.", labels=("quantile",)
    )
    for name, quantile in (("age_p50_ms", "0.5"), ("age_p95_ms", "0.95")):
        ages.add_metric((quantile,), max((_number(each.get(name)) for each in stats), default=0.0) / MILLI)
    return ages


def _sum_drops(stats: list[dict[str, Any]]) -> Metric:
    drops = GaugeMetricFamily(
        "inkframe_live_dropped", "Frames dropped in open live sessions.", labels=("place",)
    )
    places: dict[str, float] = {}
    for each in stats:
        given = each.get("drops")
        counted = given if isinstance(given, Mapping) else {}
        for place, count in {**counted, "refused": each["refused"], "sending": each["overtaken"]}.items():
            places[place] = places.get(place, 0.0) + _number(count)
    for place, count in sorted(places.items()):
        drops.add_metric((place,), count)
    return drops


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
