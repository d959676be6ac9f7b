"""A film in the Image → Video tab, made smoother or slower."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from pipelines.errors import BadInput, InvalidOption, TooLarge
from pipelines.image_to_video.film_job import KIND
from pipelines.image_to_video.slow_job import KIND as SLOW
from pipelines.image_to_video.slow_options import SlowOptions
from pipelines.jobs.job import Job
from pipelines.studio import Studio
from tests.conftest import draw_disc
from tests.pipelines.video.films import write_film
from ui.film_list import draw_films, list_films
from ui.history_list import show_details
from ui.texts import CHINESE, ENGLISH, LANGUAGES, voice
from ui.upload import Upload
from ui.video_slow import NAMES, begin_slow, is_slow, list_choices, read_slow, show_slow
from ui.video_work import set_film

SPEAK = voice(ENGLISH)
OPTIONS = SlowOptions(times=4, slow=1.5, rate="60", sound="off", net="blend")


@pytest.fixture
def film(tmp_path: Path) -> Upload:
    return Upload(write_film(tmp_path / "dance.mp4", [draw_disc(48, 64)] * 4), "dance.mp4")


def test_every_option_is_a_control_with_words() -> None:
    assert {item.name for item in fields(SlowOptions)} == set(NAMES)
    assert all(f"slow.{name}" in LANGUAGES[lang] for name in NAMES for lang in (ENGLISH, CHINESE))


def test_controls_and_options_go_both_ways() -> None:
    assert read_slow(show_slow(vars(OPTIONS))) == OPTIONS
    assert read_slow(show_slow({"times": 99})) == SlowOptions()
    with pytest.raises(InvalidOption):
        read_slow([2, 1, "fast", "keep", "builtin"])


def test_only_nets_that_are_here_are_choices(studio: Studio) -> None:
    here = studio.downloads.state("rife").usable
    assert list_choices("net", studio) == (["builtin", "rife", "blend"] if here else ["builtin", "blend"])


def test_a_film_is_begun_listed_and_shown(studio: Studio, film: Upload) -> None:
    studio.start_jobs()
    job = studio.jobs.wait(begin_slow(studio, film, show_slow({"net": "blend"}), SPEAK).id, 60)
    assert job.status == "done", job.message
    assert [each.id for each in list_films(studio, KIND, SLOW)] == [job.id]
    run = studio.history.get(job.run)
    assert is_slow(run)
    scene = set_film(studio, run, ENGLISH)
    assert "64×48" in scene.facts
    assert scene.saved is not None and scene.saved.name == "dance-slow.mp4"
    assert "Times as many frames: 2" in show_details(studio, run, ENGLISH)


def test_no_part_of_it_can_be_had(studio: Studio) -> None:
    running = Job("0", SLOW, "running", "a.mp4", "2026-01-02T03:04:05+00:00", done=3, total=9)
    button = next(
        each for each in draw_films([running], ENGLISH).split("<button") if 'act="download"' in each
    )
    assert "hidden" in button


def test_what_is_no_film_is_refused(studio: Studio, film: Upload) -> None:
    with pytest.raises(BadInput):
        begin_slow(studio, None, show_slow({}), SPEAK)
    small = replace(studio, settings=replace(studio.settings, max_film_mb=0))
    with pytest.raises(TooLarge):
        begin_slow(small, film, show_slow({}), SPEAK)
    assert list_films(studio, SLOW) == []
