"""Multipart forms go onto the disk as they come, whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import threading
import time
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import anyio
import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from server.failures import explain_failures
from server.uploads import FOLDER, receive_form, remove_stale_uploads, upload_folder


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """A route that tells what it was sent."""
    app = FastAPI()
    explain_failures(app)

    @app.post("/")
    async def take(request: Request) -> dict[str, Any]:
        async with upload_folder(tmp_path) as folder:
            form = await receive_form(request, folder, most_files=3)
            files = {
                name: [
                    [part.name, part.path.read_bytes().hex()[:64], part.path.stat().st_size] for part in parts
                ]
                for name, parts in form.files.items()
            }
            return {"texts": form.texts, "files": files}

    with TestClient(app, raise_server_exceptions=False) as made:
        yield made
    assert list((tmp_path / FOLDER).iterdir()) == []


def multipart(*parts: tuple[str, bytes], end: bool = True) -> bytes:
    body = b"".join(b"--b\r\n" + head.encode() + b"\r\n\r\n" + data + b"\r\n" for head, data in parts)
    return body + (b"--b--\r\n" if end else b"")


def receive(request: Any, folder: Path) -> Any:
    """Ask `receive_form` from a thread of its own: the browser of other tests keeps a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(anyio.run, partial(receive_form, request, folder, most_files=1)).result()


def post(client: TestClient, body: Any, kind: str = "multipart/form-data; boundary=b") -> Any:
    return client.post("/", content=body, headers={"Content-Type": kind})


FILE = 'Content-Disposition: form-data; name="archive"; filename="{}"'


def test_texts_and_files_arrive(client: TestClient) -> None:
    files = [("archive", ("a.zip", b"PK")), ("archive", ("照片.jpg", b"\xff\xd8")), ("other", ("x", b""))]
    answer = client.post("/", files=files, data={"refine": "off", "note": "très bon"})
    assert answer.json() == {
        "texts": {"refine": "off", "note": "très bon"},
        "files": {"archive": [["a.zip", "504b", 2], ["照片.jpg", "ffd8", 2]], "other": [["x", "", 0]]},
    }


def request_of(pieces: list[bytes]) -> Request:
    """A request whose body arrives in these pieces."""
    waiting = list(reversed(pieces))

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": waiting.pop(), "more_body": bool(waiting)}

    headers = [(b"content-type", b"multipart/form-data; boundary=b")]
    return Request({"type": "http", "headers": headers}, receive)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000, 10**6])
def test_a_file_is_the_same_however_it_is_cut_into_pieces(tmp_path: Path, size: int) -> None:
    data = bytes(range(256)) * 9 + b"\r\n--a--\r\n--not the end\r\n--\r\n-\r\r\n"
    body = multipart((FILE.format("a"), data), ('Content-Disposition: form-data; name="t"', b"text"))
    request = request_of([body[at : at + size] for at in range(0, len(body), size)])
    form = receive(request, tmp_path)
    assert form.files["archive"][0].path.read_bytes() == data
    assert form.texts == {"t": "text"}


def test_an_empty_file_field_of_a_browser_is_nothing(client: TestClient) -> None:
    assert post(client, multipart((FILE.format(""), b""))).json()["files"] == {"archive": []}


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.99])
def test_a_form_that_breaks_off_is_refused(client: TestClient, keep: float) -> None:
    body = multipart((FILE.format("a"), b"x" * 5000))
    answer = post(client, body[: int(len(body) * keep)])
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_input")
    assert answer.json()["error"]["hint"]


@pytest.mark.parametrize(
    "kind", ["application/json", "multipart/form-data", "", "multipart/form-data; boundary="]
)
def test_another_kind_of_body_is_refused(client: TestClient, kind: str) -> None:
    answer = post(client, b"{}", kind)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_input")


@pytest.mark.parametrize(
    "body",
    [
        b"no boundary at all",
        multipart(("Content-Disposition: form-data", b"no name")),
        multipart(("X: " + "y" * 9000, b"long header")),
        multipart(*[("no colon here", b"")]),
    ],
)
def test_a_malformed_form_is_refused(client: TestClient, body: bytes) -> None:
    assert post(client, body).status_code == 400


def test_too_many_files_are_refused(client: TestClient) -> None:
    parts = [(FILE.format(number), b"x") for number in range(4)]
    answer = post(client, multipart(*parts))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
    assert "INKFRAME_MAX_BATCH_FILES" in answer.json()["error"]["hint"]
    assert post(client, multipart(*parts[:3])).status_code == 200


def test_a_text_is_no_place_for_a_file(client: TestClient) -> None:
    answer = post(client, multipart(('Content-Disposition: form-data; name="refine"', b"x" * 100_000)))
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_option")


def test_memory_does_not_grow_with_the_upload(tmp_path: Path) -> None:
    pieces = [
        multipart((FILE.format("big"), b""), end=False)[:-2],
        *[bytes(1_000_000)] * 60,
        b"\r\n--b--\r\n",
    ]
    request = request_of(pieces)
    tracemalloc.start()
    try:
        form = receive(request, tmp_path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert form.files["archive"][0].path.stat().st_size == 60_000_000
    assert peak < 8_000_000


def test_a_full_disk_is_explained(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    body = multipart((FILE.format("a"), b"x" * 100))

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", full)
        answer = post(client, body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "disk_full")
    assert post(client, body).status_code == 200


def test_an_upload_that_cannot_fit_is_refused_before_it_comes(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.history.writing.shutil.disk_usage", lambda _: SimpleNamespace(free=1000))
    answer = post(client, multipart((FILE.format("a"), b"x" * 100)))
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "disk_full")


@pytest.mark.parametrize("called_off", [False, True])
def test_an_upload_is_cleared_away_beside_the_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, called_off: bool
) -> None:
    by: list[str] = []

    def rmtree(folder: Path, **_: object) -> None:
        by.append(threading.current_thread().name)
        folder.rmdir()

    async def upload() -> str:
        with anyio.CancelScope() as scope:
            async with upload_folder(tmp_path):
                if called_off:
                    scope.cancel()
        return threading.current_thread().name

    monkeypatch.setattr(shutil, "rmtree", rmtree)
    with ThreadPoolExecutor(1) as pool:
        loop = pool.submit(anyio.run, upload).result()
    assert len(by) == 1 and by[0] != loop
    assert list((tmp_path / FOLDER).iterdir()) == []


def test_what_a_killed_process_left_is_removed_after_a_day(tmp_path: Path) -> None:
    for name, age in (("old", 2 * 86400), ("new", 60)):
        (tmp_path / FOLDER / name).mkdir(parents=True)
        os.utime(tmp_path / FOLDER / name, (time.time() - age,) * 2)
    remove_stale_uploads(tmp_path)
    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == ["new"]
    remove_stale_uploads(tmp_path / "nonesuch")
