"""Films that are sent while their job goes on: no copy stays, and nothing of the history goes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
import pytest
from fastapi.testclient import TestClient

from pipelines.errors import Busy
from pipelines.gate import Gate
from pipelines.studio import Studio
from server import job_results
from server.job_results import send_film
from tests.server.test_video_route import PICTURES, send

Finder = Callable[[Studio, str], Path]


def join(studio: Studio, job_id: str) -> Path:
    """Stands for the joining of a film's parts."""
    path = studio.jobs.folder(job_id) / f"so-far-{len(copies(studio, job_id))}.mp4"
    path.write_bytes(b"so far")
    return path


def copies(studio: Studio, job_id: str) -> list[Path]:
    return list(studio.jobs.folder(job_id).glob("so-far*"))


@pytest.fixture
def job_id(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> str:
    """A film of which a part is drawn."""
    monkeypatch.setattr(job_results, "find_video", join)
    return str(send(client, PICTURES[0]).json()["job"]["id"])


@pytest.mark.parametrize(
    ("asked", "status"), [("", 200), ("bytes=1-2", 206), ("bytes=x", 400), ("bytes=9-", 416)]
)
def test_no_copy_stays_whatever_was_asked_for(
    client: TestClient, studio: Studio, job_id: str, asked: str, status: int
) -> None:
    headers = {"Range": asked} if asked else {}
    answer = client.get(f"/api/v1/jobs/{job_id}/result", headers=headers)
    assert answer.status_code == status
    assert status != 200 or "-part-0-of-" in answer.headers["content-disposition"]
    assert copies(studio, job_id) == []


def test_a_job_that_ends_meanwhile_keeps_its_film(
    client: TestClient, studio: Studio, job_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a job that ends between the look at it and the look for its film
    film = tmp_path / "film.mp4"
    film.write_bytes(b"whole")
    monkeypatch.setattr(job_results, "find_video", lambda studio, job_id: film)
    # when its film is asked for
    answer = client.get(f"/api/v1/jobs/{job_id}/result")
    # then it comes whole, and stays
    assert (answer.content, film.exists()) == (b"whole", True)
    assert "-part-" not in answer.headers["content-disposition"]


def test_only_so_many_copies_are_on_their_way(studio: Studio, job_id: str) -> None:
    job, gate = studio.jobs.get(job_id), Gate(1, waiting=0)
    first = send_film(studio, job, gate)
    with pytest.raises(Busy):
        send_film(studio, job, gate)
    assert len(copies(studio, job_id)) == 1

    async def gone(*_: Any) -> None:
        raise OSError("the client has gone")

    scope = {"type": "http", "method": "GET", "headers": [], "asgi": {"spec_version": "2.4"}}
    with ThreadPoolExecutor(1) as pool, pytest.raises(OSError, match="gone"):
        pool.submit(anyio.run, first, scope, gone, gone).result()
    assert (copies(studio, job_id), gate.load) == ([], 0)


def test_a_film_that_cannot_be_found_takes_no_place(
    studio: Studio, job_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Path:
        raise OSError("no disk")

    monkeypatch.setattr(job_results, "find_video", fail)
    gate = Gate(1, waiting=0)
    with pytest.raises(OSError, match="no disk"):
        send_film(studio, studio.jobs.get(job_id), gate)
    assert gate.load == 0
