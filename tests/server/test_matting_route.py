"""POST /api/v1/matting: what goes in, what comes out, what is refused."""

from __future__ import annotations

import errno
import io
import json
import shutil
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from pipelines.studio import Studio
from tests.conftest import draw_disc, encode


def post(client: TestClient, data: bytes, name: str = "a.jpg", **fields: str) -> Any:
    return client.post("/api/v1/matting", files={"image": (name, data)}, data=fields)


def test_a_picture_comes_back_cut_out(client: TestClient, photo: bytes) -> None:
    answer = post(client, photo)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    result = np.asarray(Image.open(io.BytesIO(answer.content)))
    assert result.shape == (80, 120, 4)
    assert result[40, 60, 3] == 255
    assert result[2, 2].tolist() == [0, 0, 0, 0]


def test_the_old_path_still_answers(client: TestClient, photo: bytes) -> None:
    assert client.post("/api/matting", files={"image": photo}).status_code == 200


def test_the_run_is_in_the_history(client: TestClient, photo: bytes) -> None:
    run_id = post(client, photo, name="disc.jpg", edge="1.5").headers["X-Run-Id"]
    run = client.get(f"/api/v1/runs/{run_id}").json()
    assert run["inputs"][0]["name"] == "disc.jpg"
    assert run["settings"]["edge"] == 1.5
    assert run["model"]["id"] == "u2netp"
    assert [each["id"] for each in client.get("/api/v1/runs").json()["runs"]] == [run_id]
    result = client.get(f"/api/v1/runs/{run_id}/files/{run['results'][0]}")
    assert result.content.startswith(b"\x89PNG")


def test_a_deleted_run_is_gone(client: TestClient, photo: bytes) -> None:
    run_id = post(client, photo).headers["X-Run-Id"]
    assert client.delete(f"/api/v1/runs/{run_id}").status_code == 204
    assert client.get(f"/api/v1/runs/{run_id}").status_code == 404
    assert client.delete(f"/api/v1/runs/{run_id}").status_code == 404


@pytest.mark.parametrize(
    ("background", "corner"), [("#ffffff", [255, 255, 255]), ("#102030", [16, 32, 48]), ("blur", None)]
)
def test_a_background_makes_it_opaque(
    client: TestClient, photo: bytes, background: str, corner: list[int] | None
) -> None:
    result = Image.open(io.BytesIO(post(client, photo, background=background).content))
    assert result.mode == "RGB"
    assert corner is None or list(result.getpixel((1, 1))) == corner


def test_a_second_file_is_the_background(client: TestClient, photo: bytes) -> None:
    blue = encode(np.full((50, 50, 3), (0, 0, 250), np.uint8))
    answer = client.post(
        "/api/v1/matting",
        files={"image": photo, "background_image": ("b.png", blue)},
        data={"background": "picture"},
    )
    assert Image.open(io.BytesIO(answer.content)).getpixel((1, 1)) == (0, 0, 250)


@pytest.mark.parametrize(("format", "kind"), [("webp", "WEBP"), ("jpeg", "JPEG"), ("png", "PNG")])
def test_the_format_is_as_asked(client: TestClient, photo: bytes, format: str, kind: str) -> None:
    answer = post(client, photo, format=format)
    assert Image.open(io.BytesIO(answer.content)).format == kind
    assert answer.headers["content-type"] == f"image/{format}"


def test_jpeg_says_that_it_has_no_transparency(client: TestClient, photo: bytes) -> None:
    notes = json.loads(post(client, photo, format="jpeg").headers["X-Inkframe-Notes"])
    assert any("white" in note for note in notes)


def test_an_animation_gives_its_first_frame_and_says_so(client: TestClient) -> None:
    frames = [Image.fromarray(draw_disc(60, 60, colour)) for colour in ((200, 0, 0), (220, 0, 9))]
    stream = io.BytesIO()
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])
    answer = post(client, stream.getvalue(), "a.gif")
    assert answer.status_code == 200
    assert "first" in answer.headers["X-Inkframe-Notes"]


def png_declaring(width: int, height: int) -> bytes:
    """A PNG that claims a size which its data does not have."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'
BAD_FILES = {
    "empty": (b"", 400, "bad_input"),
    "text": (b"hello, I am no picture", 415, "not_an_image"),
    "svg": (SVG, 415, "not_an_image"),
    "one pixel": (encode(np.zeros((1, 1, 3), np.uint8)), 400, "bad_input"),
    "a thread": (encode(np.zeros((20000, 1, 3), np.uint8)), 400, "bad_input"),
    "a bomb": (png_declaring(10_000, 10_000), 413, "too_large"),
}


@pytest.mark.parametrize("what", BAD_FILES)
def test_bad_files_are_explained(client: TestClient, studio: Studio, what: str) -> None:
    data, status, code = BAD_FILES[what]
    answer = post(client, data)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["hint"]
    nothing_was_kept(studio)
    assert client.get("/healthz").status_code == 200


def test_a_truncated_picture_is_explained(client: TestClient, studio: Studio) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3), np.uint8)
    data = encode(noise, "JPEG")
    answer = post(client, data[: len(data) // 2])
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_input")
    nothing_was_kept(studio)


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"model": "nonesuch"}, 404, "model_unknown"),
        ({"model": "modnet"}, 409, "model_missing"),
        ({"refine": "finest"}, 422, "invalid_option"),
        ({"background": "url(x)"}, 422, "invalid_option"),
        ({"edge": "nan"}, 422, "invalid_option"),
        ({"edge": "100"}, 422, "invalid_option"),
        ({"sharpen": "1"}, 422, "invalid_option"),
        ({"background": "picture"}, 422, "invalid_option"),
    ],
)
def test_bad_options_are_explained(
    client: TestClient, studio: Studio, photo: bytes, fields: dict[str, str], status: int, code: str
) -> None:
    answer = post(client, photo, **fields)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), answer.text
    nothing_was_kept(studio)


@pytest.mark.parametrize("text", ["/etc/passwd", "http://127.0.0.1:9/x.png", "file:///etc/passwd"])
def test_a_path_or_url_is_no_file(client: TestClient, text: str) -> None:
    answer = client.post("/api/v1/matting", data={"image": text})
    assert answer.status_code == 422
    assert "file" in answer.json()["error"]["message"]
    assert "root:" not in answer.text


def test_a_missing_picture_is_named(client: TestClient) -> None:
    answer = client.post("/api/v1/matting", data={"refine": "off"})
    assert answer.status_code == 422
    assert answer.json()["error"]["message"].startswith("image is missing")


def test_outputs_that_cannot_be_written_are_explained(
    client: TestClient, studio: Studio, photo: bytes
) -> None:
    folder = studio.settings.outputs
    client.get("/healthz")
    if folder.exists():
        shutil.rmtree(folder)
    folder.write_text("a file stands where the folder should be")
    answer = post(client, photo)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "outputs_unwritable")
    assert answer.headers["Retry-After"]
    folder.unlink()
    assert post(client, photo).status_code == 200


def test_a_full_disk_is_explained(
    client: TestClient, studio: Studio, photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    answer = post(client, photo)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "disk_full")
    monkeypatch.undo()
    nothing_was_kept(studio)


OWN = (".page", ".jobs")


def nothing_was_kept(studio: Studio) -> None:
    """No run, and no folder that looks like one or like a half of one."""
    assert studio.history.runs() == []
    folder = studio.settings.outputs
    left = [path.name for path in folder.glob("*") if path.is_dir() and path.name not in OWN]
    assert left == []
