"""The routes of the user's own styles and backgrounds, and of training."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from pipelines.image import open_image
from pipelines.jobs.desk import Ending, Work
from pipelines.studio import Studio
from pipelines.webcam import my_style, my_style_job
from pipelines.webcam.own_styles import OwnStyles
from tests.conftest import draw_disc, encode

LIVE = "/api/v1/live"
SHELVES = ("styles", "backgrounds")


def add(client: TestClient, shelf: str, data: bytes, file: str = "海 浪.png", **fields: str) -> Any:
    return client.post(f"{LIVE}/{shelf}", files={"image": (file, data)}, data=fields)


def own_names(client: TestClient, shelf: str) -> list[str]:
    rows = client.get(f"{LIVE}/{shelf}").json()[shelf]
    return [row["id"] for row in rows if row.get("group", "own") == "own"]


@pytest.mark.parametrize("shelf", SHELVES)
def test_a_picture_is_kept_renamed_shown_and_removed(client: TestClient, shelf: str, photo: bytes) -> None:
    answer = add(client, shelf, photo)
    assert (answer.status_code, answer.json()) == (201, {"id": "海 浪"})
    assert add(client, shelf, photo).json() == {"id": "海 浪 2"}, "a file's name is never in the way"
    assert add(client, shelf, photo, name="sea").json() == {"id": "sea"}
    renamed = client.patch(f"{LIVE}/{shelf}/{quote('海 浪')}", json={"name": "wave"})
    assert renamed.json() == {"id": "wave"}
    shown = client.get(f"{LIVE}/{shelf}/wave/picture")
    assert shown.headers["content-type"] == "image/jpeg"
    assert open_image(shown.content, max_pixels=10**6).rgb.shape == (80, 120, 3)
    assert client.delete(f"{LIVE}/{shelf}/wave").status_code == 204
    assert own_names(client, shelf) == ["sea", "海 浪 2"]


@pytest.mark.parametrize("shelf", SHELVES)
def test_what_can_not_be_is_refused_in_words(client: TestClient, shelf: str, photo: bytes) -> None:
    add(client, shelf, photo, name="wall")
    add(client, shelf, photo, name="floor")
    refusals = [
        (add(client, shelf, photo, name="Wall"), 422, "already"),
        (add(client, shelf, photo, name="a,b"), 422, "can't be called"),
        (add(client, shelf, photo, name="none"), 422, "comes with the app"),
        (add(client, shelf, b"no picture", name="door"), 415, ""),
        (client.post(f"{LIVE}/{shelf}", data={"name": "door"}), 422, "image"),
        (add(client, shelf, photo, naem="door"), 422, "'naem'"),
        (client.patch(f"{LIVE}/{shelf}/wall", json={"name": "floor"}), 422, "already"),
        (client.patch(f"{LIVE}/{shelf}/wall", json={"name": "door", "naem": "x"}), 422, "naem"),
        (client.patch(f"{LIVE}/{shelf}/wall", json={"name": 7}), 422, "name"),
        (client.patch(f"{LIVE}/{shelf}/nonesuch", json={"name": "door"}), 404, "nonesuch"),
        (client.delete(f"{LIVE}/{shelf}/nonesuch"), 404, "nonesuch"),
        (client.get(f"{LIVE}/{shelf}/{quote('../x', safe='')}/picture"), 404, ""),
    ]
    for answer, status, said in refusals:
        assert answer.status_code == status
        assert said in answer.json()["error"]["message"]
    assert own_names(client, shelf) == ["floor", "wall"]


def test_the_list_has_everything(client: TestClient, photo: bytes) -> None:
    add(client, "styles", photo, name="wall")
    rows = client.get(f"{LIVE}/styles").json()["styles"]
    groups = {row["group"] for row in rows}
    assert groups == {"none", "paintings", "painters", "cartoon", "matting", "own"}
    assert rows[-1] == {"id": "wall", "title": "wall", "group": "own", "trained": False}


@pytest.fixture
def trainable(studio: Studio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """A machine that has what training needs; gives the names of the photos of each job that is done."""
    practised: list[list[str]] = []

    def pretend(work: Work) -> Ending:
        practised.append(sorted(path.name for path in (work.folder / "given").iterdir()))
        with studio.history.draft("webcam") as draft:
            draft.add(my_style_job.NET, b"net")
            run = draft.save(
                inputs=[], settings={}, model={}, device="cpu", timings={}, results=[my_style_job.NET]
            )
        return Ending(run.id)

    monkeypatch.setattr(my_style, "find_spec", lambda module: object())
    monkeypatch.setattr(my_style, "find_teacher", lambda studio: tmp_path)
    studio.jobs._kinds["my-style"] = pretend  # type: ignore[index]
    return practised


def test_a_picture_becomes_a_job_whose_result_is_the_net(
    client: TestClient, studio: Studio, trainable: list[list[str]], photo: bytes
) -> None:
    files = [("image", ("star.jpg", photo)), *[("photos", ("a.png", encode(draw_disc(70, 70))))] * 2]
    answer = client.post(f"{LIVE}/training", files=files, data={"effort": "quick"})
    job = answer.json()["job"]
    assert (answer.status_code, answer.headers["location"]) == (202, f"/api/v1/jobs/{job['id']}")
    assert (job["kind"], job["title"], job["total"]) == ("my-style", "star", 400)
    assert OwnStyles(studio).list() == ("star",)
    assert client.get(f"/api/v1/jobs/{job['id']}/result").status_code == 404
    assert client.delete(f"{LIVE}/styles/star").json()["error"]["code"] == "wrong_state"
    studio.start_jobs()
    assert studio.jobs.wait(job["id"], 20).status == "done"
    result = client.get(f"/api/v1/jobs/{job['id']}/result")
    assert (result.content, result.headers["x-job-status"]) == (b"net", "done")
    assert 'filename="star.onnx"' in result.headers["content-disposition"]
    assert trainable == [["0000", "0001"]]


def test_training_that_can_not_be_is_refused_in_words(
    client: TestClient, studio: Studio, trainable: list[list[str]], photo: bytes
) -> None:
    def train(files: Any, **data: str) -> Any:
        return client.post(f"{LIVE}/training", files=files, data=data)

    image = ("image", ("star.jpg", photo))
    refusals = [
        (train([image], effort="endless"), 422, "effort"),
        (train([image], name="a:b"), 422, "can't be called"),
        (train([image], colour="red"), 422, "colour"),
        (train([image, image]), 422, "2 pictures"),
        (train([("photos", ("a.jpg", photo))]), 422, "0 pictures"),
        (train([("image", ("star.jpg", b"no picture"))]), 415, ""),
        (train([("image", ("star.jpg", encode(draw_disc(20, 20))))]), 400, "20x20"),
        (client.post(f"{LIVE}/training", content=b"{}"), 400, "multipart"),
    ]
    for answer, status, said in refusals:
        assert (answer.status_code, said in answer.json()["error"]["message"]) == (status, True)
    assert studio.jobs.list() == [] and OwnStyles(studio).list() == ()


def test_where_nothing_can_be_trained_it_is_said(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, photo: bytes
) -> None:
    monkeypatch.setattr(my_style, "find_spec", lambda module: None)
    for answer in (
        client.get(f"{LIVE}/training"),
        client.post(f"{LIVE}/training", files={"image": ("star.jpg", photo)}),
    ):
        assert answer.status_code == 503
        assert "can't be trained here" in answer.json()["error"]["message"]


def test_the_plan_tells_minutes_for_each_length(client: TestClient, trainable: list[list[str]]) -> None:
    plans = client.get(f"{LIVE}/training").json()["plans"]
    assert list(plans) == ["quick", "usual", "thorough"]
    assert 0 < plans["quick"]["minutes"] < plans["usual"]["minutes"] < plans["thorough"]["minutes"]


def test_the_docs_know_the_routes(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    form = paths[f"{LIVE}/training"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert set(form["properties"]) == {"image", "photos", "name", "effort"}
    assert set(paths[f"{LIVE}/styles/{{name}}"]) == {"patch", "delete"}
    names = [
        facts["operationId"] for path, route in paths.items() if LIVE in path for facts in route.values()
    ]
    assert len(names) == len(set(names))
