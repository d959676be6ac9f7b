"""Counters for Prometheus, in a registry of their own."""

from __future__ import annotations

import time
from collections import Counter as Counted
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipelines.jobs.desk import JobDesk
from pipelines.studio import Studio

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER = "other"
"""The label of what callers can make up: each new one would stay in memory for good."""
SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """Requests by route and status, their seconds, and what the studio is busy with."""

    def __init__(self, studio: Studio) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.requests = Counter("inkframe_requests", "REST requests.", labels, registry=self.registry)
        self.seconds = Histogram(
            "inkframe_request_seconds",
            "Seconds a request.",
            ("route",),
            buckets=SECONDS,
            registry=self.registry,
        )
        load = Gauge("inkframe_pictures_in_work", "Pictures in work or waiting.", registry=self.registry)
        load.set_function(lambda: studio.gate.load)
        loaded = Gauge("inkframe_models_loaded", "Models in memory.", registry=self.registry)
        loaded.set_function(lambda: len(studio.store.loaded()))
        self.registry.register(JobCounts(studio.jobs))

    def text(self) -> bytes:
        """The exposition that Prometheus scrapes."""
        return generate_latest(self.registry)


class JobCounts(Collector):
    """What the list of jobs says, read when it is asked for."""

    def __init__(self, jobs: JobDesk) -> None:
        self._jobs = jobs

    def collect(self) -> Iterator[Metric]:
        jobs = GaugeMetricFamily("inkframe_jobs", "Jobs.", labels=("kind", "status"))
        pieces = GaugeMetricFamily(
            "inkframe_job_pieces", "Pictures and frames of the jobs.", labels=("kind", "outcome")
        )
        done, failed = Counted[str](), Counted[str]()
        for kind, status, count, pieces_done, pieces_failed in self._jobs.count():
            jobs.add_metric((kind, status), count)
            done[kind] += pieces_done
            failed[kind] += pieces_failed
        for kind in done:
            pieces.add_metric((kind, "done"), done[kind])
            pieces.add_metric((kind, "failed"), failed[kind])
        yield jobs
        yield pieces


class CountRequests:
    """ASGI middleware that feeds Metrics; only the app's own routes are counted, by their pattern."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        start, status = time.perf_counter(), 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            route = getattr(scope.get("route"), "path", OTHER)
            method = scope["method"] if scope["method"] in METHODS else OTHER
            self._metrics.requests.labels(method, route, str(status)).inc()
            self._metrics.seconds.labels(route).observe(time.perf_counter() - start)
