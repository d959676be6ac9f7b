"""Model files: downloads and conversions that are killed, a hub that goes away at each step, damage on the disk."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pipelines.settings import ROOT, Settings
from pipelines.studio import open_studio
from tests.faults.processes import find_processes, wait_for
from tests.server.conftest import rest_app
from tests.stand_in_hub import StandInHub
from tests.weights.conftest import BODY, PATH, Place, make_spec
from tests.weights.conversion.test_convert import FakeRunner
from weights import files
from weights.catalogue import Catalogue
from weights.conversion.convert import convert, report_of
from weights.disk import TRASH
from weights.files import locate
from weights.hub import fetch
from weights.hub.downloads import Downloads

FILES = {"owner/small": {PATH: BODY}}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with StandInHub(FILES) as hub:
        yield Place(hub, tmp_path / "cache", make_spec())


def open_downloads(place: Place, hub: StandInHub) -> Downloads:
    return Downloads(Catalogue([place.spec]), place.cache, hub.url, back_off=(), timeout=2)


def leave(hub: StandInHub) -> None:
    """The hub goes away: what it was sending breaks off, nobody listens any more."""
    hub.__exit__(None, None, None)
    hub.__exit__ = lambda *_: None  # type: ignore[method-assign]


def leave_when_called(name: str) -> Callable[[Place, pytest.MonkeyPatch], None]:
    """The hub goes away just before a step of the download."""

    def harm(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        step = getattr(fetch, name)

        def go(*given: Any) -> Any:
            if not place.hub.closing.is_set():
                leave(place.hub)
            return step(*given)

        monkeypatch.setattr(fetch, name, go)

    return harm


def leave_in_the_middle(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.hub.behave(PATH, "stalled")


@pytest.mark.parametrize(
    ("harm", "status", "here"),
    [
        (lambda place, _: leave(place.hub), "failed", 0),
        (lambda place, _: place.hub.behave(PATH, "hang-up"), "failed", 0),
        (leave_in_the_middle, "failed", len(BODY) // 4),
        (leave_when_called("sha256_of"), "ready", len(BODY)),
        (leave_when_called("_settle"), "ready", len(BODY)),
    ],
    ids=["listing", "first byte", "middle", "checksum", "rename"],
)
def test_a_hub_that_goes_away_keeps_what_came_and_another_start_ends_it(
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
    harm: Callable[[Place, pytest.MonkeyPatch], None],
    status: str,
    here: int,
) -> None:
    harm(place, monkeypatch)
    downloads = open_downloads(place, place.hub)
    downloads.start("small")
    if harm is leave_in_the_middle:
        wait_for(lambda: downloads.state("small").on_disk >= here)
        leave(place.hub)
    assert downloads.wait("small", 60)
    # then it says so, keeps what has come, and hands nothing half out
    state = downloads.state("small")
    assert state.status == status
    if status == "failed":
        assert "can't be reached" in state.error and "is kept" in state.hint
        assert downloads.hub_problem
        assert state.on_disk == here
    downloads.close()
    # and when the hub is back, only what is missing is sent
    with StandInHub(FILES) as back:
        again = open_downloads(place, back)
        again.start("small")
        assert again.wait("small", 60) and again.state("small").status == "ready"
        assert locate(place.spec, place.cache)[0].read_bytes() == BODY
        assert [asked.start for asked in back.asked_for(PATH)] == ([here] if status == "failed" else [])
        again.close()


FETCHING = """
import sys, time
from pathlib import Path
from tests.weights.conftest import make_spec
from weights import files
from weights.catalogue import Catalogue
from weights.hub import fetch
from weights.hub.downloads import Downloads

def stop(*_):
    print("there", flush=True)
    time.sleep(60)

setattr(fetch, sys.argv[3], stop)
downloads = Downloads(Catalogue([make_spec()]), Path(sys.argv[1]), sys.argv[2], timeout=60)
downloads.start("small")
time.sleep(60)
"""


@pytest.mark.parametrize("step", ["sha256_of", "flush_to_disk"])
def test_an_app_killed_after_the_last_byte_fetches_none_of_it_again(place: Place, step: str) -> None:
    command = [sys.executable, "-c", FETCHING, str(place.cache), place.hub.url, step]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as app:
        assert app.stdout is not None and app.stdout.readline() == b"there\n"
        app.kill()
    downloads = open_downloads(place, place.hub)
    assert downloads.state("small").status == "missing"
    downloads.start("small")
    assert downloads.wait("small", 60) and downloads.state("small").status == "ready"
    assert len(place.hub.asked_for(PATH)) == 1
    downloads.close()
    assert not list(place.cache.glob("*.partial"))


def test_what_a_killed_app_was_removing_is_removed_at_the_next_start(place: Place) -> None:
    trash = place.cache / f"{TRASH}0123"
    trash.mkdir(parents=True)
    (trash / "model.onnx").write_bytes(BODY)
    open_downloads(place, place.hub).close()
    assert not trash.exists()


def start_converting(graph: Path, cache: Path, seconds: float) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.faults.converting", str(graph), str(cache), str(seconds)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_killed_conversion_leaves_no_process_and_the_next_one_no_half(tmp_path: Path) -> None:
    # given an app whose converter is at work
    graph, cache = tmp_path / "graph.pb", tmp_path / "cache"
    graph.write_bytes(b"graph")
    cache.mkdir()
    app = start_converting(graph, cache, 60)
    halves = lambda: list((cache / "converted").glob("*.part.*"))  # noqa: E731
    wait_for(lambda: bool(halves()))
    assert find_processes(str(cache / "script.py"))
    # when it is killed
    app.kill()
    app.wait()
    # then its converter ends, too
    wait_for(lambda: not find_processes(str(cache / "script.py")))
    # and the next start converts anew, over nothing that was left
    (cache / "converted" / "of-another-model.part.onnx").write_bytes(b"half")
    assert start_converting(graph, cache, 0).wait() == 0
    (made,) = (cache / "converted").glob("*.onnx")
    assert made.read_bytes() == b"onnx of graph" and not halves()


@pytest.mark.parametrize("harm", [b"onnx of GRAPH", b"onnx of", b""], ids=["one bit", "truncated", "empty"])
def test_a_damaged_conversion_is_found_and_made_again(tmp_path: Path, harm: bytes) -> None:
    graph, cache, run = tmp_path / "tf_graph.pb", tmp_path / "cache", FakeRunner()
    graph.write_bytes(b"graph")
    made = convert(graph, cache, run=run)
    made.write_bytes(harm)
    assert convert(graph, cache, run=run).read_bytes() == b"onnx of graph"
    # a conversion that an earlier version made is taken by its size alone
    report = json.loads(report_of(made).read_text())
    del report["sha256"]
    report_of(made).write_text(json.dumps(report))
    assert convert(graph, cache, run=run) == made and run.steps.count("script") == 2


@pytest.mark.parametrize(
    "harm", [lambda data: data[:-1000], lambda data: data[:-1] + b"?"], ids=["cut off", "one byte"]
)
def test_a_damaged_net_of_the_app_is_said_and_works_again_when_it_is_restored(
    harm: Callable[[bytes], bytes],
    settings: Settings,
    photo: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # given a copy of the app whose cartoon net was harmed
    root = tmp_path / "builtin"
    root.mkdir()
    for path in files.BUILTIN.glob("*.onnx"):
        (root / path.name).symlink_to(path)
    whole = (root / "cartoon.onnx").read_bytes()
    (root / "cartoon.onnx").unlink()
    (root / "cartoon.onnx").write_bytes(harm(whole))
    find = files.FINDERS["builtin"]
    monkeypatch.setitem(files.FINDERS, "builtin", lambda spec, cache, _: find(spec, cache, root))
    with closing(open_studio(settings)) as studio, TestClient(rest_app(studio)) as client:
        # when a cartoon is asked for
        form = {"style": "sketch", "faces": "off", "net": "builtin"}
        refused = client.post("/api/v1/cartoon", files={"image": photo}, data=form)
        # then it says what is wrong and what to do, and all else goes on
        error = refused.json()["error"]
        assert (refused.status_code, error["code"]) == (409, "model_damaged")
        assert "weights/builtin" in error["hint"]
        assert client.get("/healthz").json()["models"]["cartoon"] == "failed"
        assert client.get("/api/v1/runs").json()["total"] == 0
        # and when the file is whole again, no start is needed
        (root / "cartoon.onnx").write_bytes(whole)
        assert client.post("/api/v1/cartoon", files={"image": photo}, data=form).status_code == 200
