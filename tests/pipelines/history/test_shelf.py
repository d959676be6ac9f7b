from __future__ import annotations

import errno
import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipelines.errors import DiskFull, NotFound, OutputsUnwritable
from pipelines.history.shelf import History, Run, RunInput

NOON = datetime(2026, 11, 21, 14, 2, 33, tzinfo=timezone(timedelta(hours=8)))
FIRST = "outputs_20261121140233"
BAD_NAMES = ("../x", "/etc/passwd", "a/b", "a\\b", "", ".", "..", ".hidden", "a\0b", "x" * 300, "é" * 150)


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time

    def advance(self, **by: float) -> None:
        self.time += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def history(tmp_path: Path, clock: Clock) -> History:
    return History(tmp_path / "outputs", clock)


def keep(history: History, name: str = "cat.jpg", task: str = "matting", data: bytes = b"12345") -> Run:
    with history.draft(task) as draft:
        draft.add("input.jpg", b"abc")
        draft.add("cutout.png", data)
        return draft.save(
            inputs=[RunInput(name, "ab12", 4, 3, "input.jpg")],
            settings={"refine": "fast", "edge": 0.5},
            model={"id": "u2netp", "title": "U²-Net small"},
            device="CPU",
            timings={"total": 1.25},
            results=["cutout.png"],
            notes=["a note"],
        )


def visible(folder: Path) -> list[str]:
    return sorted(name for name in os.listdir(folder) if not name.startswith(".history"))


def test_a_run_comes_back_as_it_was_kept(history: History) -> None:
    run = keep(history)

    assert run.id == FIRST and run.created == "2026-11-21T14:02:33.000+08:00" and run.size == 8
    assert history.runs() == [run] and history.get(FIRST) == run
    assert visible(history.outputs) == [FIRST]
    assert sorted(os.listdir(history.folder(FIRST))) == ["cutout.png", "input.jpg", "run.json"]
    assert history.file(FIRST, "cutout.png").read_bytes() == b"12345"
    assert json.loads((history.folder(FIRST) / "run.json").read_text())["schema"] == 1


def test_runs_of_one_second_get_a_number_and_come_newest_first(history: History, clock: Clock) -> None:
    ids = [keep(history).id for _ in range(11)]
    clock.advance(seconds=1)
    later = keep(history).id

    assert ids == [FIRST] + [f"{FIRST}-{number}" for number in range(2, 12)]
    assert [run.id for run in history.runs()] == [later, *reversed(ids)]
    assert [run.id for run in history.runs(limit=2, offset=1)] == [ids[10], ids[9]]


def test_a_draft_that_is_left_leaves_nothing(history: History) -> None:
    with pytest.raises(KeyError), history.draft("matting") as draft:
        assert draft.id == FIRST
        draft.add("cutout.png", b"1")
        raise KeyError
    with history.draft("matting"):
        pass

    assert visible(history.outputs) == [] and history.runs() == []


def test_an_unfinished_draft_is_not_seen(history: History) -> None:
    with history.draft("matting") as draft:
        draft.add("cutout.png", b"1")
        assert history.runs() == [] and count_anew(history) == 0
        assert keep(history).id == f"{FIRST}-2"
        with pytest.raises(NotFound):
            history.get(FIRST)


def test_threads_and_processes_never_share_an_id(tmp_path: Path, clock: Clock) -> None:
    histories = [History(tmp_path, clock) for _ in range(4)]  # each like a process of its own
    ids: list[str] = []
    threads = [
        threading.Thread(target=lambda each=each: ids.extend(keep(each).id for _ in range(6)))
        for each in histories
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(ids)) == len(ids) == 24
    assert all({run.id for run in each.runs()} == set(ids) for each in histories)


def test_a_search_of_any_length_leaves_the_index_whole(
    history: History, caplog: pytest.LogCaptureFixture
) -> None:
    for search in ("a " * 2000, "a" * 100_000, "% " * 2000, "\0"):
        history.runs(search=search)
    assert caplog.text == ""


def test_filters_and_searches(history: History) -> None:
    keep(history, "Katze 100%.jpg")
    keep(history, "日落.png")
    keep(history, "dog.jpg", task="cartoon")

    def found(**by: str) -> list[str]:
        assert history.count(**by) == len(history.runs(**by))
        return [run.inputs[0].name for run in history.runs(**by)]

    assert found(task="cartoon") == ["dog.jpg"]
    assert found(search="kATZe") == ["Katze 100%.jpg"]
    assert found(search="日落 u2netp") == ["日落.png"]
    assert found(search="%") == ["Katze 100%.jpg"]
    assert found(search="refine=fast", task="matting") == ["日落.png", "Katze 100%.jpg"]
    assert found(search="d_g") == [] and found(search="katze dog") == []


def test_a_thumbnail_is_small_and_keeps_transparency(history: History) -> None:
    pixels = np.zeros((300, 600, 4), np.uint8)
    pixels[:, 300:] = 255
    with history.draft("matting") as draft:
        run = draft.save(
            inputs=[], settings={}, model={}, device="", timings={}, results=[], thumbnail=pixels
        )

    with Image.open(history.file(run.id, run.thumbnail)) as image:
        assert image.size == (256, 128) and image.format == "WEBP"
        assert image.getpixel((10, 10))[3] == 0 and image.getpixel((250, 10))[3] == 255


def test_folders_deleted_or_brought_by_hand_are_noticed(history: History, tmp_path: Path) -> None:
    gone, stays = keep(history), keep(history)
    for path in history.folder(gone.id).iterdir():
        path.unlink()
    history.folder(gone.id).rmdir()
    other = History(tmp_path / "elsewhere", lambda: NOON + timedelta(days=1))
    brought = keep(other)
    other.folder(brought.id).rename(history.outputs / brought.id)

    assert [run.id for run in history.runs()] == [brought.id, stays.id]
    assert history.disk_used() == 16


def test_folders_that_hold_no_run_are_left_alone(history: History) -> None:
    run = keep(history)
    bad = {
        "1": "{",
        "2": "[]",
        "3": json.dumps({"id": "x"}),
        "4": json.dumps({"id": f"{FIRST}-4", "inputs": [1]}),
    }
    whole = json.loads((history.folder(run.id) / "run.json").read_text())
    bad |= {"5": json.dumps(whole)}  # another run's
    bad |= {"6": json.dumps(whole | {"id": f"{FIRST}-6", "created": "yesterday"})}
    bad |= {"7": json.dumps(whole | {"id": f"{FIRST}-7", "settings": None})}
    for number, text in bad.items():
        folder = history.outputs / f"{FIRST}-{number}"
        folder.mkdir()
        (folder / "run.json").write_text(text)

    assert history.runs() == [run] and count_anew(history) == 1
    assert keep(history).id == f"{FIRST}-8"


def test_reads_what_a_later_version_wrote(history: History) -> None:
    path = history.folder(keep(history).id) / "run.json"
    given = json.loads(path.read_text())
    given |= {"schema": 2, "mood": "calm"}
    given["inputs"][0]["colour"] = "red"
    path.write_text(json.dumps(given))

    assert count_anew(history) == 1 and history.get(FIRST).inputs[0].name == "cat.jpg"


def count_anew(history: History) -> int:
    """How many runs one finds who has no index yet."""
    for file in history.outputs.glob(".history.sqlite3*"):
        file.unlink()
    with closing(History(history.outputs)) as fresh:
        return fresh.count()


def damage(path: Path) -> None:
    path.write_bytes(b"not a database" * 500)


def make_old(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.executescript("DROP TABLE runs; CREATE TABLE runs (id); PRAGMA user_version = 0;")
    connection.close()


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("harm", [damage, make_old, make_folder, Path.unlink])
def test_the_index_can_be_lost(harm: Callable[[Path], None], tmp_path: Path, clock: Clock) -> None:
    first = History(tmp_path, clock)
    kept = [keep(first), keep(first)]
    first.close()
    harm(tmp_path / ".history.sqlite3")

    again = History(tmp_path, clock)

    assert again.runs() == kept[::-1]
    kept.append(keep(again))
    assert again.runs() == kept[::-1]


def test_an_index_that_fails_while_in_use_is_replaced(history: History) -> None:
    kept = [keep(history), keep(history)]
    for _ in range(3):
        history._index._connection.close()
        assert history.runs() == kept[::-1]
        history._index._connection.close()
        kept.append(keep(history))
    assert history.count() == 5


def test_a_locked_index_loses_no_run(history: History, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.history.index.BUSY_SECONDS", 0.05)
    kept = keep(history)
    history.close()
    with sqlite3.connect(history.outputs / ".history.sqlite3", isolation_level=None) as blocker:
        blocker.execute("PRAGMA locking_mode = EXCLUSIVE")
        blocker.execute("BEGIN EXCLUSIVE")
        other = History(history.outputs, clock)
        second = keep(other)
        assert other.runs() == [second, kept]
    blocker.close()


@pytest.mark.parametrize("name", BAD_NAMES)
def test_files_never_lie_outside_the_run(history: History, name: str) -> None:
    run = keep(history)
    with pytest.raises(NotFound):
        history.file(run.id, name)
    with pytest.raises(ValueError, match="plain file name"):
        history.add_result(run.id, name, b"")


@pytest.mark.parametrize(
    "run_id", ["", "..", f"../{FIRST}", f"{FIRST}/..", f"{FIRST}-1x", f"{FIRST}\n", "outputs_1"]
)
def test_ids_are_only_ids(history: History, run_id: str) -> None:
    keep(history)
    for ask in (history.get, history.folder, history.delete):
        with pytest.raises(NotFound):
            ask(run_id)


def test_links_out_of_the_folder_are_not_followed(history: History, tmp_path: Path) -> None:
    run = keep(history)
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key.txt").write_text("1")
    (history.folder(run.id) / "key.txt").symlink_to(tmp_path / "secret" / "key.txt")
    (history.outputs / f"{FIRST}-2").symlink_to(tmp_path / "secret")

    for run_id in (run.id, f"{FIRST}-2"):
        with pytest.raises(NotFound):
            history.file(run_id, "key.txt")


def test_adds_a_result_and_replaces_it(history: History) -> None:
    run = keep(history)

    history.add_result(run.id, "on-white.png", b"1234567")
    again = history.add_result(run.id, "on-white.png", b"12")

    assert again.results == ("cutout.png", "on-white.png") and again.size == 10
    assert history.runs() == [again] == [history.get(run.id)]
    assert history.file(run.id, "on-white.png").read_bytes() == b"12"
    for name in ("cutout.png", "input.jpg", "run.json", "thumb.webp"):
        with pytest.raises(ValueError, match="not replaced"):
            history.add_result(run.id, name, b"")


def test_results_added_at_once_are_all_kept(history: History) -> None:
    run = keep(history)
    threads = [
        threading.Thread(target=history.add_result, args=(run.id, f"on-{number}.png", b"1"))
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(history.get(run.id).results) == 9


def test_deletes(history: History) -> None:
    gone, stays = keep(history), keep(history)

    history.delete(gone.id)

    assert history.runs() == [stays] and visible(history.outputs) == [stays.id]
    with pytest.raises(NotFound):
        history.delete(gone.id)


def test_drafts_that_a_crash_left_go_after_a_day(tmp_path: Path) -> None:
    old, young = tmp_path / f".partial-{FIRST}", tmp_path / f".partial-{FIRST}-2"
    for folder in (old, young):
        folder.mkdir()
        (folder / "cutout.png").write_bytes(b"1")
    long_ago = time.time() - 2 * 86400
    os.utime(old / "cutout.png", (long_ago, long_ago))
    os.utime(old, (long_ago, long_ago))
    os.utime(young, (long_ago, long_ago))  # but something was written into it lately

    History(tmp_path)

    assert visible(tmp_path) == [young.name]


def test_outputs_that_cannot_be_made_are_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    history = History(tmp_path / "file" / "outputs")

    assert history.runs() == [] and history.count() == 0 and history.disk_used() == 0
    with pytest.raises(OutputsUnwritable, match="--outputs"), history.draft("matting"):
        pass


def test_outputs_removed_while_running_come_back(history: History) -> None:
    keep(history)
    history.close()
    for path in sorted(history.outputs.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    history.outputs.rmdir()

    assert history.runs() == []
    kept = keep(history)
    assert history.runs() == [kept]


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EROFS, OutputsUnwritable),
        (errno.EACCES, OutputsUnwritable),
    ],
)
@pytest.mark.parametrize("at", ["input.jpg", "cutout.png", "run.json"])
def test_what_cannot_be_written_leaves_nothing(
    history: History, monkeypatch: pytest.MonkeyPatch, number: int, error: type[Exception], at: str
) -> None:
    write = Path.write_bytes

    def fail(path: Path, data: bytes) -> int:
        if at in path.name:
            write(path, data[: len(data) // 2])
            raise OSError(number, os.strerror(number), str(path))
        return write(path, data)

    kept = keep(history)
    monkeypatch.setattr(Path, "write_bytes", fail)

    with pytest.raises(error) as caught:
        keep(history)
    assert caught.value.hint  # type: ignore[attr-defined]
    if at == "run.json":
        with pytest.raises(error):
            history.add_result(kept.id, "on-white.png", b"12")

    assert visible(history.outputs) == [FIRST]
    assert history.get(FIRST) == kept and history.runs() == [kept]
    assert not [name for name in os.listdir(history.folder(FIRST)) if "partial" in name]


def test_a_thousand_runs_are_listed_quickly(history: History) -> None:
    for number in range(1000):
        run = Run(f"{FIRST}-{number + 2}", "matting", NOON.isoformat(), settings={"refine": "fast"})
        history._index.add([run])
        (history.outputs / run.id).mkdir()
    start = time.process_time()

    assert len(history.runs(limit=1000)) == 1000

    assert time.process_time() - start < 0.25  # 13 ms on one core of 2025
