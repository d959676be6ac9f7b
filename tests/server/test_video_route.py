"""POST /api/v1/video: pictures in, a job out, a film at its end."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pipelines.image_to_video.diffusion_options import DiffusionOptions
from pipelines.image_to_video.film_options import VideoOptions
from pipelines.video import VideoReader
from tests.conftest import encode
from tests.pipelines.image_to_video.stand_in import Shots, colour_of, plain, shots
from tests.pipelines.image_to_video.test_music import write_clicks
from tests.server.test_batch_routes import begin, wait

__all__ = ["shots"]

ROUTE = "/api/v1/video"
SMALL = {"width": "64", "height": "48", "fps": "10", "duration": "0.5", "transition": "cut"}


def send(
    client: TestClient, *pictures: bytes, music: bytes | None = None, route: str = ROUTE, **fields: str
) -> Any:
    files: list[tuple[str, tuple[str, bytes]]] = [
        ("images", (f"C:\\照片\\{number}.png", data)) for number, data in enumerate(pictures)
    ]
    if music is not None:
        files.append(("music", ("song.wav", music)))
    return client.post(route, files=files, data=SMALL | fields)


PICTURES = [encode(plain(number)) for number in range(2)]


def test_pictures_become_a_film(client: TestClient, tmp_path: Path, shots: Shots) -> None:
    begin(client)
    music = write_clicks(tmp_path / "a.wav", 1, [0.2]).read_bytes()
    answer = send(client, *PICTURES, music=music, motion="pan-left", easing="linear")
    assert answer.status_code == 202
    job = answer.json()["job"]
    assert answer.headers["location"] == f"/api/v1/jobs/{job['id']}"
    assert (job["kind"], job["title"], job["total"]) == ("video", "0.png + 1", 10)
    done = wait(client, job["id"], "done")
    result = client.get(f"/api/v1/jobs/{job['id']}/result")
    assert (result.headers["content-type"], result.headers["x-job-status"]) == ("video/mp4", "done")
    (tmp_path / "back.mp4").write_bytes(result.content)
    with VideoReader(tmp_path / "back.mp4") as back:
        assert back.info.sound
        assert [colour_of(frame.rgb) for frame in back] == [0] * 5 + [1] * 5
    run = client.get(f"/api/v1/runs/{done['run']}").json()
    assert (run["task"], run["settings"]["motion"]) == ("video", "pan-left")
    assert shots.opened[0].options.easing == "linear"


@pytest.mark.parametrize(
    ("kind", "mime"), [("webm", "video/webm"), ("gif", "image/gif"), ("png", "application/zip")]
)
def test_results_say_what_they_are(client: TestClient, shots: Shots, kind: str, mime: str) -> None:
    begin(client)
    job_id = send(client, PICTURES[0], format=kind, duration="0.2").json()["job"]["id"]
    wait(client, job_id, "done")
    result = client.get(f"/api/v1/jobs/{job_id}/result")
    assert (result.status_code, result.headers["content-type"]) == (200, mime)


@pytest.mark.parametrize(
    "wrong",
    [
        {"motion": "teleport"},
        {"duration": "0"},
        {"duration": "-3"},
        {"duration": "long"},
        {"fps": "0"},
        {"fps": "1000"},
        {"width": "1"},
        {"width": "9", "height": "9"},
        {"format": "gif", "fps": "60"},
        {"transition": "explode"},
        {"colour": "red"},
    ],
    ids=str,
)
def test_wrong_fields_are_refused_with_a_hint(client: TestClient, wrong: dict[str, str]) -> None:
    answer = send(client, *PICTURES, **wrong)
    assert answer.status_code == 422
    assert answer.json()["error"]["hint"]
    assert client.get("/api/v1/jobs").json()["jobs"] == []


def test_wrong_files_are_refused_with_a_hint(client: TestClient, settings: Any) -> None:
    for answer, status in (
        (send(client), 422),
        (client.post(ROUTE, files={"images": ("", b"")}), 422),
        (send(client, b"\xff\xd8\xff\xe0?"), 400),
        (send(client, b"hello"), 415),
        (send(client, encode(plain(0, (1, 1)))), 400),
        (send(client, PICTURES[0], music=b"no music"), 400),
        (client.post(ROUTE, files=[("pictures", ("a.png", PICTURES[0]))]), 422),
        (client.post(ROUTE, files=[("motion", ("a.png", PICTURES[0]))]), 422),
        (client.post(ROUTE, data={"images": "text"}), 422),
        (client.post(ROUTE, content=b"junk", headers={"content-type": "multipart/form-data"}), 400),
        (send(client, *[PICTURES[0]] * 501), 413),
        (send(client, PICTURES[0], duration="3600", durations="3600,3600"), 202),
        (send(client, *PICTURES, durations="3600,1"), 413),
    ):
        assert answer.status_code == status, answer.text
        assert status == 202 or answer.json()["error"]["hint"]
    assert list((settings.outputs / ".uploads").iterdir()) == []


def test_an_estimate_makes_no_job(client: TestClient, shots: Shots) -> None:
    answer = send(client, *PICTURES, route=f"{ROUTE}/estimate")
    found = answer.json()["estimate"]
    assert (answer.status_code, found["frames"], found["width"]) == (200, 10, 64)
    assert found["work_seconds"] > 0 and found["disk_bytes"] > 0
    assert client.get("/api/v1/jobs").json()["jobs"] == []


def test_the_form_is_documented(client: TestClient) -> None:
    route = client.get("/openapi.json").json()["paths"][ROUTE]["post"]
    form = route["requestBody"]["content"]["multipart/form-data"]["schema"]
    options = {item.name for noun in (VideoOptions, DiffusionOptions) for item in fields(noun)}
    assert set(form["properties"]) == {"images", "music", *options}
    assert form["properties"]["engine"]["enum"][0] == "camera"
    assert all(each["description"] for each in form["properties"].values())
    assert "zoom-in" in form["properties"]["motion"]["enum"]


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"engine": "svd", "motion_strength": "0.7"}, 503, "needs a GPU with 8 GB"),
        ({"engine": "sora"}, 422, "camera, wan, svd, ltx"),
        ({"engine": "wan", "motion": "pan-left"}, 422, "There is no field 'motion'"),
        ({"engine": "wan", "prompt": "a" * 10_000}, 422, "10000 characters"),
    ],
)
def test_a_diffusion_engine_says_what_it_lacks(
    client: TestClient, fields: dict[str, str], status: int, words: str
) -> None:
    files = [("images", ("a.png", PICTURES[0]))]
    answer = client.post(ROUTE, files=files, data=fields)
    assert answer.status_code == status
    assert words in str(answer.json())


def test_the_camera_is_an_engine_too(client: TestClient, shots: Shots) -> None:
    begin(client)
    job = send(client, PICTURES[0], engine="camera").json()["job"]
    assert job["kind"] == "video"
    wait(client, job["id"], "done")
    assert send(client, PICTURES[0], engine="wan", route=f"{ROUTE}/estimate").status_code == 422
