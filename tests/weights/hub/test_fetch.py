"""Downloads by the real client from a hub on loopback that misbehaves."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.stand_in_hub import Asked, Mode, StandInHub, closed_address
from tests.weights.conftest import BODY, PATH, QUICK, Place, make_spec
from weights.disk import size_of
from weights.errors import DiskFull, HubUnreachable, InkframeError, ModelDamaged, ModelMissing
from weights.files import locate
from weights.hub.client_process import Cancelled, HubClient, Session
from weights.hub.fetch import Watch, fetch
from weights.manifest import read_manifest, sha256_of
from weights.spec import ModelFile

FILE = Asked("owner/small", PATH)
LISTING = Asked("owner/small", "")


def get(place: Place, watch: Watch | None = None) -> None:
    fetch(place.spec, place.cache, place.client, watch or Watch(), QUICK)


def never_ready(place: Place) -> bool:
    """Whether nothing that looks like the model can be found."""
    with pytest.raises(ModelMissing):
        locate(place.spec, place.cache)
    return not place.file.exists()


def soon(condition: Callable[[], bool], seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


def in_background(place: Place, watch: Watch) -> tuple[threading.Thread, list[BaseException]]:
    errors: list[BaseException] = []

    def run() -> None:
        try:
            get(place, watch)
        except (Cancelled, InkframeError) as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, errors


def test_a_model_arrives_whole_with_a_manifest_and_nothing_else(place: Place) -> None:
    get(place)
    assert locate(place.spec, place.cache) == [place.file]
    assert place.file.read_bytes() == BODY
    manifest = read_manifest(place.cache / "small")
    assert manifest is not None
    assert (manifest.repo, manifest.revision, manifest.endpoint) == (
        "owner/small",
        "master",
        place.hub.url,
    )
    assert [(file.path, file.size, file.sha256) for file in manifest.files] == [
        (PATH, len(BODY), sha256_of(place.file))
    ]
    found = {path.relative_to(place.cache / "small").as_posix() for path in place.file.parents[1].rglob("*")}
    assert found == {"manifest.json", "onnx", PATH}
    assert place.hub.requests == [LISTING, FILE]


def test_a_whole_model_is_fetched_without_a_request(place: Place) -> None:
    get(place)
    place.hub.requests.clear()
    get(place)
    assert place.hub.requests == []


def test_progress_tells_the_total_and_ends_there(place: Place) -> None:
    place.hub.behave(PATH, "slow")
    place.hub.rate = 400_000
    totals: list[int] = []
    arrived: list[int] = []
    get(place, Watch(listed=totals.append, arrived=arrived.append))
    assert totals == [len(BODY)]
    assert arrived == sorted(arrived)
    assert arrived[-1] == len(BODY)
    assert any(0 < done < len(BODY) for done in arrived)


def test_a_body_cut_half_way_goes_on_where_it_stopped(place: Place) -> None:
    place.hub.behave(PATH, "cut", times=1)
    get(place)
    assert place.file.read_bytes() == BODY
    assert [asked.start for asked in place.hub.asked_for(PATH)] == [0, len(BODY) // 2]


def test_a_later_start_goes_on_where_an_earlier_one_gave_up(place: Place) -> None:
    # given a hub that hangs up half-way and then does not answer any more
    place.hub.behave(PATH, "cut", times=1)
    with pytest.raises(HubUnreachable):
        fetch(place.spec, place.cache, place.client, Watch(), ())
    assert never_ready(place)
    # when it is asked again, in a new process of ours as it were
    get(place)
    # then only the second half travels
    assert place.hub.asked_for(PATH)[-1].start == len(BODY) // 2
    assert place.file.read_bytes() == BODY


def test_a_line_that_keeps_breaking_wins_in_the_end(place: Place) -> None:
    # each cut brings half of what is left, so there are more failures than pauses in a row
    place.hub.behave(PATH, "cut", times=5)
    get(place)
    assert len(place.hub.asked_for(PATH)) == 6
    assert place.file.read_bytes() == BODY


def test_somebody_elses_page_while_resuming_costs_nothing(place: Place) -> None:
    # given half a file, and a network that answers everything with its own page
    place.hub.behave(PATH, "cut", times=1)
    with pytest.raises(HubUnreachable):
        fetch(place.spec, place.cache, place.client, Watch(), ())
    place.hub.behave(PATH, "portal")
    # then the hub counts as out of reach, and the half is still there
    with pytest.raises(HubUnreachable, match="can't be reached"):
        fetch(place.spec, place.cache, place.client, Watch(), ())
    assert size_of(place.cache / "small.partial") == len(BODY) // 2
    place.hub.behave(PATH, "complete")
    get(place)
    assert place.hub.asked_for(PATH)[-1].start == len(BODY) // 2
    assert sorted(path.name for path in (place.cache / "small").iterdir()) == ["manifest.json", "onnx"]


def test_a_stalled_connection_counts_as_lost(place: Place) -> None:
    place.hub.behave(PATH, "stalled", times=1)
    troubles: list[InkframeError | None] = []
    get(place, Watch(trouble=troubles.append))
    assert place.file.read_bytes() == BODY
    assert isinstance(troubles[1], HubUnreachable)
    assert troubles[-1] is None


def test_a_server_error_is_tried_again(place: Place) -> None:
    place.hub.behave("owner/small", "failing", times=1)
    place.hub.behave(PATH, "failing", times=1)
    get(place)
    assert place.file.read_bytes() == BODY


def test_wrong_contents_are_thrown_away_and_fetched_once_more(place: Place) -> None:
    place.hub.behave(PATH, "wrong", times=1)
    get(place)
    assert [asked.start for asked in place.hub.asked_for(PATH)] == [0, 0]
    assert place.file.read_bytes() == BODY


def test_several_files_that_changed_are_found_in_one_look(tmp_path: Path) -> None:
    # given a download that broke off in the last of five files, and a hub that has changed them all since
    files = {f"net/{number}.bin": bytes([number]) * 50_000 for number in range(5)}
    spec = make_spec(files=(ModelFile("net/*.bin"),))
    with StandInHub({"owner/small": files}) as hub:
        client = HubClient(hub.url, tmp_path / ".client", timeout=2)
        hub.behave("net/4.bin", "cut", times=1)
        with pytest.raises(HubUnreachable):
            fetch(spec, tmp_path, client, Watch(), ())
        new = {path: bytes(byte ^ 255 for byte in body) for path, body in files.items()}
        hub.repos["owner/small"] = new
        # when it goes on
        fetch(spec, tmp_path, client, Watch(), ())
        # then one more round fetches all that was wrong
        assert {path: (tmp_path / "small" / path).read_bytes() for path in new} == new


def test_contents_that_stay_wrong_are_an_error_and_leave_nothing(place: Place) -> None:
    place.hub.behave(PATH, "wrong")
    with pytest.raises(ModelDamaged, match="not what the hub listed"):
        get(place)
    assert len(place.hub.asked_for(PATH)) == 2
    assert never_ready(place)
    assert not place.partial.exists()


@pytest.mark.parametrize(
    ("where", "mode", "words"),
    [
        (PATH, "absent", "doesn't have what Small needs"),
        ("owner/small", "absent", "doesn't have what Small needs"),
        ("owner/small", "denied", "refused"),
        (PATH, "denied", "refused"),
    ],
)
def test_a_plain_no_is_not_asked_again(place: Place, where: str, mode: Mode, words: str) -> None:
    place.hub.behave(where, mode)
    with pytest.raises(HubUnreachable, match=words):
        get(place)
    assert place.hub.requests == ([LISTING] if where != PATH else [LISTING, FILE])
    assert never_ready(place)


def test_a_file_that_is_not_in_the_listing_is_a_clear_error(place: Place) -> None:
    spec = make_spec(files=(ModelFile("onnx/other.onnx"),))
    with pytest.raises(HubUnreachable, match="doesn't have what Small needs"):
        fetch(spec, place.cache, place.client, Watch(), QUICK)
    assert place.hub.requests == [LISTING]


@pytest.mark.parametrize("known", [ModelFile(PATH, size=5), ModelFile(PATH, sha256="0" * 64)])
def test_another_file_than_the_catalogue_knows_is_not_fetched(place: Place, known: ModelFile) -> None:
    spec = make_spec(files=(known,))
    with pytest.raises(ModelDamaged, match=r"another onnx/model\.onnx"):
        fetch(spec, place.cache, place.client, Watch(), QUICK)
    assert place.hub.requests == [LISTING]


def test_a_file_without_a_sha256_is_not_fetched(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = {"path": PATH, "size": len(BODY), "sha256": None}
    monkeypatch.setattr(Session, "call", lambda *_args: {"files": [entry]})
    with pytest.raises(ModelDamaged, match=r"no sha256 of onnx/model\.onnx"):
        get(place)
    assert never_ready(place)
    assert not place.partial.exists()


def test_a_listing_far_larger_than_the_model_is_refused(place: Place) -> None:
    spec = make_spec(about_bytes=len(BODY) // 4 - 1)
    with pytest.raises(ModelDamaged, match=r"lists 0\.4 MB for Small, which has about 0\.1 MB"):
        fetch(spec, place.cache, place.client, Watch(), QUICK)
    assert place.hub.requests == [LISTING]
    fetch(make_spec(about_bytes=len(BODY) // 4), place.cache, place.client, Watch(), QUICK)


def test_why_a_hub_is_out_of_reach_is_in_the_log(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(HubUnreachable):
        client = HubClient(closed_address(), place.cache / ".client", timeout=2)
        fetch(place.spec, place.cache, client, Watch(), ())
    told = [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
    assert any("refused" in line for line in told)


def test_a_fetched_model_is_read_once_more_at_its_first_use(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []

    def count(path: Path, *given: Any) -> str:
        read.append(path)
        return sha256_of(path, *given)

    for where in ("weights.hub.fetch.sha256_of", "weights.stamps.sha256_of"):
        monkeypatch.setattr(where, count)
    get(place)
    locate(place.spec, place.cache)
    assert read == [place.partial, place.file]


def test_cancel_is_heard_while_what_came_is_read(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Watch()
    blocks = iter(range(1, 100))

    def stop_at_the_third(path: Path, look: Callable[[], None]) -> str:
        def tick() -> None:
            if next(blocks) == 3:
                watch.cancelled.set()
            look()

        return sha256_of(path, tick)

    monkeypatch.setattr("weights.manifest.BLOCK", 1000)
    monkeypatch.setattr("weights.hub.fetch.sha256_of", stop_at_the_third)
    with pytest.raises(Cancelled):
        get(place, watch)
    assert next(blocks) == 4
    assert never_ready(place) and place.partial.stat().st_size == len(BODY)


@pytest.mark.parametrize("mode", ["failing", "hang-up"])
def test_a_hub_that_never_answers_is_unreachable(place: Place, mode: Mode) -> None:
    place.hub.behave("owner/small", mode)
    with pytest.raises(HubUnreachable, match="can't be reached"):
        get(place)
    assert len(place.hub.requests) == 1 + len(QUICK)


def test_a_refused_connection_is_unreachable_and_names_the_address(place: Place) -> None:
    address = closed_address()
    with pytest.raises(HubUnreachable, match=address):
        fetch(place.spec, place.cache, HubClient(address, place.cache / ".client"), Watch(), QUICK)


def test_a_download_that_would_not_fit_is_not_begun(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type(shutil.disk_usage("/"))(10**12, 10**12, 32_000_000 + len(BODY) - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(DiskFull, match="Small needs"):
        get(place)
    assert place.hub.requests == [LISTING]


def test_half_a_download_counts_towards_the_room_it_needs(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.hub.behave(PATH, "cut", times=1)
    with pytest.raises(HubUnreachable):
        fetch(place.spec, place.cache, place.client, Watch(), ())
    usage = type(shutil.disk_usage("/"))(10**12, 10**12, 32_000_000 + len(BODY) // 2)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    get(place)
    assert place.file.read_bytes() == BODY


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_a_disk_that_fills_up_half_way_is_a_full_disk(place: Place) -> None:
    # given a disk without room for another byte, under the name that the client writes to
    target = place.partial.with_name(place.partial.name + ".incomplete")
    target.parent.mkdir(parents=True)
    target.symlink_to("/dev/full")
    # then it is told from every other failure, and not tried again
    with pytest.raises(DiskFull, match="is full"):
        get(place)
    assert len(place.hub.asked_for(PATH)) == 1
    assert never_ready(place)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_says_so(place: Place) -> None:
    place.cache.mkdir(mode=0o500)
    with pytest.raises(InkframeError, match="can't be written"):
        get(place)


def test_a_file_where_the_folder_belongs_says_so(place: Place) -> None:
    place.cache.write_text("not a folder")
    with pytest.raises(InkframeError, match="can't be written"):
        get(place)


def test_a_damaged_model_is_replaced(place: Place) -> None:
    get(place)
    place.file.write_bytes(b"x" * len(BODY))
    get(place)
    assert locate(place.spec, place.cache) == [place.file]
    assert place.file.read_bytes() == BODY
    assert sorted(path.name for path in place.cache.iterdir()) == [".client", "small"]


def test_leftovers_of_another_version_do_not_stay(place: Place) -> None:
    place.partial.parent.mkdir(parents=True)
    (place.partial.parent / "old.onnx.incomplete").write_bytes(b"old")
    get(place)
    assert sorted(path.name for path in place.file.parent.iterdir()) == ["model.onnx"]


@pytest.mark.parametrize("mode", ["slow", "stalled"])
def test_cancelling_takes_less_than_a_second_and_keeps_what_came(place: Place, mode: Mode) -> None:
    # given a download in the middle of its file
    place.hub.behave(PATH, mode)
    watch = Watch()
    done: list[int] = []
    watch.arrived = done.append
    thread, errors = in_background(place, watch)
    assert soon(lambda: bool(done) and done[-1] > 0)
    # when it is called off
    start = time.monotonic()
    watch.cancelled.set()
    thread.join(5)
    # then it stops at once, and a later start goes on
    assert time.monotonic() - start < 1.5
    assert isinstance(errors[0], Cancelled)
    assert never_ready(place)
    place.hub.behave(PATH, "complete")
    get(place)
    assert place.hub.asked_for(PATH)[-1].start > 0
    assert place.file.read_bytes() == BODY


def test_cancelling_ends_a_pause_between_tries(place: Place) -> None:
    place.hub.behave("owner/small", "failing")
    watch = Watch()
    watch.trouble = lambda error: watch.cancelled.set() if error else None
    start = time.monotonic()
    with pytest.raises(Cancelled):
        fetch(place.spec, place.cache, place.client, watch, (60.0,))
    assert time.monotonic() - start < 10


def test_two_at_once_fetch_a_model_only_once(place: Place) -> None:
    place.hub.behave(PATH, "slow")
    threads = [in_background(place, Watch()) for _ in range(2)]
    for thread, _ in threads:
        thread.join(20)
    assert [errors for _, errors in threads] == [[], []]
    assert len(place.hub.asked_for(PATH)) == 1
    assert locate(place.spec, place.cache) == [place.file]
