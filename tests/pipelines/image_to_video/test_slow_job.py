"""Films made smoother or slower as jobs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.errors import BadInput, InvalidOption, NotFound, TooLarge
from pipelines.image_to_video.film_job import find_result
from pipelines.image_to_video.slow_job import KIND, submit_slow
from pipelines.image_to_video.slow_options import SlowOptions
from pipelines.studio import Studio
from pipelines.video import VideoReader
from tests.conftest import draw_disc
from tests.pipelines.video.films import write_film

TWICE = SlowOptions(times=2)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Eight frames at 29.97 a second, with sound."""
    return write_film(tmp_path / "dance.mp4", [draw_disc(48, 64)] * 8, sound="aac")


@pytest.fixture
def working(studio: Studio) -> Iterator[Studio]:
    studio.start_jobs()
    yield studio


def test_a_film_becomes_a_smoother_one_in_the_history(working: Studio, film: Path) -> None:
    job = working.jobs.wait(submit_slow(working, film, TWICE, name="trip/dance.mp4").id, 60)
    assert (job.status, job.title, job.message) == ("done", "dance.mp4", "")
    run = working.history.get(job.run)
    assert (run.task, run.inputs[0].name, run.settings["times"], run.settings["made_rate"]) == (
        "video",
        "dance.mp4",
        2,
        "60000/1001",
    )
    with VideoReader(find_result(working, job.id)) as made:
        assert len(list(made)) == run.settings["frames"] == 16
        assert made.info.sound
    assert [path.name for path in working.jobs.folder(job.id).glob("film*")] == []


def test_a_slower_film_lasts_longer(working: Studio, film: Path) -> None:
    job = working.jobs.wait(submit_slow(working, film, SlowOptions(times=1, slow=2, sound="off")).id, 60)
    run = working.history.get(job.run)
    assert (run.settings["frames"], run.settings["made_rate"]) == (16, "30000/1001")


def test_what_can_t_be_done_is_refused_at_once(studio: Studio, film: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes.mp4"
    notes.write_text("no film")
    with pytest.raises(BadInput):
        submit_slow(studio, notes, TWICE)
    with pytest.raises(InvalidOption):
        submit_slow(studio, film, SlowOptions(times=16))
    short = replace(studio, settings=replace(studio.settings, max_film_minutes=0))
    with pytest.raises(TooLarge):
        submit_slow(short, film, TWICE)
    assert studio.jobs.list(KIND) == []


def test_a_cancelled_one_leaves_no_half_and_begins_again(studio: Studio, film: Path) -> None:
    job = submit_slow(studio, film, TWICE)
    studio.jobs.cancel(job.id)
    with pytest.raises(NotFound):
        find_result(studio, job.id)
    studio.jobs.resume(job.id)
    studio.start_jobs()
    assert studio.jobs.wait(job.id, 60).status == "done"
    assert studio.history.count("video") == 1
