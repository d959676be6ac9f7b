"""POST /api/v1/batch and the routes of its job: hand in, watch, stop, go on, take the result."""

from __future__ import annotations

import io
import json
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from pipelines.settings import Settings
from pipelines.studio import Studio, open_studio
from tests.conftest import draw_disc, encode
from tests.fakes import FakeMatte
from tests.server.conftest import rest_app
from weights.store import ModelStore

OPTIONS = {"model": "u2netp", "refine": "off"}


@dataclass
class Held(FakeMatte):
    """A net that says when it is first asked, and answers only when it may."""

    asked: threading.Event = field(default_factory=threading.Event)
    may: threading.Event = field(default_factory=threading.Event)

    def alpha(self, rgb: np.ndarray) -> np.ndarray:
        self.asked.set()
        assert self.may.wait(60)
        return super().alpha(rgb)


def jpeg(number: int = 0) -> bytes:
    return encode(draw_disc(40, 60, (200, number, 30)), "JPEG")


def pack(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return stream.getvalue()


TRIP = {
    "trip/day 1/a.jpg": jpeg(1),
    "照片/猫.png": encode(draw_disc(30, 30)),
    "broken.jpg": b"\xff\xd8\xff\xe0?",
}


def send(client: TestClient, *files: tuple[str, bytes], **fields: str) -> Any:
    return client.post("/api/v1/batch", files=[("archive", each) for each in files], data=OPTIONS | fields)


def wait(client: TestClient, job_id: str, *statuses: str) -> dict[str, Any]:
    """The job as soon as it has one of the statuses."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        job: dict[str, Any] = client.get(f"/api/v1/jobs/{job_id}").json()["job"]
        if job["status"] in statuses:
            return job
        time.sleep(0.02)
    raise AssertionError(f"{job['status']} is not one of {statuses}")


def unpack(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def begin(client: TestClient, **sign_in: Any) -> TestClient:
    """Let a server work on its jobs. FastAPI puts its routes together when they are first asked for, and
    switches warnings off and on meanwhile, for all threads: so that comes first."""
    assert client.get("/openapi.json", **sign_in).status_code == 200
    client.app.state.studio.start_jobs()  # type: ignore[attr-defined]
    return client


@pytest.fixture
def working(client: TestClient) -> TestClient:
    """A client of a server whose jobs are worked on."""
    return begin(client)


@pytest.fixture
def serve_with(settings: Settings) -> Iterator[Callable[..., TestClient]]:
    """Gives a client of a server with other settings."""
    with ExitStack() as stack:

        def build(**changes: Any) -> TestClient:
            store = partial(ModelStore, loaders={"onnx-matte": lambda request: FakeMatte()})
            studio = open_studio(replace(settings, **changes), build_store=store)
            stack.callback(studio.close)
            return TestClient(rest_app(studio), raise_server_exceptions=False)

        yield build


@pytest.fixture
def held(settings: Settings) -> Iterator[tuple[TestClient, Held]]:
    """A client of a server with a net that waits."""
    net = Held()
    studio = open_studio(
        settings, build_store=partial(ModelStore, loaders={"onnx-matte": lambda request: net})
    )
    with TestClient(rest_app(studio), raise_server_exceptions=False) as client:
        yield begin(client), net
    net.may.set()
    studio.close()


def test_a_zip_goes_in_and_comes_out_with_its_names(working: TestClient) -> None:
    answer = send(working, ("trip.zip", pack(TRIP)))
    assert answer.status_code == 202, answer.text
    job = answer.json()["job"]
    assert answer.headers["Location"] == f"/api/v1/jobs/{job['id']}"
    assert (job["kind"], job["status"], job["total"], job["title"]) == ("batch", "queued", 3, "trip.zip")
    job = wait(working, job["id"], "done", "failed")
    assert (job["status"], job["done"], job["failed"], job["left"]) == ("done", 2, 1, 0)
    result = working.get(f"/api/v1/jobs/{job['id']}/result")
    assert result.headers["content-type"] == "application/zip"
    assert "trip" in result.headers["content-disposition"]
    assert result.headers["X-Job-Status"] == "done"
    files = unpack(result.content)
    assert set(files) == {"manifest.csv", "manifest.json", "trip/day 1/a.png", "照片/猫.png"}
    assert Image.open(io.BytesIO(files["trip/day 1/a.png"])).mode == "RGBA"
    named = {row["source"]: row["reason"] for row in json.loads(files["manifest.json"])["files"]}
    assert named["broken.jpg"]
    run = working.get(f"/api/v1/runs/{job['run']}").json()
    assert run["task"] == "batch"


def test_zips_and_loose_pictures_go_together(working: TestClient) -> None:
    answer = send(working, ("a.jpg", jpeg()), ("trip.zip", pack(TRIP)), ("照片.jpg", jpeg(9)))
    job = wait(working, answer.json()["job"]["id"], "done", "failed")
    assert (job["done"], job["failed"]) == (4, 1)
    assert {"a.png", "照片.png"} < set(unpack(working.get(f"/api/v1/jobs/{job['id']}/result").content))


def test_options_and_a_background_count(working: TestClient) -> None:
    blue = encode(np.full((50, 50, 3), (0, 0, 250), np.uint8))
    answer = working.post(
        "/api/v1/batch",
        files={"archive": ("a.jpg", jpeg()), "background_image": ("b.png", blue)},
        data=OPTIONS | {"background": "picture", "format": "webp"},
    )
    job = wait(working, answer.json()["job"]["id"], "done")
    files = unpack(working.get(f"/api/v1/jobs/{job['id']}/result").content)
    red, green, corner = Image.open(io.BytesIO(files["a.webp"])).convert("RGB").getpixel((1, 1))
    assert corner > 200 > 60 > max(red, green)


def test_the_files_are_listed_by_page_and_status(working: TestClient) -> None:
    job_id = send(working, ("trip.zip", pack(TRIP))).json()["job"]["id"]
    wait(working, job_id, "done")
    address = f"/api/v1/jobs/{job_id}/files"
    everything = working.get(address).json()["files"]
    assert [row["source"] for row in everything] == list(TRIP)
    assert working.get(address, params={"offset": 1, "limit": 1}).json()["files"] == everything[1:2]
    failed = working.get(address, params={"status": "failed"}).json()["files"]
    assert [row["source"] for row in failed] == ["broken.jpg"]
    assert working.get(address, params={"status": "lost"}).status_code == 422


def test_a_job_is_stopped_keeps_its_part_and_goes_on(held: tuple[TestClient, Held]) -> None:
    client, net = held
    files = {f"{number:02d}.jpg": jpeg(number) for number in range(30)}
    job_id = send(client, ("many.zip", pack(files))).json()["job"]["id"]
    assert net.asked.wait(60)
    early = client.get(f"/api/v1/jobs/{job_id}/result")
    assert (early.status_code, early.json()["error"]["code"]) == (404, "not_found")
    assert early.json()["error"]["hint"]
    stopped = client.delete(f"/api/v1/jobs/{job_id}")
    assert (stopped.status_code, stopped.json()["job"]["id"]) == (200, job_id)
    net.may.set()
    job = wait(client, job_id, "cancelled")
    assert 0 < job["done"] < 30
    part = client.get(f"/api/v1/jobs/{job_id}/result")
    assert part.headers["X-Job-Status"] == "cancelled"
    assert len(unpack(part.content)) == job["done"] + 2
    assert client.post(f"/api/v1/jobs/{job_id}/resume").status_code == 202
    job = wait(client, job_id, "done")
    assert (job["done"], job["failed"]) == (30, 0)
    again = client.post(f"/api/v1/jobs/{job_id}/resume")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "wrong_state")


def test_a_waiting_job_is_cancelled_and_removed(client: TestClient) -> None:
    job_id = send(client, ("a.jpg", jpeg())).json()["job"]["id"]
    assert client.delete(f"/api/v1/jobs/{job_id}").json()["job"]["status"] == "cancelled"
    assert [job["id"] for job in client.get("/api/v1/jobs").json()["jobs"]] == [job_id]
    assert client.delete(f"/api/v1/jobs/{job_id}").status_code == 204
    assert client.get(f"/api/v1/jobs/{job_id}").status_code == 404
    assert client.get("/api/v1/jobs").json() == {"jobs": []}


def test_failed_files_are_tried_again(working: TestClient) -> None:
    job_id = send(working, ("trip.zip", pack(TRIP))).json()["job"]["id"]
    wait(working, job_id, "done")
    assert working.post(f"/api/v1/jobs/{job_id}/retry").status_code == 202
    job = wait(working, job_id, "done")
    assert (job["done"], job["failed"]) == (2, 1)


def test_jobs_are_listed_newest_first_and_by_kind(client: TestClient) -> None:
    made = [send(client, (f"{number}.jpg", jpeg())).json()["job"]["id"] for number in range(3)]
    assert [job["id"] for job in client.get("/api/v1/jobs").json()["jobs"]] == made[::-1]
    assert [job["id"] for job in client.get("/api/v1/jobs?limit=1").json()["jobs"]] == made[-1:]
    assert [job["id"] for job in client.get("/api/v1/jobs?limit=2&offset=1").json()["jobs"]] == made[1::-1]
    assert client.get("/api/v1/jobs?offset=3").json() == {"jobs": []}
    assert client.get("/api/v1/jobs?offset=-1").status_code == 422
    assert client.get("/api/v1/jobs?kind=video").json() == {"jobs": []}


def test_the_upload_is_taken_over_and_nothing_of_it_stays_behind(client: TestClient, studio: Studio) -> None:
    send(client, ("a.jpg", jpeg()), ("b.zip", b"no zip"))
    assert list((studio.settings.outputs / ".uploads").iterdir()) == []


@pytest.mark.parametrize("route", ["", "/files", "/result"])
@pytest.mark.parametrize("job_id", ["batch-000000000000", "nonesuch", "..%2f..%2fetc", "%00"])
def test_an_unknown_job_is_not_found(client: TestClient, route: str, job_id: str) -> None:
    answer = client.get(f"/api/v1/jobs/{job_id}{route}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("action", ["resume", "retry"])
def test_an_unknown_job_cannot_go_on(client: TestClient, action: str) -> None:
    assert client.post(f"/api/v1/jobs/batch-000000000000/{action}").status_code == 404
    assert client.delete("/api/v1/jobs/batch-000000000000").status_code == 404


@pytest.mark.parametrize(
    ("files", "status", "code"),
    [
        ([("a.zip", b"no zip at all")], 400, "bad_input"),
        ([("a.zip", pack({}))], 400, "bad_input"),
        ([("a.zip", pack({"a.txt": b"text"}))], 400, "bad_input"),
        ([("a.txt", b"text")], 400, "bad_input"),
    ],
    ids=["no zip", "empty zip", "no pictures", "a text"],
)
def test_input_that_cannot_be_used_is_refused_at_once(
    client: TestClient, files: list[tuple[str, bytes]], status: int, code: str
) -> None:
    answer = send(client, *files)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["hint"]
    assert client.get("/api/v1/jobs").json() == {"jobs": []}


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"refine": "finest"}, 422, "invalid_option"),
        ({"sharpen": "1"}, 422, "invalid_option"),
        ({"reuse": "perhaps"}, 422, "invalid_option"),
        ({"model": "nonesuch"}, 404, "model_unknown"),
        ({"model": "modnet"}, 409, "model_missing"),
        ({"background": "picture"}, 422, "invalid_option"),
        ({"folder": "/etc"}, 422, "invalid_option"),
        ({"archive": "text"}, 422, "invalid_option"),
    ],
)
def test_bad_fields_are_explained(client: TestClient, fields: dict[str, str], status: int, code: str) -> None:
    answer = send(client, ("a.jpg", jpeg()), **fields)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), answer.text
    assert client.get("/api/v1/jobs").json() == {"jobs": []}


def test_nothing_to_do_is_explained(client: TestClient) -> None:
    answer = client.post("/api/v1/batch", files={"background_image": ("b.png", jpeg())})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_option")
    assert "archive" in answer.json()["error"]["hint"]
    assert client.post("/api/v1/batch", json={"folder": "/etc"}).status_code == 400


def test_a_folder_of_the_server_is_read_where_it_is(
    serve_with: Callable[..., TestClient], tmp_path: Path
) -> None:
    folder = tmp_path / "photos" / "trip"
    folder.mkdir(parents=True)
    (folder / "a.jpg").write_bytes(jpeg())
    client = begin(serve_with(input_folders=str(tmp_path / "photos")))
    form = OPTIONS | {"folder": "trip"}
    for body in ({"data": form}, {"files": {name: (None, text) for name, text in form.items()}}):
        answer = client.post("/api/v1/batch", **body)
        assert answer.status_code == 202, answer.text
        job = wait(client, answer.json()["job"]["id"], "done")
        assert (job["done"], job["title"]) == (1, "trip")
    assert (folder / "a.jpg").exists()


@pytest.mark.parametrize("text", ["..", "/etc", "trip/../..", "nonesuch"])
def test_no_other_folder_is_read(serve_with: Callable[..., TestClient], tmp_path: Path, text: str) -> None:
    (tmp_path / "photos" / "trip").mkdir(parents=True)
    client = serve_with(input_folders=str(tmp_path / "photos"))
    answer = client.post("/api/v1/batch", files={"folder": (None, text)})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_a_batch_may_be_larger_than_a_picture(serve_with: Callable[..., TestClient]) -> None:
    client = serve_with(max_upload_mb=1, max_batch_mb=3)
    noise = np.random.default_rng(0).integers(0, 255, (400, 400, 3), np.uint8)
    data = pack({f"{number}.bmp": encode(noise, "BMP") for number in range(5)})
    assert 2_000_000 < len(data) < 3_000_000
    assert send(client, ("a.zip", data)).status_code == 202
    assert client.post("/api/v1/matting", files={"image": data}).status_code == 413
    answer = send(client, ("a.zip", data), ("b.zip", data))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
    assert "3 MB" in answer.json()["error"]["message"]
    assert "INKFRAME_MAX_BATCH_MB" in answer.json()["error"]["hint"]


def test_too_many_files_are_refused(serve_with: Callable[..., TestClient]) -> None:
    client = serve_with(max_batch_files=3)
    for files in (
        [(f"{number}.jpg", jpeg()) for number in range(4)],
        [("a.zip", pack({f"{number}.jpg": jpeg() for number in range(4)}))],
    ):
        answer = send(client, *files)
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


def test_a_ticket_downloads_without_a_header(serve_with: Callable[..., TestClient]) -> None:
    sign_in = ("ann", "secret")
    client = begin(serve_with(login="ann:secret"), auth=sign_in)
    job = client.post(
        "/api/v1/batch", files={"archive": ("a.jpg", jpeg())}, data=OPTIONS, auth=sign_in
    ).json()["job"]
    end = time.monotonic() + 60
    path = f"/api/v1/jobs/{job['id']}/result"
    while client.get(path, auth=sign_in).status_code != 200:
        assert time.monotonic() < end
        time.sleep(0.05)
    ticket = client.app.state.studio.tickets.sign(path)  # type: ignore[attr-defined]
    assert client.get(path).status_code == 401
    assert client.get(f"{path}?ticket=1.abc").status_code == 401
    assert unpack(client.get(f"{path}?{ticket}").content)
    assert client.get(f"/api/v1/jobs/{job['id']}?{ticket}").status_code == 401
    assert client.delete(f"{path}?{ticket}").status_code == 401
    other = client.get(f"/api/v1/jobs?{ticket}")
    assert other.status_code == 401


def test_metrics_tell_of_jobs_and_pictures(working: TestClient) -> None:
    job_id = send(working, ("trip.zip", pack(TRIP))).json()["job"]["id"]
    wait(working, job_id, "done")
    text = working.get("/metrics").text
    assert 'inkframe_jobs{kind="batch",status="done"} 1.0' in text
    assert 'inkframe_job_pieces{kind="batch",outcome="done"} 2.0' in text
    assert 'inkframe_job_pieces{kind="batch",outcome="failed"} 1.0' in text


def test_openapi_shows_the_form(client: TestClient) -> None:
    operation = client.get("/openapi.json").json()["paths"]["/api/v1/batch"]["post"]
    fields = operation["requestBody"]["content"]["multipart/form-data"]["schema"]["properties"]
    assert fields["archive"]["items"]["format"] == "binary"
    assert fields["refine"]["enum"] == ["off", "fast", "fine"]
    assert {"folder", "background_image", "reuse"} <= set(fields)
