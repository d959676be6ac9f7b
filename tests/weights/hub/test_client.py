"""What the download process may touch: one address, its own folder, no terminal."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import threading
import time
import zlib
from pathlib import Path
from typing import Any

import pytest

from tests.weights.conftest import PATH, Place, make_spec
from weights.hub.client import MEMORY
from weights.hub.client_process import LISTING_PATIENCE, ROOT, ClientFault, HubClient
from weights.hub.fetch import Watch, fetch

# runs at the start of every Python that has its folder on PYTHONPATH
SPY = """
import os, socket
connect = socket.socket.connect
def spy(self, address):
    with open(os.environ["SPY"], "a") as file:
        print(address[:2], file=file)
    return connect(self, address)
socket.socket.connect = spy
"""


def call(
    client: HubClient, request: dict[str, Any], gives_up: threading.Event | None = None
) -> dict[str, Any]:
    with client.session() as session:
        return session.call(request, gives_up or threading.Event())


def test_it_connects_to_the_given_hub_alone_and_leaves_no_trace_at_home(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    # given a home of its own, a spy on every connection, and settings of another use of the client
    home, spied = tmp_path / "home", tmp_path / "spied"
    home.mkdir()
    spied.mkdir()
    (spied / "sitecustomize.py").write_text(SPY)
    monkeypatch.setenv("PYTHONPATH", str(spied))
    monkeypatch.setenv("SPY", str(tmp_path / "connections"))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("MODELSCOPE_ENDPOINT", "http://192.0.2.1")
    monkeypatch.setenv("MODELSCOPE_CACHE", str(home / "elsewhere"))
    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.2:3128")
    # when a model is fetched
    fetch(place.spec, place.cache, place.client, Watch(), ())
    # then that is all that happened
    port = int(place.hub.url.rsplit(":", 1)[1])
    assert set((tmp_path / "connections").read_text().splitlines()) == {str(("127.0.0.1", port))}
    assert list(home.rglob("*")) == []
    assert capfd.readouterr() == ("", "")


def test_this_process_keeps_clear_of_the_client(place: Place) -> None:
    before = set(sys.modules)  # Gradio, of other tests, brings tqdm
    fetch(place.spec, place.cache, place.client, Watch(), ())
    assert not [name for name in set(sys.modules) - before if name.startswith(("modelscope", "tqdm"))]
    assert not [name for name in sys.modules if name.startswith("modelscope")]


def test_a_client_that_breaks_is_a_fault(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(ClientFault, match="without an answer"):
        call(place.client, {"do": "list"})


def test_an_answer_larger_than_a_pipe_arrives(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a client with 1 MB to say
    client = tmp_path / "client"
    client.write_text(f"#!{sys.executable}\nprint('{{\"files\": \"' + 'x' * 1_000_000 + '\"}}')\n")
    client.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(client))
    # when it is called, by somebody who gives up after a while
    gives_up = threading.Event()
    timer = threading.Timer(10, gives_up.set)
    timer.start()
    answer = call(place.client, {"do": "list"}, gives_up)
    timer.cancel()
    # then all of it arrives
    assert len(answer["files"]) == 1_000_000


def test_an_unexpected_error_comes_back_as_other(place: Place) -> None:
    with pytest.raises(ClientFault, match="KeyError") as caught:
        call(place.client, {"do": "dance"})
    assert caught.value.kind == "other"


def test_it_ends_when_the_app_does(place: Place) -> None:
    # given a download that hangs
    place.hub.behave(PATH, "stalled")
    request = {
        "do": "get",
        "repo": "owner/small",
        "revision": "master",
        "endpoint": place.hub.url,
        "folder": str(place.cache),
        "files": [{"path": PATH, "size": None}],
    }
    environment = place.client.environment() | {"MODELSCOPE_DOWNLOAD_TIMEOUT": "60"}
    with subprocess.Popen(
        [sys.executable, "-m", "weights.hub.client"],
        cwd=ROOT,
        env=environment,
        stdin=-1,
        stdout=-1,
        text=True,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        end = time.monotonic() + 10
        while not place.hub.asked_for(PATH) and time.monotonic() < end:
            time.sleep(0.02)
        assert process.poll() is None
        # when the other end goes away, as it does when the app is killed
        process.stdin.close()
        # then so does it
        assert process.wait(3) == 1


def test_without_an_endpoint_it_asks_modelscope_itself(tmp_path: Path) -> None:
    assert HubClient("", tmp_path).address == "https://modelscope.cn"


def test_the_row_decides_the_revision(place: Place) -> None:
    fetch(make_spec(revision="v1.0.0"), place.cache, place.client, Watch(), ())
    assert {asked.revision for asked in place.hub.requests} == {"v1.0.0"}


def test_the_hubs_own_words_are_one_line_that_can_be_shown() -> None:
    text = "x\n2026-11-22 INFO admin signed in\x1b]0;owned\x07\ud800 " + "long " * 1000
    fault = str(ClientFault("other", text))
    assert fault.isprintable() and len(fault) == 300
    assert fault.startswith("x 2026-11-22 INFO admin signed in ]0;owned long")
    assert str(ClientFault("network", "Connection refused")) == "Connection refused"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems don't hold a process to it")
def test_a_listing_that_unpacks_to_gigabytes_ends_the_client_alone(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a listing of 1 MB that is a gigabyte of blanks
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    head, blanks = (pack.compress(bytes(1 << 20)) + pack.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    body = head + blanks * 1023

    def answer(self: Any, repo: str) -> None:
        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    monkeypatch.setattr("tests.stand_in_hub._Handler._answer_listing", answer)
    # when the client asks for it
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    request = {"do": "list", "repo": "owner/small", "revision": "master", "paths": [PATH]}
    with pytest.raises(ClientFault):
        call(place.client, request)
    # then it has taken no more than it may
    taken = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert taken == before or taken < (MEMORY >> 10) * 1.2


def test_a_page_of_the_listing_has_longer_than_a_dead_line(place: Place) -> None:
    environ = place.client.environment()
    longest = int(environ["MODELSCOPE_REPO_TREE_PAGE_TIMEOUT_SECONDS"])
    assert longest == LISTING_PATIENCE > 2 * place.client.timeout
