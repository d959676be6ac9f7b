"""Films as jobs: whole, labelled, stopped, gone on with, nothing left half-written."""

from __future__ import annotations

import errno
import json
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from pipelines.errors import BadInput, DiskFull, InvalidOption, NotFound, TooLarge
from pipelines.history import Run
from pipelines.image_to_video import estimate, film
from pipelines.image_to_video.film_files import Order
from pipelines.image_to_video.film_job import do_film, find_result, submit_film
from pipelines.image_to_video.film_options import VideoOptions
from pipelines.image_to_video.make_film import begin, make_run
from pipelines.image_to_video.sources import Given
from pipelines.jobs.publishing import PUBLISHED
from pipelines.jobs.work import Work
from pipelines.labels import _read_xmp
from pipelines.settings import Settings
from pipelines.studio import Studio, open_studio
from pipelines.video import VideoReader, VideoWriter, parts
from pipelines.video.parts import PARTS
from tests.fakes import fake_loaders
from tests.pipelines.image_to_video.stand_in import (
    Shots,
    colour_of,
    order_of,
    shots,
    write_broken,
    write_pictures,
)
from tests.pipelines.image_to_video.test_music import find_clicks, hear, write_clicks
from tests.pipelines.video.xmp import read_xmp
from weights.store import ModelStore

__all__ = ["shots"]

OPTIONS = VideoOptions(width=64, height=48, fps="10", duration=1, transition="cut", encoder="software")


class Gate:
    """Stops the drawing of the first shot at a share of its time until it `may` go on."""

    def __init__(self) -> None:
        self.at, self.reached, self.may = 9.0, threading.Event(), threading.Event()

    def wait(self, at: float) -> None:
        if at >= self.at:
            self.reached.set()
            assert self.may.wait(60)


@pytest.fixture
def gate(shots: Shots, monkeypatch: pytest.MonkeyPatch) -> Gate:
    made = Gate()

    def open_shot(*given: Any) -> Any:
        shot = shots(*given)
        draw = shot.draw

        def wait_and_draw(at: float) -> np.ndarray:
            made.wait(at)
            return draw(at)

        shot.draw = wait_and_draw  # type: ignore[method-assign]
        return shot

    monkeypatch.setattr(film, "open_shot", open_shot)
    return made


@pytest.fixture
def working(settings: Settings, gate: Gate) -> Iterator[Studio]:
    """A studio whose jobs are worked on."""
    made = open_studio(settings, build_store=partial(ModelStore, loaders=fake_loaders()))
    made.start_jobs()
    yield made
    gate.may.set()
    made.close()


def finish(studio: Studio, order: Order, options: VideoOptions = OPTIONS) -> Run:
    job = studio.jobs.wait(submit_film(studio, order, options).id, 60)
    assert job.status == "done", job.message
    return studio.history.get(job.run)


def colours(path: Path) -> list[int]:
    with VideoReader(path) as opened:
        return [colour_of(frame.rgb) for frame in opened]


def test_a_picture_keeps_its_own_seconds_when_another_is_left_out(working: Studio, tmp_path: Path) -> None:
    first, last = write_pictures(tmp_path, 2)
    order = order_of(first, write_broken(tmp_path), last)
    run = finish(working, order, replace(OPTIONS, fps="10", durations="0.5,3,1"))
    assert colours(working.history.file(run.id, "film.mp4")) == [0] * 5 + [1] * 10


def test_pictures_become_a_run_with_music_label_and_notes(working: Studio, tmp_path: Path) -> None:
    first, last = write_pictures(tmp_path, 2)
    music = write_clicks(tmp_path / "song.wav", 5, [0.5, 1.5, 3])
    order = order_of(first, write_broken(tmp_path), last, music=Given(music, "lied.wav"))
    run = finish(working, order, replace(OPTIONS, fps="30000/1001", music_fade_out=0))
    path = working.history.file(run.id, "film.mp4")
    found = colours(path)
    assert (found, len(found)) == ([0] * 30 + [1] * 30, 60)
    with VideoReader(path) as made:
        assert (made.info.rate, made.info.sound) == (Fraction(30000, 1001), True)
    np.testing.assert_allclose(find_clicks(hear(path)), [0.5, 1.5], atol=0.01)
    assert run.notes == ("broken.jpg: left out. The picture is cut off or damaged.",)
    assert [given.name for given in run.inputs] == ["0.png", "1.png", "lied.wav"]
    kept = working.history.file(run.id, run.inputs[1].file)
    assert kept.read_bytes() == last.path.read_bytes()
    assert (run.task, run.settings["frames"], run.settings["fps"]) == ("video", 60, "30000/1001")
    assert working.history.file(run.id, run.thumbnail).stat().st_size > 0
    with av.open(str(path)) as container:
        assert json.loads(container.metadata["AIGC"])["ProduceID"] == run.id
    source = _read_xmp(read_xmp(path))["Iptc4xmpExt:DigitalSourceType"]
    assert source.endswith("algorithmicallyEnhanced")


@pytest.mark.parametrize(("kind", "name"), [("webm", "film.webm"), ("gif", "film.gif"), ("png", "film.zip")])
def test_other_formats(working: Studio, tmp_path: Path, kind: str, name: str) -> None:
    music = Given(write_clicks(tmp_path / "song.wav", 2, [0.5]), "song.wav")
    order = order_of(*write_pictures(tmp_path, 2), music=music)
    run = finish(working, order, replace(OPTIONS, format=kind, duration=0.5))
    path = working.history.file(run.id, name)
    assert run.results == (name,)
    assert run.thumbnail
    if kind == "png":
        with zipfile.ZipFile(path) as frames:
            assert len(frames.namelist()) == 10
            with Image.open(frames.open("frame-000001.png")) as frame:
                assert json.loads(frame.info["AIGC"])["ProduceID"] == run.id
    else:
        assert colours(path) == [0] * 5 + [1] * 5
    if kind == "webm":
        with av.open(str(path)) as container:
            said = {name.lower(): text for name, text in container.metadata.items()}
        assert said["digitalsourcetype"].endswith("algorithmicallyEnhanced")
        assert said["aisystemused"].startswith("Inkframe (")
    assert bool(run.notes) == (kind != "webm")
    assert {each.name for each in working.history.folder(run.id).iterdir()} == {
        *(given.file for given in run.inputs),
        *(name, run.thumbnail, "run.json"),
    }


def test_the_job_counts_frames_and_leaves_no_second_copy(working: Studio, tmp_path: Path) -> None:
    job = submit_film(working, order_of(*write_pictures(tmp_path, 3)), OPTIONS)
    assert (job.kind, job.title, job.total) == ("video", "0.png + 2", 30)
    done = working.jobs.wait(job.id, 60)
    assert (done.done, done.total) == (30, 30)
    left = [path for path in working.jobs.folder(job.id).rglob("*") if path.suffix != ".json"]
    assert [path.name for path in left if path.is_file() and not path.name.startswith(".")] == [
        "made_with",
        PUBLISHED,
    ]
    assert find_result(working, job.id) == working.history.file(done.run, "film.mp4")


def stop_at(studio: Studio, gate: Gate, order: Order, options: VideoOptions, share: float) -> str:
    """Cancel a job while it draws the first picture at that share; gives its id."""
    gate.at = share
    job = submit_film(studio, order, options)
    assert gate.reached.wait(60)
    studio.jobs.cancel(job.id)
    gate.may.set()
    assert studio.jobs.wait(job.id, 60).status == "cancelled"
    gate.at = 9.0
    return job.id


def test_a_cancelled_film_goes_on_where_it_was(
    working: Studio, gate: Gate, shots: Shots, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "LENGTH", 4)
    job_id = stop_at(working, gate, order_of(*write_pictures(tmp_path, 2)), OPTIONS, 0.8)
    so_far = find_result(working, job_id)
    drawn = len(colours(so_far))
    assert 4 <= drawn < 10
    so_far.unlink()
    shots.opened.clear()
    working.jobs.resume(job_id)
    assert working.jobs.wait(job_id, 60).status == "done"
    assert colours(find_result(working, job_id)) == [0] * 10 + [1] * 10
    assert len(shots.opened[0].asked) == 10 - drawn


@pytest.mark.parametrize("kind", ["webm", "gif", "png"])
def test_a_cancelled_film_in_one_piece_leaves_nothing_and_begins_again(
    working: Studio, gate: Gate, tmp_path: Path, kind: str
) -> None:
    options = replace(OPTIONS, format=kind)
    job_id = stop_at(working, gate, order_of(*write_pictures(tmp_path, 1)), options, 0.5)
    outputs = working.settings.outputs
    assert not [path for path in outputs.rglob("*") if "film." in path.name or "partial" in path.name]
    with pytest.raises(NotFound):
        find_result(working, job_id)
    working.jobs.resume(job_id)
    assert working.jobs.wait(job_id, 60).status == "done"


def test_a_full_disk_pauses_and_leaves_no_half_film(
    working: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, count = VideoWriter.write, iter(range(1000))

    def fill_up(self: VideoWriter, rgb: np.ndarray) -> None:
        if next(count) == 7:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(self, rgb)

    monkeypatch.setattr(VideoWriter, "write", fill_up)
    job = submit_film(working, order_of(*write_pictures(tmp_path, 2)), OPTIONS)
    stopped = working.jobs.wait(job.id, 60)
    assert (stopped.status, stopped.run) == ("paused", "")
    assert "full" in stopped.message and stopped.hint
    assert not list(working.settings.outputs.rglob("*.partial"))
    assert working.history.count() == 0
    working.jobs.resume(job.id)
    assert working.jobs.wait(job.id, 60).status == "done"
    assert colours(find_result(working, job.id)) == [0] * 10 + [1] * 10


def test_a_run_is_not_made_twice(studio: Studio, shots: Shots, tmp_path: Path) -> None:
    job = submit_film(studio, order_of(*write_pictures(tmp_path, 1)), OPTIONS)
    folder = studio.jobs.folder(job.id)
    runs = [do_film(studio, Work(job, folder, lambda job: None)).run for _ in range(2)]
    assert runs[0] == runs[1]
    assert studio.history.count() == 1


def test_other_pictures_begin_again(studio: Studio, shots: Shots, tmp_path: Path) -> None:
    given = write_pictures(tmp_path, 2)
    job = submit_film(studio, order_of(given[0]), OPTIONS)
    folder = studio.jobs.folder(job.id)
    with VideoWriter(folder / PARTS / "part-00000000-00000009.mp4", (64, 48), Fraction(10)) as old:
        for _ in range(9):
            old.write(np.zeros((48, 64, 3), np.uint8))
    ending = do_film(studio, Work(job, folder, lambda job: None))
    assert colours(studio.history.file(ending.run, "film.mp4")) == [0] * 10


def test_what_can_be_known_at_once_is_refused_at_once(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, broken = write_pictures(tmp_path, 1)[0], write_broken(tmp_path)
    wav = Given(write_clicks(tmp_path / "a.wav", 1, []), "a.wav")
    for order, options, error in (
        (order_of(), OPTIONS, BadInput),
        (order_of(broken, broken), OPTIONS, BadInput),
        (order_of(*[given] * 501), OPTIONS, TooLarge),
        (order_of(*[given] * 500), replace(OPTIONS, duration=100), TooLarge),
        (order_of(given), replace(OPTIONS, width=2), InvalidOption),
        (order_of(given, music=broken), OPTIONS, BadInput),
        (order_of(given, music=wav), replace(OPTIONS, music_start=5), BadInput),
    ):
        with pytest.raises(error) as failed:
            submit_film(studio, order, options)
        assert failed.value.hint
    monkeypatch.setattr(estimate, "SPARE", 1 << 62)
    with pytest.raises(DiskFull):
        submit_film(studio, order_of(given), OPTIONS)
    assert studio.jobs.list() == []


def test_pictures_may_be_moved_instead_of_copied(studio: Studio, tmp_path: Path) -> None:
    given = write_pictures(tmp_path, 1)[0]
    submit_film(studio, order_of(given), OPTIONS, move=True)
    assert not given.path.exists()


def test_a_film_made_at_once_is_the_same_run(studio: Studio, shots: Shots, tmp_path: Path) -> None:
    heard: list[tuple[int, int, str]] = []

    def tell(*given: Any) -> None:
        heard.append(given)

    order = order_of(*write_pictures(tmp_path, 2), visible_label=True)
    run = make_run(studio, begin(studio, order, OPTIONS, tell), tell)
    assert colours(studio.history.file(run.id, "film.mp4")) == [0] * 10 + [1] * 10
    assert [done for done, total, what in heard if total and not what] == list(range(1, 21))


def test_stopping_a_film_made_at_once_leaves_nothing(studio: Studio, shots: Shots, tmp_path: Path) -> None:
    def stop(done: int, total: int, what: str) -> None:
        if done == 5:
            raise KeyboardInterrupt

    begun = begin(studio, order_of(*write_pictures(tmp_path, 1)), OPTIONS)
    with pytest.raises(KeyboardInterrupt):
        make_run(studio, begun, stop)
    left = [path.name for path in studio.settings.outputs.iterdir() if path.is_dir()]
    assert left == [".jobs"]
