"""The whole app behind a real uvicorn: the page answers, and no file outside it can be read through it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from gradio import processing_utils
from gradio.routes import App

from app import OPEN_TO_ALL, create_app, greet
from benchmarks.tree_memory import read_used_s
from pipelines.errors import BadInput
from pipelines.settings import ROOT, Settings
from tests.faults.processes import wait_for
from tests.serving import free_port, serve, started_app
from ui.page import SESSIONS

SECRET = "do-not-tell-7f3a"


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that nobody should get to see."""
    path = tmp_path_factory.mktemp("elsewhere") / "secret.txt"
    path.write_text(SECRET)
    return path


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    folder = tmp_path_factory.mktemp("app")
    return create_app(
        Settings(
            outputs=folder / "outputs", weights=folder / "weights", models="none", offline=True, device="cpu"
        )
    )


@pytest.fixture(scope="module")
def address(app: FastAPI) -> Iterator[str]:
    with serve(app) as url:
        yield url


def test_a_session_that_is_not_known_ends_its_stream_without_a_trace(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = httpx.get(f"{address}/gradio_api/queue/data", params={"session_hash": "nobody"})
    assert "session_not_found" in answer.text
    assert caplog.text == ""


def test_page_routes_and_docs_answer(address: str) -> None:
    for path, part in (("/", "gradio"), ("/healthz", '"ok"'), ("/docs", "swagger"), ("/config", "Inkframe")):
        answer = httpx.get(address + path, follow_redirects=True)
        assert answer.status_code == 200
        assert part in answer.text


def file_paths(secret: Path) -> list[str]:
    return [
        str(secret),
        "/etc/passwd",
        str(ROOT / "app.py"),
        str(ROOT / "requirements.txt"),
        "app.py",
        "../app.py",
        f"/proc/self/root{secret}",
        "/proc/self/environ",
    ]


def test_gradios_file_route_gives_nothing_from_outside(address: str, secret: Path) -> None:
    for path in file_paths(secret):
        for route in (
            "/gradio_api/file=",
            "/file=",
            "/gradio_api/proxy=file://",
            "/gradio_api/stream/",
            "/static/",
        ):
            answer = httpx.get(address + route + path)
            assert answer.status_code >= 400, (route, path)
            assert SECRET not in answer.text
            assert "root:" not in answer.text


def test_gradio_refuses_half_a_character_in_words(address: str) -> None:
    body, kind = '{"data": "\\ud800", "fn_index": "\\ud800"}', {"content-type": "application/json"}
    answer = httpx.post(f"{address}/gradio_api/run/predict", content=body, headers=kind)
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "invalid_option"


@pytest.mark.parametrize(
    ("kind", "coding"), [("application/json; a=multipart/x", "utf-8"), ("application/json", "utf-16")]
)
def test_an_address_is_refused_however_it_is_written(address: str, kind: str, coding: str) -> None:
    body = json.dumps({"data": [{"path": "http://example.com/a.jpg"}], "fn_index": 0, "session_hash": "x"})
    for route in ("queue/join", "run/predict"):
        answer = httpx.post(
            f"{address}/gradio_api/{route}", content=body.encode(coding), headers={"content-type": kind}
        )
        assert answer.status_code == 403


def test_gradio_itself_fetches_nothing(address: str) -> None:
    with pytest.raises(BadInput):
        processing_utils.ssrf_protected_download("http://example.com/a.jpg", "/nowhere")


def test_routes_that_the_page_does_not_use_are_closed(address: str) -> None:
    assert httpx.post(f"{address}/gradio_api/process_recording", files={"video": b"x"}).status_code == 403
    assert httpx.get(f"{address}/gradio_api/deep_link?session_hash=x").status_code == 403


UPLOAD = (
    b"POST /gradio_api/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n"
    b"Content-Type: multipart/form-data; boundary=edge\r\n\r\n"
    b'--edge\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'
)


def test_an_upload_that_breaks_off_leaves_nothing(
    app: FastAPI, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    def coming() -> bool:
        return any((app.state.studio.settings.outputs / ".page").glob("tmp*"))

    with socket.create_connection(("127.0.0.1", httpx.URL(address).port or 0)) as line:
        line.sendall(UPLOAD + b"x" * 100_000)
        wait_for(coming)
    wait_for(lambda: not coming())
    assert caplog.text == ""


def test_gradio_makes_one_web_app(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    made, begin = [], App.__init__
    monkeypatch.setattr(App, "__init__", lambda new, **facts: (made.append(new), begin(new, **facts))[1])
    app = create_app(settings)
    assert made == [app.routes[-1].app] == [made[0].get_blocks().app]
    app.state.studio.close()


def test_visits_do_not_pile_up(app: FastAPI) -> None:
    holder = app.routes[-1].app.state_holder
    for number in range(SESSIONS + 3):
        holder[str(number)]
    assert next(iter(holder.session_data)) == "3"
    assert len(holder.session_data) == SESSIONS


def test_the_index_of_the_history_is_not_served(address: str, photo: bytes) -> None:
    run = httpx.post(address + "/api/v1/matting", files={"image": photo}, timeout=60)
    assert run.status_code == 200
    settings = httpx.get(address + "/healthz")
    assert settings.status_code == 200
    for path in ("/gradio_api/file=.history.sqlite3", "/gradio_api/file=outputs/.history.sqlite3"):
        assert httpx.get(address + path).status_code >= 400


def test_no_event_reads_a_path_or_url_that_a_request_made_up(address: str, secret: Path) -> None:
    """Every event of the page is called by hand with file payloads that name what was never uploaded."""
    events = httpx.get(address + "/config").json()["dependencies"]
    with serve_text(secret) as url, ThreadPoolExecutor(4) as callers:
        lures = ({"path": str(secret)}, {"path": url, "url": url}, {"path": "/etc/passwd"}, str(secret))
        lured = [each for each in events if each["inputs"]]
        told = [*chain(*callers.map(partial(call_all, address, lured), lures, range(len(lures))))]
        told += call_all(address, [each for each in events if not each["inputs"]], "", 0)
    assert len(told) == 3 * len(lured) + len(events) > 4 * 100
    for answer in told:
        assert SECRET not in answer
        assert "root:x:" not in answer
    kept = httpx.get(address + "/api/v1/runs").json()
    assert all(run["inputs"][0]["name"] != secret.name for run in kept["runs"])


def call_all(address: str, events: list[dict[str, Any]], lure: dict[str, str] | str, turn: int) -> list[str]:
    """What the server says to each event that is given nothing but the lure.

    By turns directly and through the queue: of four lures each event is given two in either way. One client and one
    session for all: making either takes longer than a call.
    """
    payload = lure | {"meta": {"_type": "gradio.FileData"}} if isinstance(lure, dict) else lure
    session = uuid4().hex
    with httpx.Client(base_url=address, timeout=30) as client:
        return [
            (call, call_by_queue)[at % 2](client, each["id"], [payload] * len(each["inputs"]), session)
            for at, each in enumerate(events, turn)
        ]


def call(client: httpx.Client, event: int, data: list[Any], session: str) -> str:
    """Everything the server says to a direct call of an event, and the files that the answer links."""
    body = {"data": data, "fn_index": event, "session_hash": session}
    return with_files(client, client.post("/gradio_api/run/predict", json=body).text)


def call_by_queue(client: httpx.Client, event: int, data: list[Any], session: str) -> str:
    """The same through the queue, as the page calls it."""
    body = {"data": data, "fn_index": event, "session_hash": session}
    joined = client.post("/gradio_api/queue/join", json=body)
    if joined.status_code != 200:
        return joined.text
    # to its end: a session whose stream was broken off loses what it asks next
    return with_files(client, client.get("/gradio_api/queue/data", params={"session_hash": session}).text)


def with_files(client: httpx.Client, text: str) -> str:
    return text + "".join(client.get(url).text for url in find_links(text))


def find_links(text: str) -> list[str]:
    """URLs of the server's own files in an answer."""
    return [part.split('"')[0] for part in text.split('"url":"')[1:] if "127.0.0.1" in part[:40]]


class serve_text:
    """A little server that has the secret: whoever fetches a given URL would get it."""

    def __init__(self, secret: Path) -> None:
        self._folder, self._port = secret.parent, free_port()
        self._name = secret.name

    def __enter__(self) -> str:
        command = [sys.executable, "-m", "http.server", str(self._port), "--bind", "127.0.0.1"]
        self._process = subprocess.Popen(
            command, cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        return f"http://127.0.0.1:{self._port}/{self._name}"

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()


def test_a_login_guards_page_files_and_events(settings: Settings) -> None:
    with serve(create_app(replace(settings, login="ann:secret"))) as address:
        for path in ("/config", "/gradio_api/file=x", "/gradio_api/info", "/api/v1/runs", "/metrics"):
            assert httpx.get(address + path).status_code in (401, 403), path
        assert "ann" not in httpx.get(address + "/", follow_redirects=True).text
        joined = httpx.post(
            f"{address}/gradio_api/queue/join", json={"data": [], "fn_index": 0, "session_hash": "x"}
        )
        assert joined.status_code == 401
        uploaded = httpx.post(f"{address}/gradio_api/upload", files={"files": b"x"})
        assert uploaded.status_code == 401


BUSY = 2.0
"""Load for each core from which on nothing can be said of speed; the suite itself makes about 1."""


def test_the_first_page_comes_within_four_seconds(tmp_path: Path) -> None:
    """From `cli.py start` to the page's HTML; the promise is for an idle machine, so the best of two counts.

    Half of it is Gradio's import, without the stubs that the app leaves out: a slower machine, or a busy one, gets
    three times what that takes.
    """
    if os.getloadavg()[0] > BUSY * (os.cpu_count() or 1):
        pytest.skip("the machine is busy with other work, and the promise is for an idle one")
    environ = {"INKFRAME_OUTPUTS": str(tmp_path / "o"), "INKFRAME_WEIGHTS": str(tmp_path / "w")}
    limit = max(4.0, 3 * min(time_gradio() for _ in range(2)))
    assert min(start_and_time(environ) for _ in range(2)) < limit


def time_gradio() -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import ui, gradio"], cwd=ROOT, check=True)
    return time.perf_counter() - start


def start_and_time(environ: dict[str, str]) -> float:
    port, start = free_port(), time.perf_counter()
    command = [
        sys.executable,
        str(ROOT / "cli.py"),
        "start",
        "--offline",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    process = subprocess.Popen(command, env=os.environ | environ, stdout=subprocess.PIPE, text=True)
    try:
        while time.perf_counter() - start < 60:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
                    assert b"gradio" in answer.read()
                    return time.perf_counter() - start
            except OSError:
                time.sleep(0.02)
        raise TimeoutError("the page did not come")
    finally:
        process.terminate()
        process.communicate(timeout=20)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads Linux's /proc")
def test_an_app_that_nobody_uses_lets_the_processor_sleep(tmp_path: Path) -> None:
    with started_app(tmp_path) as (process, _):

        def is_idle() -> bool:
            before = read_used_s(process.pid)
            time.sleep(2)
            return read_used_s(process.pid) - before < 0.03 * 2

        wait_for(is_idle, 60)


def test_it_stops_although_a_page_is_open(tmp_path: Path) -> None:
    with (
        started_app(tmp_path) as (process, address),
        httpx.stream("GET", f"{address}/gradio_api/heartbeat/abc", timeout=30) as held,
    ):
        assert held.status_code == 200
        process.terminate()
        process.wait(15)


@pytest.mark.parametrize(
    ("host", "sign_in", "warned"),
    [
        ("127.0.0.1", {}, False),
        ("0.0.0.0", {}, True),
        ("192.168.1.5", {}, True),
        ("0.0.0.0", {"token": "s3cret"}, False),
    ],
)
def test_the_start_says_when_anyone_on_the_network_may_come_in(
    host: str, sign_in: dict[str, str], warned: bool
) -> None:
    lines = list(greet(replace(Settings(), host=host, **sign_in), ""))
    assert lines[0].startswith("Inkframe ")
    assert (OPEN_TO_ALL in lines) == warned


def test_a_folder_is_where_the_one_who_starts_it_is(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    words = [sys.executable, str(ROOT / "app.py"), "--outputs", "out", "--port", "70000"]
    ran = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert f"{tmp_path / 'out'} is a file" in ran.stderr


def test_the_start_says_why_models_run_on_the_cpu() -> None:
    assert list(greet(Settings(), "driver 470 is too old"))[-1].endswith("CPU: driver 470 is too old")
