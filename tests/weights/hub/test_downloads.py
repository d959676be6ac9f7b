from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stand_in_hub import closed_address
from tests.weights.conftest import BODY, PATH, Place, make_spec
from weights.catalogue import Catalogue
from weights.errors import (
    DiskFull,
    HubUnreachable,
    InkframeError,
    LicenceNotAccepted,
    ModelDamaged,
    ModelMissing,
    ModelUnknown,
)
from weights.files import locate
from weights.hub.client_process import ROOT
from weights.hub.downloads import Downloads
from weights.hub.progress import ModelState
from weights.manifest import sha256_of
from weights.spec import ModelFile

Open = Callable[..., Downloads]
STRICT = make_spec(id="strict", commercial=False, licence="non-commercial")


def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def forbid_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail on any socket and on any process that could open one."""
    monkeypatch.setattr(socket.socket, "connect", lambda *args: pytest.fail("a connection"))
    monkeypatch.setattr(subprocess, "Popen", lambda *args, **options: pytest.fail("a process"))


def test_a_download_goes_from_missing_to_ready(place: Place, open_downloads: Open) -> None:
    downloads = open_downloads()
    told: list[str] = []
    downloads.on_ready.append(told.append)
    assert downloads.state("small") == ModelState("small", "missing")
    assert downloads.start("small").status in ("queued", "downloading")
    assert downloads.wait("small", 20)
    assert downloads.state("small") == ModelState("small", "ready", len(BODY), len(BODY), on_disk=len(BODY))
    assert told == ["small"]
    assert downloads.hub_problem == ""


def test_progress_has_speed_and_time_left(place: Place, open_downloads: Open) -> None:
    place.hub.behave(PATH, "slow")
    downloads = open_downloads()
    downloads.start("small")
    states = [states[0] for states in downloads.follow(["small"], 0.05)]
    moving = [state for state in states if state.eta is not None]
    assert moving
    for state in moving:
        assert 0 < state.done <= len(BODY) == state.total
        assert 0 < state.speed < 20 * place.hub.rate
        assert state.eta == pytest.approx((len(BODY) - state.done) / state.speed, rel=0.01, abs=0.01)
    assert [state.done for state in moving] == sorted(state.done for state in moving)
    assert states[-1].status == "ready"


def test_a_ready_model_starts_without_a_request(place: Place, open_downloads: Open) -> None:
    # given a model that an earlier run of the app has fetched
    open_downloads().start("small")
    until(lambda: open_downloads().state("small").status == "ready")
    place.hub.requests.clear()
    # then a later one asks nobody
    later = open_downloads()
    assert later.start("small").status == "ready"
    assert [state.status for state in later.start_set("default", "cpu")] == ["ready"]
    assert place.hub.requests == []


def test_an_unknown_model_is_an_error(open_downloads: Open) -> None:
    downloads = open_downloads()
    for ask in (
        downloads.start,
        downloads.cancel,
        downloads.delete,
        downloads.state,
        downloads.licence_accepted,
    ):
        with pytest.raises(ModelUnknown):
            ask("nobody")


def test_offline_opens_no_connection(
    place: Place, open_downloads: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid_connections(monkeypatch)
    downloads = open_downloads(offline=True)
    with pytest.raises(HubUnreachable, match="offline"):
        downloads.start("small")
    assert downloads.start_set("all", "cpu") == []
    assert downloads.states() == [ModelState("small", "missing")]
    assert place.hub.requests == []


def test_looking_opens_no_connection(open_downloads: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    forbid_connections(monkeypatch)
    downloads = open_downloads(*Catalogue())
    assert {state.id for state in downloads.states()} == {spec.id for spec in Catalogue()}


def test_a_failed_download_keeps_its_reason_and_can_be_tried_again(
    place: Place, open_downloads: Open
) -> None:
    place.hub.behave(PATH, "wrong", times=2)
    downloads = open_downloads()
    downloads.start("small")
    downloads.wait("small", 20)
    failed = downloads.state("small")
    assert failed.status == "failed"
    assert "not what the hub listed" in failed.error
    assert failed.hint
    downloads.start("small")
    downloads.wait("small", 20)
    assert downloads.state("small").status == "ready"
    assert downloads.state("small").error == ""


def test_a_hub_out_of_reach_is_said_at_once_and_unsaid_when_it_answers(
    place: Place, open_downloads: Open
) -> None:
    place.hub.behave("owner/small", "hang-up", times=1)
    downloads = open_downloads(back_off=(1.0,))
    downloads.start("small")
    until(lambda: downloads.hub_problem != "")
    assert "can't be reached" in downloads.hub_problem
    assert downloads.state("small").status == "downloading"
    assert "Trying again in 1 s" in downloads.state("small").hint
    downloads.wait("small", 20)
    assert downloads.hub_problem == ""
    assert downloads.state("small").status == "ready"


def test_a_download_that_is_called_off_while_it_waits_takes_the_banner_down(
    place: Place, open_downloads: Open
) -> None:
    place.hub.behave("owner/small", "hang-up")
    downloads = open_downloads(back_off=(60.0,))
    downloads.start("small")
    until(lambda: downloads.hub_problem != "")
    assert downloads.cancel("small").status == "missing"
    assert downloads.hub_problem == ""


def test_a_hub_that_answers_with_a_no_is_within_reach(place: Place, open_downloads: Open) -> None:
    place.hub.behave("owner/small", "hang-up", times=1)
    downloads = open_downloads(back_off=(0.5,))
    downloads.start("small")
    until(lambda: downloads.hub_problem != "")
    place.hub.behave("owner/small", "denied")
    assert downloads.wait("small", 20)
    assert downloads.state("small").status == "failed"
    assert downloads.hub_problem == ""


def test_a_refused_connection_leaves_the_banner_up(place: Place, open_downloads: Open) -> None:
    downloads = open_downloads(endpoint=closed_address())
    downloads.start("small")
    downloads.wait("small", 20)
    assert downloads.state("small").status == "failed"
    assert downloads.state("small").error in downloads.hub_problem


def test_a_missing_file_is_no_reason_for_the_banner(place: Place, open_downloads: Open) -> None:
    place.hub.behave(PATH, "absent")
    downloads = open_downloads()
    downloads.start("small")
    downloads.wait("small", 20)
    assert downloads.state("small").status == "failed"
    assert downloads.hub_problem == ""


def test_cancelling_keeps_what_came_and_starting_goes_on(place: Place, open_downloads: Open) -> None:
    place.hub.behave(PATH, "stalled", times=1)
    downloads = open_downloads(timeout=60)
    downloads.start("small")
    until(lambda: downloads.state("small").done > 0)
    begun = time.monotonic()
    state = downloads.cancel("small")
    assert time.monotonic() - begun < 1.5
    assert state.status == "missing"
    assert state.done == state.on_disk == len(BODY) // 4
    downloads.start("small")
    downloads.wait("small", 20)
    assert [asked.start for asked in place.hub.asked_for(PATH)] == [0, len(BODY) // 4]


def test_a_download_that_waits_its_turn_can_be_cancelled(place: Place, open_downloads: Open) -> None:
    # given both workers busy
    specs = [make_spec(id=name) for name in ("first", "second", "third")]
    place.hub.behave(PATH, "stalled")
    downloads = open_downloads(*specs, timeout=60)
    for spec in specs:
        downloads.start(spec.id)
    until(lambda: len(place.hub.asked_for(PATH)) == 2)
    assert downloads.state("third").status == "queued"
    # then the one that waits stops at once and is not begun afterwards
    assert downloads.cancel("third").status == "missing"
    downloads.cancel("first")
    downloads.cancel("second")
    assert downloads.wait(timeout=5)
    assert len(place.hub.asked_for(PATH)) == 2


def test_starting_twice_is_one_download(place: Place, open_downloads: Open) -> None:
    place.hub.behave(PATH, "slow")
    downloads = open_downloads()
    threads = [threading.Thread(target=downloads.start, args=("small",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    downloads.wait(timeout=20)
    assert len(place.hub.asked_for(PATH)) == 1


def test_two_models_of_one_repository_do_not_clash(place: Place, open_downloads: Open) -> None:
    place.hub.repos["owner/small"]["other.onnx"] = b"other" * 1000
    second = make_spec(id="second", files=(ModelFile("other.onnx"),))
    downloads = open_downloads(place.spec, second)
    downloads.start("small")
    downloads.start("second")
    assert downloads.wait(timeout=20)
    assert [state.status for state in downloads.states()] == ["ready", "ready"]
    downloads.delete("second")
    assert [state.status for state in downloads.states()] == ["ready", "missing"]


def test_deleting_frees_the_bytes_and_the_model_is_missing(place: Place, open_downloads: Open) -> None:
    downloads = open_downloads()
    downloads.start("small")
    downloads.wait("small", 20)
    assert downloads.delete("small") > len(BODY)
    assert downloads.state("small") == ModelState("small", "missing")
    assert not (place.cache / "small").exists()
    assert downloads.delete("small") == 0


class Asker:
    """Does what it stands for, and first has somebody else ask for a model's state."""

    def __init__(self, downloads: Downloads, other: str, real: Callable[..., object]) -> None:
        self._ask, self._real = (lambda: downloads.state(other)), real
        self.answered: list[bool] = []

    def __call__(self, path: Path, **options: object) -> object:
        asking = threading.Thread(target=self._ask, daemon=True)
        asking.start()
        asking.join(5)
        self.answered.append(not asking.is_alive())
        return self._real(path, **options)


def test_states_are_told_while_a_deleted_model_is_cleared_away(
    place: Place, open_downloads: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    downloads = open_downloads()
    (place.cache / "small").mkdir(parents=True)
    (place.cache / "small" / "graph.pb").write_bytes(BODY)
    remove = Asker(downloads, "small", shutil.rmtree)
    read = Asker(downloads, "small", sha256_of)
    monkeypatch.setattr(shutil, "rmtree", remove)
    monkeypatch.setattr("weights.conversion.convert.sha256_of", read)
    assert downloads.delete("small") == len(BODY)
    assert (remove.answered, read.answered) == ([True], [True])


def test_states_are_told_while_a_model_to_be_started_is_read(
    place: Place, open_downloads: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a model whose time of change is a new one, and another
    earlier = open_downloads()
    earlier.start("small")
    assert earlier.wait("small", 20)
    os.utime(place.file, ns=(1, 1))
    downloads = open_downloads(place.spec, make_spec(id="other"))
    read = Asker(downloads, "other", sha256_of)
    monkeypatch.setattr("weights.stamps.sha256_of", read)
    # then nobody waits while it is read
    assert downloads.start("small").status == "ready"
    assert read.answered == [True]


def test_a_download_that_was_called_off_leaves_nothing_when_it_is_deleted(
    place: Place, open_downloads: Open
) -> None:
    # given half a file that is gone on with, and called off again
    place.hub.behave(PATH, "cut", times=1)
    downloads = open_downloads(back_off=(), timeout=60)
    downloads.start("small")
    assert downloads.wait("small", 20)
    place.hub.behave(PATH, "stalled")
    downloads.start("small")
    until(lambda: downloads.state("small").on_disk > len(BODY) // 2)
    here = downloads.cancel("small").on_disk
    assert here == len(BODY) // 2 + len(BODY) // 8
    # then each byte counts once, and none stays
    assert downloads.delete("small") == here
    assert [path.name for path in place.cache.iterdir()] == [".client"]


def test_deleting_a_running_download_ends_it_and_takes_its_bytes(place: Place, open_downloads: Open) -> None:
    place.hub.behave(PATH, "stalled")
    downloads = open_downloads(timeout=60)
    downloads.start("small")
    until(lambda: downloads.state("small").done > 0)
    assert downloads.delete("small") == len(BODY) // 4
    assert downloads.state("small") == ModelState("small", "missing")
    assert not place.partial.parents[1].exists()


def test_what_comes_with_the_app_cannot_be_deleted(open_downloads: Open) -> None:
    downloads = open_downloads(make_spec(source="wheel", repo="no-such-distribution"))
    with pytest.raises(InkframeError, match="comes with Inkframe"):
        downloads.delete("small")


def test_a_model_of_a_missing_wheel_says_what_to_do(open_downloads: Open) -> None:
    state = open_downloads(make_spec(source="wheel", repo="no-such-distribution")).state("small")
    assert state.status == "missing"
    assert "./run.sh setup" in state.hint


def test_a_non_commercial_licence_needs_a_yes_before_any_request(place: Place, open_downloads: Open) -> None:
    downloads = open_downloads(STRICT)
    assert not downloads.licence_accepted("strict")
    with pytest.raises(LicenceNotAccepted):
        downloads.start("strict")
    assert place.hub.requests == []
    assert downloads.state("strict").status == "missing"
    # when the user says yes
    downloads.start("strict", accept_licence=True)
    assert downloads.wait("strict", 20)
    assert downloads.state("strict").status == "ready"
    # then it is remembered, also after the model is gone
    downloads.delete("strict")
    assert open_downloads(STRICT).start("strict").status in ("queued", "downloading")
    assert "strict" in json.loads((place.cache / "licences.json").read_text())


@pytest.mark.parametrize(
    ("which", "device", "expected"),
    [
        ("none", "cpu", []),
        ("default", "cpu", ["small"]),
        ("default", "cuda", ["large"]),
        ("all", "cpu", ["small", "large"]),
    ],
)
def test_first_start_fetches_its_set(
    place: Place, open_downloads: Open, which: str, device: str, expected: list[str]
) -> None:
    large = make_spec(id="large", default_on=frozenset({"cuda"}))
    downloads = open_downloads(place.spec, large, STRICT)
    begun = downloads.start_set(which, device)
    assert [state.id for state in begun] == expected
    assert downloads.wait(timeout=20)
    ready = [state.id for state in downloads.states() if state.status == "ready"]
    assert ready == expected


def test_a_known_size_that_does_not_fit_is_refused_before_any_request(
    place: Place, open_downloads: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type(shutil.disk_usage("/"))(10**12, 10**12, 10**9)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    huge = make_spec(files=(ModelFile(PATH, size=10**9),), default_on=frozenset({"cpu"}))
    downloads = open_downloads(huge)
    with pytest.raises(DiskFull):
        downloads.start("small")
    # and at first start, where nobody is there to be told, it is left for the Models page
    assert [state.status for state in downloads.start_set("default", "cpu")] == ["failed"]
    assert "1.03 GB" in downloads.state("small").error
    assert place.hub.requests == []


def test_a_damaged_model_shows_as_failed_and_is_fetched_anew(place: Place, open_downloads: Open) -> None:
    downloads = open_downloads()
    downloads.start("small")
    downloads.wait("small", 20)
    place.file.write_bytes(b"x" * len(BODY))
    with pytest.raises(ModelDamaged):
        locate(place.spec, place.cache)
    state = downloads.state("small")
    assert (state.status, "damaged" in state.error) == ("failed", True)
    downloads.start("small")
    downloads.wait("small", 20)
    assert downloads.state("small").status == "ready"
    assert place.file.read_bytes() == BODY


def test_nothing_half_done_is_ever_loadable(place: Place, open_downloads: Open) -> None:
    place.hub.behave(PATH, "slow")
    downloads = open_downloads()
    downloads.start("small")
    looks = 0
    while downloads.state("small").status != "ready":
        try:
            (path,) = locate(place.spec, place.cache)
        except ModelMissing:
            looks += 1
        else:
            assert path.read_bytes() == BODY
        time.sleep(0.005)
    assert looks > 10


def test_closing_ends_every_download_soon(place: Place, open_downloads: Open) -> None:
    place.hub.behave(PATH, "stalled")
    downloads = open_downloads(timeout=60)
    downloads.start("small")
    until(lambda: downloads.state("small").done > 0)
    begun = time.monotonic()
    downloads.close()
    assert time.monotonic() - begun < 1.5
    assert not [thread for thread in threading.enumerate() if thread.name == "download"]


def test_a_cache_given_by_a_relative_path(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    downloads = Downloads(Catalogue([place.spec]), Path("cache"), place.hub.url)
    downloads.start("small")
    downloads.wait("small", 20)
    downloads.close()
    assert place.file.read_bytes() == BODY


APP = """
import sys, time
from pathlib import Path
from tests.weights.conftest import make_spec
from weights.catalogue import Catalogue
from weights.hub.downloads import Downloads

downloads = Downloads(Catalogue([make_spec()]), Path(sys.argv[1]), sys.argv[2], timeout=60)
downloads.start("small")
time.sleep(60)
"""


def test_an_app_that_is_killed_leaves_nothing_running_and_the_next_one_goes_on(
    place: Place, open_downloads: Open
) -> None:
    # given an app in the middle of a download
    place.hub.behave(PATH, "stalled", times=1)
    with subprocess.Popen([sys.executable, "-c", APP, place.cache, place.hub.url], cwd=ROOT) as app:
        downloads = open_downloads()
        until(lambda: downloads.state("small").on_disk == len(BODY) // 4)
        # when it is killed
        app.kill()
    # then the next one takes over where it stopped
    downloads.start("small")
    assert downloads.wait("small", 10)
    assert downloads.state("small").status == "ready"
    assert [asked.start for asked in place.hub.asked_for(PATH)] == [0, len(BODY) // 4]
