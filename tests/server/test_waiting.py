"""A server that is full: it says so at once, says when to come back, and answers everything else meanwhile."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace

import pytest
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from fastapi.testclient import TestClient

from pipelines.gate import Gate
from pipelines.jobs.desk import Ending, JobDesk
from pipelines.settings import Settings
from pipelines.studio import Studio
from server.waiting import SayWhenToComeBack, make_room_for_waiting
from tests.server.conftest import rest_app

WAITING = 41
"""One more than the threads that a server has by itself."""
LONG = 60.0


def test_while_a_full_line_of_pictures_waits_all_else_is_answered(studio: Studio, photo: bytes) -> None:
    # given one picture in work and a full line
    gate = Gate(workers=1, waiting=WAITING)
    app = rest_app(replace(studio, gate=gate))
    app.router.lifespan_context = with_room(WAITING)

    def ask() -> int:
        return client.post("/api/v1/matting", files={"image": photo}, data={"refine": "off"}).status_code

    with TestClient(app) as client, ThreadPoolExecutor(WAITING + 2) as pool:
        with gate.enter():
            waiting = [pool.submit(ask) for _ in range(WAITING)]
            wait_until(lambda: gate.load == WAITING + 1)
            # when someone looks at its health, and someone else brings another picture
            health = pool.submit(client.get, "/healthz").result(LONG)
            late = pool.submit(client.post, "/api/v1/matting", files={"image": photo}).result(LONG)
        # then the first is answered, the other told to come back, and all who waited are served
        assert health.status_code == 200
        assert (late.status_code, late.headers["Retry-After"]) == (503, "5")
        assert [each.result(LONG) for each in waiting] == [200] * WAITING


def with_room(queue: int) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """A lifespan as app.py has it."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        make_room_for_waiting(Settings(workers=1, queue=queue))
        yield

    return lifespan


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + LONG
    while not is_so():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.01)


def test_a_full_list_of_jobs_answers_503(studio: Studio, photo: bytes) -> None:
    # given a desk with one place in line, and nobody at work
    desk = JobDesk(studio.settings.outputs / ".jobs", {"batch": Ending}, places=1, waiting=1)
    with TestClient(rest_app(replace(studio, jobs=desk))) as client:
        files = {"archive": ("a.png", photo)}
        # when a second batch comes
        first, second = (client.post("/api/v1/batch", files=files) for _ in range(2))
        # then it is turned away, and nothing of it stays
        assert (first.status_code, second.status_code) == (202, 503)
        assert second.headers["Retry-After"]
        assert second.json()["error"]["code"] == "busy"
        assert [job.id for job in desk.list()] == [first.json()["job"]["id"]]
        # and comes in when there is room
        desk.cancel(first.json()["job"]["id"])
        assert client.post("/api/v1/batch", files=files).status_code == 202
    desk.close()


@pytest.mark.parametrize(("status", "said"), [(503, "5"), (429, "5"), (200, None)])
def test_who_is_turned_away_is_told_when_to_come_back(status: int, said: str | None) -> None:
    app = SayWhenToComeBack(PlainTextResponse("no", status))
    assert TestClient(app).get("/").headers.get("Retry-After") == said


def test_what_an_answer_says_itself_stays() -> None:
    app = SayWhenToComeBack(PlainTextResponse("no", 503, {"Retry-After": "60"}))
    assert TestClient(app).get("/").headers["Retry-After"] == "60"
