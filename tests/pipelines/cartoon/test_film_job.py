"""A film as a job: done, stopped, gone on with, refused."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path

import av
import numpy as np
import pytest

from pipelines.cartoon import film
from pipelines.cartoon.film_job import do_film, find_result, submit_film
from pipelines.cartoon.film_run import ALPHA_NOTE, NO_FACE_NOTE
from pipelines.cartoon.options import CartoonOptions
from pipelines.errors import BadInput, InkframeError, NotFound, TooLarge
from pipelines.history import Run
from pipelines.jobs.errors import Stopped
from pipelines.jobs.job import Job
from pipelines.jobs.publishing import PUBLISHED
from pipelines.jobs.work import Work
from pipelines.labels import _read_xmp
from pipelines.settings import Settings
from pipelines.studio import Studio, open_studio
from pipelines.video import VideoReader, parts
from pipelines.video.parts import PARTS
from tests.fakes import fake_loaders
from tests.pipelines.cartoon.painters import GreyPainter
from tests.pipelines.video.films import RATE, shade, write_film, write_gif, write_timed
from tests.pipelines.video.xmp import read_xmp
from weights.store import ModelStore

OPTIONS = CartoonOptions(style="anime")


class Inverter(GreyPainter):
    """Draws the negative; from frame `stop_at` on it waits for `may`."""

    def __init__(self) -> None:
        super().__init__()
        self.stop_at = 1 << 30
        self.reached, self.may = threading.Event(), threading.Event()

    def paint(self, rgb: np.ndarray, shares: object, part: object) -> np.ndarray:
        self.asked.append((rgb.shape[:2], {}, ""))
        if len(self.asked) > self.stop_at:
            self.reached.set()
            assert self.may.wait(60)
        return 255 - rgb


@pytest.fixture
def painter(monkeypatch: pytest.MonkeyPatch) -> Inverter:
    made = Inverter()
    monkeypatch.setattr(film, "choose_painter", lambda net, styles, store: made)
    return made


@pytest.fixture
def working(settings: Settings, painter: Inverter) -> Iterator[Studio]:
    """A studio whose jobs are worked on."""
    made = open_studio(settings, build_store=partial(ModelStore, loaders=fake_loaders()))
    made.start_jobs()
    yield made
    painter.may.set()
    made.close()


def finish(studio: Studio, path: Path, options: CartoonOptions = OPTIONS) -> Run:
    """Submit a film and wait for its run."""
    job = studio.jobs.wait(submit_film(studio, path, options).id, 60)
    assert job.status == "done", job.message
    return studio.history.get(job.run)


def numbers(path: Path) -> list[int]:
    """Which frames of `shade` a drawn film shows."""
    with VideoReader(path) as opened:
        return [round((255 - float(frame.rgb[4:20, -20:-4, 0].mean()) - 20) / 8) for frame in opened]


def film_of(count: int, path: Path, size: tuple[int, int] = (48, 64), **facts: object) -> Path:
    return write_film(path, [shade(number, *size) for number in range(count)], **facts)  # type: ignore[arg-type]


def test_a_film_becomes_a_run_with_sound_and_labels(working: Studio, tmp_path: Path) -> None:
    run = finish(working, film_of(12, tmp_path / "walk.mp4", sound="aac"))
    result = working.history.file(run.id, "cartoon.mp4")
    assert numbers(result) == list(range(12))
    with VideoReader(result) as drawn:
        assert (drawn.info.rate, drawn.info.sound) == (RATE, True)
    assert run.task == "cartoon"
    assert run.results == ("cartoon.mp4",)
    assert run.settings["style"] == "anime"
    assert run.settings["frames"] == 12
    assert "format" not in run.settings
    assert run.notes == (NO_FACE_NOTE,)
    assert run.inputs[0].name == "walk.mp4"
    assert (
        working.history.file(run.id, run.inputs[0].file).read_bytes() == (tmp_path / "walk.mp4").read_bytes()
    )
    assert working.history.file(run.id, run.thumbnail).stat().st_size > 0
    with av.open(str(result)) as container:
        assert json.loads(container.metadata["AIGC"])["ProduceID"] == run.id
    properties = _read_xmp(read_xmp(result))
    assert properties["Iptc4xmpExt:DigitalSourceType"].endswith("compositeWithTrainedAlgorithmicMedia")
    assert json.loads(properties["TC260:AIGC"])["ProduceID"] == run.id


def test_the_job_counts_frames_and_leaves_no_second_copy(working: Studio, tmp_path: Path) -> None:
    job = submit_film(working, film_of(7, tmp_path / "in.mp4"), OPTIONS, name="C:\\films\\ägypten.mp4")
    assert (job.kind, job.title, job.total) == ("cartoon-film", "ägypten.mp4", 7)
    done = working.jobs.wait(job.id, 60)
    assert (done.done, done.failed, done.total) == (7, 0, 7)
    assert not list(working.jobs.folder(job.id).glob("**/*.mp4"))
    assert find_result(working, job.id) == working.history.file(done.run, "cartoon.mp4")


def stop_in_the_middle(studio: Studio, painter: Inverter, path: Path, at: int) -> Job:
    """Cancel a job while it draws frame `at`, counted from 0."""
    painter.stop_at = at
    job = submit_film(studio, path, OPTIONS)
    assert painter.reached.wait(60)
    studio.jobs.cancel(job.id)
    painter.may.set()
    return studio.jobs.wait(job.id, 60)


def test_a_cancelled_film_goes_on_where_it_was(
    working: Studio, painter: Inverter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "LENGTH", 4)
    job = stop_in_the_middle(working, painter, film_of(15, tmp_path / "in.mp4"), 6)
    assert (job.status, job.run) == ("cancelled", "")
    drawn = len(painter.asked)
    assert drawn <= 8
    so_far = find_result(working, job.id)
    assert numbers(so_far) == list(range(job.done))
    so_far.unlink()
    painter.stop_at = 1 << 30
    working.jobs.resume(job.id)
    done = working.jobs.wait(job.id, 60)
    assert done.status == "done"
    assert numbers(find_result(working, job.id)) == list(range(15))
    assert len(painter.asked) <= 15 + 1


def test_other_nets_begin_again(working: Studio, painter: Inverter, tmp_path: Path) -> None:
    job = stop_in_the_middle(working, painter, film_of(10, tmp_path / "in.mp4"), 5)
    painter.stop_at, before = 1 << 30, len(painter.asked)
    painter.nets = (replace(painter.nets[0], version="2"),)
    working.jobs.resume(job.id)
    assert working.jobs.wait(job.id, 60).status == "done"
    assert len(painter.asked) == before + 10


def test_a_killed_process_leaves_whole_parts(
    studio: Studio, painter: Inverter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "LENGTH", 4)
    job = submit_film(studio, film_of(11, tmp_path / "in.mp4"), OPTIONS)
    folder = studio.jobs.folder(job.id)

    class Killed(Work):
        def tell(self, **changes: object) -> None:
            super().tell(**changes)
            if changes.get("done") == 9:
                raise Stopped

    with pytest.raises(Stopped):
        do_film(studio, Killed(job, folder, lambda job: None))
    (folder / PARTS / ".part.mp4.partial").write_bytes(b"half a part")
    (folder / PARTS / "part-00000008-00000009.mp4").unlink()  # what a killed one had not closed
    ending = do_film(studio, Work(job, folder, lambda job: None))
    assert numbers(studio.history.file(ending.run, "cartoon.mp4")) == list(range(11))


def test_a_run_is_not_made_twice(studio: Studio, painter: Inverter, tmp_path: Path) -> None:
    job = submit_film(studio, film_of(3, tmp_path / "in.mp4"), OPTIONS)
    folder = studio.jobs.folder(job.id)
    first = do_film(studio, Work(job, folder, lambda job: None))
    again = do_film(studio, Work(job, folder, lambda job: None))
    assert again.run == first.run
    assert studio.history.count() == 1
    (folder / PUBLISHED).write_text("outputs_20200101000000")
    with pytest.raises(NotFound):
        do_film(studio, Work(job, folder, lambda job: None))


@pytest.mark.parametrize("size", [(47, 63), (33, 200), (16, 16)])
def test_odd_sizes_are_drawn(working: Studio, tmp_path: Path, size: tuple[int, int]) -> None:
    path = write_gif(tmp_path / "in.gif", [shade(n, *size) for n in range(3)], [100] * 3)
    with VideoReader(working.history.file(finish(working, path).id, "cartoon.mp4")) as drawn:
        assert (drawn.info.height, drawn.info.width) == tuple(side + side % 2 for side in size)
        assert len(list(drawn)) == 3


def test_a_film_of_one_frame(working: Studio, tmp_path: Path) -> None:
    run = finish(working, film_of(1, tmp_path / "in.webm"))
    assert numbers(working.history.file(run.id, "cartoon.mp4")) == [0]


def test_a_picture_that_stays_is_drawn_once(working: Studio, painter: Inverter, tmp_path: Path) -> None:
    path = write_gif(tmp_path / "in.gif", [shade(0), shade(4)], [100, 1500])
    run = finish(working, path)
    assert run.settings["frames"] == 16
    assert len(painter.asked) == 2


def test_uneven_timing_keeps_the_film_s_length(working: Studio, tmp_path: Path) -> None:
    times = [0, 20, 75, 120, 155, 200, 245, 280, 500, 520]
    path = write_timed(tmp_path / "in.mp4", [shade(n) for n in range(10)], times)
    run = finish(working, path)
    with VideoReader(working.history.file(run.id, "cartoon.mp4")) as drawn:
        assert drawn.info.seconds == pytest.approx(0.55, abs=0.08)


def test_a_damaged_film_gives_what_is_left_and_says_so(working: Studio, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    frames = [random.integers(0, 255, (48, 64, 3)).astype(np.uint8) for _ in range(40)]
    data = write_film(tmp_path / "in.webm", frames, Fraction(25)).read_bytes()
    (tmp_path / "in.webm").write_bytes(data[: len(data) // 2])
    run = finish(working, tmp_path / "in.webm")
    assert 0 < run.settings["frames"] < 40
    assert any("damaged" in note and f"{run.settings['frames']} of about 40" in note for note in run.notes)


def test_a_see_through_film_says_what_it_stands_on(working: Studio, tmp_path: Path) -> None:
    rgba = np.dstack([shade(0), np.full((48, 64), 255, np.uint8)])
    rgba[:24] = 0
    assert ALPHA_NOTE in finish(working, write_gif(tmp_path / "in.gif", [rgba, rgba], [100, 100])).notes


def test_a_visible_label_is_drawn_on_every_frame(
    settings: Settings, painter: Inverter, tmp_path: Path
) -> None:
    studio = open_studio(
        replace(settings, visible_label=True), build_store=partial(ModelStore, loaders=fake_loaders())
    )
    studio.start_jobs()
    run = finish(studio, film_of(3, tmp_path / "in.mp4", (240, 320)))
    with VideoReader(studio.history.file(run.id, "cartoon.mp4")) as drawn:
        for number, frame in enumerate(drawn):
            plain = 255 - shade(number, 240, 320).astype(int)
            assert 50 < (np.abs(frame.rgb - plain).max(axis=2) > 60).sum() < 20000
    studio.close()


@pytest.mark.parametrize(
    ("changes", "kind", "said"),
    [
        ({"max_film_minutes": 0}, TooLarge, "INKFRAME_MAX_FILM_MINUTES"),
        ({"max_pixels": 1000}, TooLarge, "too large"),
    ],
)
def test_films_over_the_limits_are_refused_at_once(
    settings: Settings,
    painter: Inverter,
    tmp_path: Path,
    changes: dict[str, int],
    kind: type[InkframeError],
    said: str,
) -> None:
    studio = open_studio(
        replace(settings, **changes), build_store=partial(ModelStore, loaders=fake_loaders())
    )
    with pytest.raises(kind) as caught:
        submit_film(studio, film_of(3, tmp_path / "in.mp4"), OPTIONS)
    assert said in caught.value.message + caught.value.hint
    assert studio.jobs.list() == []
    studio.close()


def test_what_is_no_film_is_refused_at_once(studio: Studio, painter: Inverter, tmp_path: Path) -> None:
    (tmp_path / "in.mp4").write_bytes(b"not a film")
    with pytest.raises(BadInput):
        submit_film(studio, tmp_path / "in.mp4", OPTIONS)


def test_nothing_finished_is_no_result(studio: Studio, painter: Inverter, tmp_path: Path) -> None:
    job = submit_film(studio, film_of(3, tmp_path / "in.mp4"), OPTIONS)
    with pytest.raises(NotFound):
        find_result(studio, job.id)
