"""POST /api/v1/cartoon and its sheet and faces: what goes in, what comes out, what is refused."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from pipelines.cartoon.cartoonize import NO_FACE_NOTE
from pipelines.settings import Settings
from tests.cartoon_studio import TITLE, draw_sitter, open_cartoon_studio
from tests.conftest import draw_disc, encode
from tests.fakes import shade
from tests.server.conftest import rest_app


def post(client: TestClient, data: bytes, route: str = "", **fields: str) -> Any:
    return client.post(f"/api/v1/cartoon{route}", files={"image": ("a.png", data)}, data=fields)


def pixels(answer: Any) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(answer.content)))


def test_a_picture_comes_back_drawn(client: TestClient) -> None:
    answer = post(client, encode(draw_disc(80, 120)), style="sketch")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    assert pixels(answer).shape == (80, 120, 3)
    assert (pixels(answer) == shade("sketch")).all()
    assert json.loads(answer.headers["X-Inkframe-Notes"]) == [NO_FACE_NOTE]
    assert json.loads(answer.headers["X-Inkframe-Faces"]) == []


def test_the_run_is_in_the_history_with_its_net(client: TestClient) -> None:
    run_id = post(client, encode(draw_disc(80, 120)), style="3d", strength="0.5").headers["X-Run-Id"]
    run = client.get(f"/api/v1/runs/{run_id}").json()
    assert run["task"] == "cartoon"
    assert run["inputs"][0]["name"] == "a.png"
    assert (run["settings"]["style"], run["settings"]["strength"]) == ("3d", 0.5)
    assert run["model"]["title"] == TITLE


def test_a_face_is_drawn_by_the_heads_net_and_told(client: TestClient) -> None:
    answer = post(client, encode(draw_sitter(side=120)), style="anime")
    assert json.loads(answer.headers["X-Inkframe-Faces"]) == [{"number": 1, "box": [0, 0, 120, 120]}]
    assert json.loads(answer.headers["X-Inkframe-Notes"]) == []
    drawn = pixels(answer)
    assert drawn[60, 60].tolist() == [shade("anime") + 10] * 3
    assert drawn[250, 350].tolist() == [shade("anime")] * 3


def test_a_face_has_its_own_style_or_none(client: TestClient) -> None:
    sitter = encode(draw_sitter())
    own = pixels(post(client, sitter, style="anime", faces="1=sketch"))
    assert own[60, 60, 0] == shade("sketch") + 10
    off = pixels(post(client, sitter, style="anime", faces="off"))
    assert (off == shade("anime")).all()


def test_two_styles_are_mixed(client: TestClient) -> None:
    drawn = pixels(post(client, encode(draw_disc(80, 120)), style="3d", style_b="sketch", mix="0.25"))
    assert abs(int(drawn[0, 0, 0]) - (0.75 * shade("3d") + 0.25 * shade("sketch"))) <= 1


def test_alpha_stays_and_jpeg_says_that_it_has_none(client: TestClient) -> None:
    rgba = np.dstack([draw_disc(80, 120), np.full((80, 120), 128, np.uint8)])
    assert pixels(post(client, encode(rgba)))[0, 0, 3] == 128
    answer = post(client, encode(rgba), format="jpeg")
    assert answer.headers["content-type"] == "image/jpeg"
    assert any("white" in note for note in json.loads(answer.headers["X-Inkframe-Notes"]))


def test_a_sheet_shows_every_style(client: TestClient) -> None:
    answer = post(client, encode(draw_disc(90, 120)), "/sheet")
    assert answer.headers["content-type"] == "image/png"
    sheet = pixels(answer)
    assert sheet.shape[1] > 4 * 120
    greys = {int(value) for value in np.unique(sheet[..., 0])}
    assert {shade("3d"), shade("anime"), shade("sketch")} <= greys
    run = client.get(f"/api/v1/runs/{answer.headers['X-Run-Id']}").json()
    assert run["settings"]["style"] == "all"


def test_faces_are_told_in_the_pictures_own_pixels(client: TestClient) -> None:
    # the picture is shrunk to 500 px before faces are looked for
    answer = post(client, encode(draw_sitter(600, 1000, side=200)), "/faces", size="500")
    told = answer.json()
    assert (told["width"], told["height"]) == (1000, 600)
    (face,) = told["faces"]
    assert face["number"] == 1
    assert np.allclose(face["box"], [0, 0, 200, 200], atol=4)
    assert np.array(face["points"]).shape == (5, 2)
    assert 0 < min(min(point) for point in face["points"]) < max(max(point) for point in face["points"]) < 200
    assert client.get("/api/v1/runs").json()["total"] == 0


def test_a_picture_without_faces_has_none(client: TestClient) -> None:
    assert post(client, encode(draw_disc(80, 120)), "/faces").json()["faces"] == []


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"style": "oil"}, 422, "invalid_option"),
        ({"style_b": "oil"}, 422, "invalid_option"),
        ({"mix": "2"}, 422, "invalid_option"),
        ({"strength": "nan"}, 422, "invalid_option"),
        ({"faces": "first"}, 422, "invalid_option"),
        ({"faces": "1=oil"}, 422, "invalid_option"),
        ({"size": "9000"}, 422, "invalid_option"),
        ({"colour": "1"}, 422, "invalid_option"),
        ({"net": "published"}, 409, "model_missing"),
    ],
)
@pytest.mark.parametrize("route", ["", "/sheet"])
def test_bad_options_are_explained(
    client: TestClient, route: str, fields: dict[str, str], status: int, code: str
) -> None:
    answer = post(client, encode(draw_disc(80, 120)), route, **fields)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), answer.text
    assert answer.json()["error"]["message"]
    assert client.get("/api/v1/runs").json()["total"] == 0


@pytest.mark.parametrize("route", ["", "/sheet", "/faces"])
@pytest.mark.parametrize(
    ("data", "status"), [(b"", 400), (b"no picture", 415), (encode(np.zeros((1, 1, 3), np.uint8)), 400)]
)
def test_bad_files_are_explained(client: TestClient, route: str, data: bytes, status: int) -> None:
    answer = post(client, data, route)
    assert answer.status_code == status
    assert answer.json()["error"]["hint"]


@pytest.mark.parametrize("size", ["nan", "1", "99999", "wide"])
def test_faces_are_not_looked_for_at_any_size(client: TestClient, size: str) -> None:
    answer = post(client, encode(draw_disc(80, 120)), "/faces", size=size)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_option")


@pytest.mark.parametrize("route", ["", "/sheet", "/faces"])
def test_an_upload_over_the_limit_is_refused(settings: Settings, route: str) -> None:
    studio = open_cartoon_studio(replace(settings, max_upload_mb=1))
    with TestClient(rest_app(studio)) as client:
        answer = post(client, b"\x89PNG" + bytes(1_100_000), route)
    studio.close()
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
