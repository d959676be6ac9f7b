"""The command line's way: results straight into a folder that remembers what is done."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from pipelines.batch import engine
from pipelines.batch.batch import BatchOptions, write_to_folder
from pipelines.batch.to_folder import STATE, open_folder
from pipelines.errors import BadInput, Busy
from pipelines.jobs.job import Job
from pipelines.studio import Studio
from tests.conftest import draw_disc, encode
from tests.pipelines.batch.pictures import OFF, draw_pictures, png_names, read_tree, write_folder


def results(target: Path) -> dict[str, bytes]:
    return {
        name: data for name, data in read_tree(target).items() if not name.startswith((STATE, "manifest"))
    }


def manifest(target: Path) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads((target / "manifest.json").read_bytes())["files"]
    return rows


class Calls:
    """Counts the pictures that are really worked on; each takes `seconds` longer than it would."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, seconds: float = 0.0) -> None:
        self.count, self._seconds = 0, seconds
        self._real = engine.do_picture
        monkeypatch.setattr(engine, "do_picture", self)

    def __call__(self, *given: object) -> object:
        self.count += 1
        time.sleep(self._seconds)
        return self._real(*given)  # type: ignore[arg-type]


def test_a_folder_becomes_a_folder(studio: Studio, tmp_path: Path) -> None:
    pictures = draw_pictures(5)
    given = write_folder(tmp_path / "in", {**pictures, "bad.jpg": b"\xff\xd8\xff no"})
    told: list[Job] = []
    job = write_to_folder(studio, [given], OFF, tmp_path / "out", told=told.append)
    assert (job.status, job.done, job.failed, job.total) == ("done", 5, 1, 6)
    assert set(results(tmp_path / "out")) == png_names(pictures)
    assert [row["status"] for row in manifest(tmp_path / "out")].count("failed") == 1
    assert told[-1].done == 5
    assert studio.jobs.list() == []
    assert studio.history.runs() == []


def test_the_same_command_does_only_what_is_new(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, calls = write_folder(tmp_path / "in", draw_pictures(5)), Calls(monkeypatch)
    write_to_folder(studio, [given], OFF, tmp_path / "out")
    before = results(tmp_path / "out")
    # given a picture that comes before all others, one that changed, and a result that someone removed
    write_folder(tmp_path / "in", {"0.jpg": encode(draw_disc(70, 99), "JPEG")})
    write_folder(tmp_path / "in", {"day 0/照片 000.jpg": encode(draw_disc(71, 99), "JPEG")})
    (tmp_path / "out/day 1/照片 001.png").unlink()
    job = write_to_folder(studio, [given], OFF, tmp_path / "out")
    assert (calls.count, job.done) == (5 + 3, 6)
    after = results(tmp_path / "out")
    assert {name for name in after if after[name] != before.get(name)} == {"0.png", "day 0/照片 000.png"}
    assert not any(row["reused"] for row in manifest(tmp_path / "out"))


def test_other_settings_do_it_again_also_without_reuse(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, calls = write_folder(tmp_path / "in", draw_pictures(3)), Calls(monkeypatch)
    own = BatchOptions(model="u2netp", refine="off", reuse=False)
    for options in (own, own, BatchOptions(model="u2netp", refine="off", edge=3)):
        write_to_folder(studio, [given], options, tmp_path / "out")
    assert calls.count == 6


def test_an_interrupted_batch_names_what_is_done(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, calls = write_folder(tmp_path / "in", draw_pictures(30)), Calls(monkeypatch, 0.05)

    def interrupt(job: Job) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipelines.jobs.work.SAVE_SECONDS", 0.05)
    with pytest.raises(KeyboardInterrupt):
        write_to_folder(studio, [given], OFF, tmp_path / "out", told=interrupt)
    done = [row for row in manifest(tmp_path / "out") if row["status"] == "done"]
    assert 0 < len(done) < 30
    assert len(results(tmp_path / "out")) == len(done)
    write_to_folder(studio, [given], OFF, tmp_path / "out")
    assert calls.count == 30


def test_results_inside_the_input_are_no_input(studio: Studio, tmp_path: Path) -> None:
    given = write_folder(tmp_path / "in", draw_pictures(2))
    for _ in range(2):
        job = write_to_folder(studio, [given], OFF, tmp_path / "in/out")
    assert (job.done, job.total) == (2, 2)


def test_two_commands_do_not_write_to_one_folder(studio: Studio, tmp_path: Path) -> None:
    given = write_folder(tmp_path / "in", draw_pictures(2))
    with open_folder(studio, OFF, tmp_path / "out"), pytest.raises(Busy):
        write_to_folder(studio, [given], OFF, tmp_path / "out")
    assert write_to_folder(studio, [given], OFF, tmp_path / "out").done == 2


def test_a_folder_without_pictures_is_said_so(studio: Studio, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        write_to_folder(studio, [write_folder(tmp_path / "in", {"a.txt": b"x"})], OFF, tmp_path / "out")
