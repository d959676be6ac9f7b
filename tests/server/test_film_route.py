"""POST /api/v1/cartoon/film and the routes of its job."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pipelines.cartoon import film
from pipelines.settings import Settings
from pipelines.studio import open_studio
from pipelines.video import VideoReader
from tests.fakes import fake_loaders
from tests.pipelines.cartoon.painters import GreyPainter
from tests.pipelines.video.films import shade, write_film
from tests.server.conftest import rest_app
from tests.server.test_batch_routes import begin, wait
from weights.store import ModelStore

ROUTE = "/api/v1/cartoon/film"


@pytest.fixture(autouse=True)
def painter(monkeypatch: pytest.MonkeyPatch) -> GreyPainter:
    made = GreyPainter()
    monkeypatch.setattr(film, "choose_painter", lambda net, styles, store: made)
    return made


@pytest.fixture
def data(tmp_path: Path) -> bytes:
    """A film of eight frames with sound."""
    return write_film(tmp_path / "a.mp4", [shade(number) for number in range(8)], sound="aac").read_bytes()


def send(client: TestClient, data: bytes, name: str = "跳舞.mp4", **fields: str) -> Any:
    return client.post(ROUTE, files={"film": (name, data)}, data=fields)


def test_a_film_comes_back_redrawn(client: TestClient, data: bytes, tmp_path: Path) -> None:
    begin(client)
    answer = send(client, data, style="3d", mix="0.2")
    assert answer.status_code == 202
    job = answer.json()["job"]
    assert answer.headers["location"] == f"/api/v1/jobs/{job['id']}"
    assert (job["kind"], job["title"], job["total"]) == ("cartoon-film", "跳舞.mp4", 8)
    done = wait(client, job["id"], "done")
    assert (done["done"], done["left"]) == (8, 0)
    result = client.get(f"/api/v1/jobs/{job['id']}/result")
    assert (result.headers["content-type"], result.headers["x-job-status"]) == ("video/mp4", "done")
    assert result.headers["content-disposition"].endswith("%E8%B7%B3%E8%88%9E-cartoon.mp4")
    (tmp_path / "back.mp4").write_bytes(result.content)
    with VideoReader(tmp_path / "back.mp4") as back:
        assert back.info.sound
        assert len(list(back)) == 8
    run = client.get(f"/api/v1/runs/{done['run']}").json()
    assert (run["task"], run["settings"]["style"], run["settings"]["mix"]) == ("cartoon", "3d", 0.2)


def test_before_the_first_part_there_is_no_result(client: TestClient, data: bytes) -> None:
    job_id = send(client, data).json()["job"]["id"]
    assert client.get(f"/api/v1/jobs/{job_id}/result").status_code == 404
    assert client.delete(f"/api/v1/jobs/{job_id}").json()["job"]["status"] == "cancelled"
    assert client.delete(f"/api/v1/jobs/{job_id}").status_code == 204
    assert client.get(f"/api/v1/jobs/{job_id}").status_code == 404


@pytest.mark.parametrize("what", ["files", "retry"])
def test_what_only_batches_have_is_not_found(client: TestClient, data: bytes, what: str) -> None:
    job_id = send(client, data).json()["job"]["id"]
    ask = client.post if what == "retry" else client.get
    answer = ask(f"/api/v1/jobs/{job_id}/{what}")
    assert answer.status_code == 404
    assert "no batch" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"style": "cubism"}, 422),
        ({"format": "png"}, 422),
        ({"faces": "1=nothing"}, 422),
        ({"shape": "1"}, 422),
    ],
)
def test_wrong_options_are_refused(
    client: TestClient, data: bytes, fields: dict[str, str], status: int
) -> None:
    assert send(client, data, **fields).status_code == status
    assert client.get("/api/v1/jobs").json()["jobs"] == []


def test_what_is_no_film_is_refused(client: TestClient) -> None:
    assert send(client, b"GIF89a but not really").status_code == 400
    assert client.post(ROUTE, data={"style": "3d"}).status_code == 422
    assert client.post(ROUTE, data={"film": "text"}).status_code == 422
    assert client.get("/api/v1/jobs").json()["jobs"] == []


def test_films_have_a_limit_of_their_own(settings: Settings, data: bytes) -> None:
    def status(**changes: int) -> tuple[int, str]:
        store = partial(ModelStore, loaders=fake_loaders())
        studio = open_studio(replace(settings, **changes), build_store=store)
        with TestClient(rest_app(studio), raise_server_exceptions=False) as client:
            answer = send(client, data + bytes(1_100_000))
        studio.close()
        return answer.status_code, json.dumps(answer.json())

    assert status(max_upload_mb=1)[0] == 202
    code, said = status(max_film_mb=1)
    assert code == 413
    assert "INKFRAME_MAX_FILM_MB" in said


def test_the_form_is_documented(client: TestClient) -> None:
    route = client.get("/openapi.json").json()["paths"][ROUTE]["post"]
    form = route["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert {"film", "style", "faces", "strength"} <= set(form["properties"])
    assert "format" not in form["properties"]
