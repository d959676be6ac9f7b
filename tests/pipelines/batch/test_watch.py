"""A watched folder: what appears is done, once, also across restarts."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.batch.arrivals import STILL_SECONDS
from pipelines.batch.batch_job import run_engine
from pipelines.batch.options import BatchOptions
from pipelines.batch.watch import AGAIN_SECONDS, watch_folder
from pipelines.errors import Busy, DiskFull, NotFound
from pipelines.studio import Studio
from tests.conftest import draw_disc, encode

OPTIONS = BatchOptions(model="u2netp", refine="off")


class Enough(Exception):
    """Ends a watch."""


class Folders:
    """A watched folder, where its results go, and what was told of it."""

    def __init__(self, studio: Studio, root: Path) -> None:
        self.source, self.target = root / "in", root / "out"
        self.source.mkdir()
        self.studio = studio
        self.told: list[Any] = []
        self.rests: list[float] = []

    def put(self, name: str, data: bytes | int = 1) -> Path:
        """A file that was written a while ago: bytes, or a picture that differs by number."""
        path = self.source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(
            data if isinstance(data, bytes) else encode(draw_disc(40, 50, (200, data, 0)), "JPEG")
        )
        os.utime(path, (path.stat().st_mtime - 99,) * 2)
        return path

    def watch(self, *steps: Callable[[], object], engine: Any = run_engine) -> list[str]:
        """Watch until every step has been taken and nothing is left to do; gives "source status" of each."""
        waiting, first = list(steps), len(self.told)

        def rest(seconds: float) -> None:
            self.rests.append(seconds)
            if not waiting:
                raise Enough
            waiting.pop(0)()

        with pytest.raises(Enough):
            watch_folder(
                self.studio,
                self.source,
                OPTIONS,
                self.target,
                told=self.told.append,
                rest=rest,
                engine=engine,
            )
        return sorted(f"{row.source} {row.status}" for row in self.told[first:] if hasattr(row, "source"))

    def results(self) -> list[str]:
        found = [path.relative_to(self.target) for path in self.target.rglob("*") if path.is_file()]
        return sorted(path.as_posix() for path in found if path.parts[0] != ".inkframe")

    def rows(self) -> dict[str, dict[str, Any]]:
        """The manifest's files by source; fails when one is there twice."""
        files = json.loads((self.target / "manifest.json").read_bytes())["files"]
        assert len({row["source"] for row in files}) == len({row["number"] for row in files}) == len(files)
        return {row["source"]: row for row in files}


@pytest.fixture
def folders(studio: Studio, tmp_path: Path) -> Folders:
    return Folders(studio, tmp_path)


MANIFESTS = ["manifest.csv", "manifest.json"]


def test_what_is_there_and_what_appears_is_done(folders: Folders) -> None:
    folders.put("a.jpg")
    told = folders.watch(lambda: folders.put("trip/照片.jpg", 2), lambda: folders.put("b.jpg", 3))
    assert told == ["a.jpg done", "b.jpg done", "trip/照片.jpg done"]
    assert folders.results() == ["a.png", "b.png", *MANIFESTS, "trip/照片.png"]
    assert set(folders.rows()) == {"a.jpg", "b.jpg", "trip/照片.jpg"}


def test_a_restart_does_nothing_again_and_goes_on_counting(folders: Folders) -> None:
    folders.put("m.jpg", 1)
    folders.put("z.jpg", 2)
    folders.watch()
    stamps = {name: (folders.target / name).stat().st_mtime_ns for name in ("m.png", "z.png")}
    (folders.source / "z.jpg").unlink()
    folders.put("a.jpg", 3)
    assert folders.watch() == ["a.jpg done"]
    assert {name: (folders.target / name).stat().st_mtime_ns for name in stamps} == stamps
    rows = folders.rows()
    assert {name: row["number"] for name, row in rows.items()} == {"m.jpg": 0, "z.jpg": 1, "a.jpg": 2}
    assert all(row["status"] == "done" for row in rows.values())


def test_a_changed_file_takes_the_place_of_its_result(folders: Folders) -> None:
    folders.put("a.jpg", 1)
    folders.watch()
    before = (folders.target / "a.png").read_bytes()

    def change() -> None:
        folders.put("a.jpg", 250)
        os.utime(folders.source / "a.jpg", (1_000_000_000, 1_000_000_000))

    assert folders.watch(change) == ["a.jpg done"]
    assert (folders.target / "a.png").read_bytes() != before
    assert folders.results() == ["a.png", *MANIFESTS]


def test_two_that_would_have_one_name_keep_theirs_after_a_restart(folders: Folders) -> None:
    folders.put("a.jpg", 1)
    folders.watch()
    folders.put("a.bmp", encode(draw_disc(40, 50), "BMP"))
    folders.watch()
    folders.watch()
    assert {name: row["output"] for name, row in folders.rows().items()} == {
        "a.jpg": "a.png",
        "a.bmp": "a (2).png",
    }


def test_a_broken_file_is_one_row_and_not_tried_for_ever(folders: Folders) -> None:
    folders.put("broken.jpg", b"\xff\xd8\xff\xe0 and no more")
    folders.put("notes.txt", b"text")
    assert folders.watch(lambda: folders.put("a.jpg")) == [
        "a.jpg done",
        "broken.jpg failed",
        "notes.txt skipped",
    ]
    assert folders.rows()["broken.jpg"]["reason"]


def test_a_zip_is_opened(folders: Folders) -> None:
    with zipfile.ZipFile(folders.source.parent / "trip.zip", "w") as out:
        out.writestr("day 1/a.jpg", encode(draw_disc(40, 50), "JPEG"))
    folders.put("trip.zip", (folders.source.parent / "trip.zip").read_bytes())
    folders.watch()
    assert folders.results() == [*MANIFESTS, "trip/day 1/a.png"]


def test_results_inside_the_watched_folder_are_no_input(studio: Studio, tmp_path: Path) -> None:
    folders = Folders(studio, tmp_path)
    folders.target = folders.source / "out"
    folders.put("a.jpg")
    nothing = [lambda: None] * 3
    assert folders.watch(*nothing) == ["a.jpg done"]


def test_a_file_that_is_still_written_is_waited_for(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("pipelines.batch.watch.time.monotonic", lambda: now[0])
    path = folders.source / "a.jpg"
    whole = encode(draw_disc(40, 50), "JPEG")
    out = path.open("wb", buffering=0)

    def write(data: bytes, then: float) -> Callable[[], None]:
        def step() -> None:
            out.write(data)
            now[0] += then

        return step

    half = len(whole) // 2
    told = folders.watch(write(whole[:half], 1.0), write(whole[half:], 1.0), write(b"", STILL_SECONDS + 0.1))
    out.close()
    assert told == ["a.jpg done"]


def test_a_full_disk_is_told_and_tried_again(folders: Folders) -> None:
    folders.put("a.jpg")
    tries = []

    def engine(*arguments: Any) -> object:
        tries.append(1)
        if len(tries) == 1:
            raise DiskFull("The disk is full.", "Free some space.")
        return run_engine(*arguments)

    assert folders.watch(lambda: None, engine=engine) == ["a.jpg done"]
    assert isinstance(folders.told[0], DiskFull)
    assert folders.rests[0] == AGAIN_SECONDS
    assert folders.rows()["a.jpg"]["status"] == "done"


def test_a_manifest_that_cannot_be_read_is_begun_anew(folders: Folders) -> None:
    folders.put("a.jpg")
    folders.watch()
    stamp = (folders.target / "a.png").stat().st_mtime_ns
    (folders.target / "manifest.json").write_text("{")
    folders.watch()
    assert folders.rows()["a.jpg"]["status"] == "done"
    assert (folders.target / "a.png").stat().st_mtime_ns == stamp


def test_a_folder_that_is_not_there_is_explained(studio: Studio, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        watch_folder(studio, tmp_path / "nonesuch", OPTIONS, tmp_path / "out")


def test_two_do_not_watch_into_one_folder(folders: Folders) -> None:
    def second() -> None:
        with pytest.raises(Busy):
            watch_folder(folders.studio, folders.source, OPTIONS, folders.target)

    folders.put("a.jpg")
    folders.watch(second, lambda: folders.put("b.jpg"))
    assert folders.results() == ["a.png", "b.png", *MANIFESTS]
