"""Fifty people at once, for Locust: `locust -f locust_users.py --headless --host ADDRESS`.

Runs in an environment of Locust's own. INKFRAME_LOAD_FOLDER holds what they send (photo.jpg, small.jpg,
four.zip, frame-N.jpg) and gets `stats.json` at the end. A full server may say 429 or 503 with Retry-After: that
is counted apart, and heeded. Anything else that is not asked for is a failure.
"""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

import gevent
from locust import HttpUser, between, constant, events, task
from locust_live import LIVE_ROUTE, watch_oneself
from locust_page import Page

FOLDER = Path(os.environ["INKFRAME_LOAD_FOLDER"])
PHOTO, SMALL, ZIP = ((FOLDER / name).read_bytes() for name in ("photo.jpg", "small.jpg", "four.zip"))
FRAMES = [path.read_bytes() for path in sorted(FOLDER.glob("frame-*.jpg"))]
PATIENCE = 120.0
"""Seconds that a person waits for an answer: longer is a failure."""
BUSY, TURNED_AWAY = (429, 503), " (turned away)"
LONGEST_REST = 30.0
KEPT = 0.25
"""Share of the results that stay in the history; the others are deleted by who made them."""


class Guest(HttpUser):
    """Someone who heeds Retry-After."""

    abstract = True
    wait_time = between(5, 25)

    def ask(
        self,
        method: str,
        path: str,
        *,
        name: str | None = None,
        good: tuple[int, ...] = (200,),
        **more: Any,
    ) -> Any:
        """Send a request; the answer, or None when it was turned away or failed."""
        name = f"{method} {name or path}"
        with self.client.request(
            method, path, name=name, timeout=PATIENCE, catch_response=True, **more
        ) as answer:
            if answer.status_code in good:
                answer.success()
                return answer
            rest = answer.headers.get("Retry-After") if answer.status_code in BUSY else None
            if rest is None:
                answer.failure(f"{answer.status_code}: {(answer.text or str(answer.error))[:200]}")
                return None
            answer.request_meta["name"] = name + TURNED_AWAY
            answer.success()
        gevent.sleep(min(float(rest), LONGEST_REST))
        return None

    def tidy_up(self, answer: Any) -> None:
        """Delete the run of an answer, more often than not."""
        if answer is not None and random.random() > KEPT:
            run = answer.headers["X-Run-Id"]
            self.ask("DELETE", f"/api/v1/runs/{run}", name="/api/v1/runs/{id}", good=(204,))

    def see_job_through(self, job: dict[str, Any], wanted: bytes) -> None:
        """Look at a job until it ends, take its result, and remove it."""
        path, name = f"/api/v1/jobs/{job['id']}", "/api/v1/jobs/{id}"
        while job["status"] in ("queued", "running"):
            gevent.sleep(2)
            answer = self.ask("GET", path, name=name)
            job = answer.json()["job"] if answer else job
        with self.client.get(
            f"{path}/result", name=f"GET {name}/result", timeout=PATIENCE, catch_response=True
        ) as result:
            if job["status"] != "done" or not result.content.startswith(wanted):
                result.failure(f"{job['status']}, {job['message']}: {result.content[:40]!r}")
        self.ask("DELETE", path, name=name, good=(204,))


class Cutter(Guest):
    """Cuts out photos."""

    weight = 12

    @task(6)
    def cut_out(self) -> None:
        refine = random.choice(("off", "fast", "fast", "fine"))
        photo = PHOTO if refine != "fine" else SMALL
        form = {"refine": refine, "background": random.choice(("transparent", "#ffffff"))}
        answer = self.ask("POST", "/api/v1/matting", data=form, files={"image": ("photo.jpg", photo)})
        self.tidy_up(answer)

    @task(1)
    def send_nonsense(self) -> None:
        files = {"image": ("photo.jpg", b"no picture")}
        self.ask("POST", "/api/v1/matting", name="/api/v1/matting (nonsense)", files=files, good=(400, 415))


class Cartoonist(Guest):
    """Redraws photos."""

    weight = 8

    @task(5)
    def draw(self) -> None:
        form = {"style": random.choice(("3d", "anime", "sketch", "handdrawn"))}
        self.tidy_up(self.ask("POST", "/api/v1/cartoon", data=form, files={"image": ("a.jpg", SMALL)}))

    @task(1)
    def draw_all(self) -> None:
        self.tidy_up(self.ask("POST", "/api/v1/cartoon/sheet", files={"image": ("a.jpg", SMALL)}))

    @task(2)
    def find_faces(self) -> None:
        self.ask("POST", "/api/v1/cartoon/faces", files={"image": ("a.jpg", SMALL)})


class Visitor(Guest):
    """Opens the page, cuts out a photo there, looks at the history and leaves it open for a while."""

    weight = 10

    @task
    def visit(self) -> None:
        page = Page(self, SMALL, PATIENCE)
        if page.open():
            page.look_about()
            page.cut_out()
            for _ in range(random.randrange(2, 6)):
                gevent.sleep(random.uniform(2, 5))
                page.look_about()


class Historian(Guest):
    """Looks for old results."""

    weight = 8

    @task(3)
    def leaf(self) -> None:
        query = {"limit": 20, "offset": random.choice((0, 0, 20))}
        answer = self.ask("GET", "/api/v1/runs", params=query)
        runs = answer.json()["runs"] if answer else []
        for run in random.sample(runs, min(4, len(runs))):
            thumb = f"/api/v1/runs/{run['id']}/files/thumb.webp"
            self.ask("GET", thumb, name="/api/v1/runs/{id}/files/{name}", good=(200, 404))

    @task(2)
    def search(self) -> None:
        self.ask("GET", "/api/v1/runs", name="/api/v1/runs?search", params={"search": "photo"})

    @task(1)
    def take_along(self) -> None:
        answer = self.ask("GET", "/api/v1/runs", params={"limit": 5})
        runs = answer.json()["runs"] if answer else []
        if runs:
            path = f"/api/v1/runs/{random.choice(runs)['id']}"
            self.ask("GET", path, name="/api/v1/runs/{id}", good=(200, 404))
            self.ask("GET", f"{path}/result", name="/api/v1/runs/{id}/result", good=(200, 404))


class Batcher(Guest):
    """Sends a zip, waits for it, takes the result."""

    weight = 4
    wait_time = between(10, 30)

    @task
    def send(self) -> None:
        files = {"archive": ("four.zip", ZIP)}
        answer = self.ask("POST", "/api/v1/batch", data={"refine": "off"}, files=files, good=(202,))
        if answer:
            self.see_job_through(answer.json()["job"], b"PK")


class FilmMaker(Guest):
    """Asks what a film would take, then makes a small one."""

    weight = 4
    wait_time = between(10, 30)

    @task
    def film(self) -> None:
        form = {
            "motion": random.choice(("zoom-in", "pan-left", "orbit")),
            "duration": "1",
            "fps": "24",
            "width": "320",
            "height": "240",
        }
        files = [("images", ("a.jpg", SMALL))]
        self.ask("POST", "/api/v1/video/estimate", data=form, files=files)
        answer = self.ask("POST", "/api/v1/video", data=form, files=files, good=(202,))
        if answer:
            self.see_job_through(answer.json()["job"], b"\0\0\0")


class Operator(Guest):
    """Prometheus and whoever looks after the server."""

    weight = 2
    wait_time = constant(5)

    @task
    def look(self) -> None:
        for path in ("/healthz", "/metrics", "/api/v1/models", "/api/v1/jobs"):
            self.ask("GET", path)


class LiveGuest(Guest):
    """Sits before a camera for a while."""

    weight = 2
    wait_time = between(5, 20)

    @task
    def watch(self) -> None:
        style = random.choice(("none", "painting-05", "cartoon-anime"))
        watch_oneself(self, LIVE_ROUTE, FRAMES, style, seconds=10, rate=10)


@events.quitting.add_listener
def write_stats(environment: Any, **_: Any) -> None:
    """What each route took, in ms, and what failed."""
    stats = environment.stats
    rows = {
        name: {
            "requests": row.num_requests,
            "failures": row.num_failures,
            "p50_ms": row.get_response_time_percentile(0.5),
            "p95_ms": row.get_response_time_percentile(0.95),
            "max_ms": row.max_response_time,
        }
        for (name, _), row in stats.entries.items()
    }
    troubles = [f"{each.name}: {each.error} ({each.occurrences} x)" for each in stats.errors.values()]
    seconds = stats.total.last_request_timestamp - stats.total.start_time
    found = {"routes": rows, "troubles": troubles, "seconds": seconds}
    (FOLDER / "stats.json").write_text(json.dumps(found))
