"""Films in the Cartoon tab: the list, and what its buttons do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.cartoon.film_job import KIND
from pipelines.cartoon.options import CartoonOptions
from pipelines.errors import BadInput, TooLarge
from pipelines.jobs.job import Job, Status
from pipelines.studio import Studio
from tests.cartoon_studio import TITLE
from tests.conftest import draw_disc
from tests.pipelines.video.films import write_film
from ui.cartoon_films import begin_film, is_film, set_film
from ui.cartoon_form import NAMES, show_options
from ui.film_list import act, draw_films, is_live, list_films
from ui.stage import DRAWINGS, render_stage
from ui.texts import CHINESE, ENGLISH, voice
from ui.upload import Upload

SPEAK = voice(ENGLISH)
VALUES = show_options(vars(CartoonOptions(style="3d", faces="1=sketch,2")))


@pytest.fixture
def film(tmp_path: Path) -> Upload:
    path = write_film(tmp_path / "dance.mp4", [draw_disc(60, 80)] * 4)
    return Upload(path, "dance.mp4")


def job(status: Status, **facts: object) -> Job:
    return Job("0123", "cartoon-film", status, "<dance>.mp4", "2026-01-02T03:04:05+00:00", **facts)  # type: ignore[arg-type]


def shown(html: str) -> list[str]:
    """The buttons that are offered."""
    return [each.split('"')[0] for each in html.split('data-act="')[1:] if "hidden" not in each.split(">")[0]]


@pytest.mark.parametrize(
    ("status", "buttons"),
    [
        ("queued", ["cancel"]),
        ("running", ["download", "cancel"]),
        ("paused", ["resume", "download", "cancel"]),
        ("failed", ["resume", "download", "delete"]),
        ("done", ["show", "download", "delete"]),
    ],
)
def test_each_state_has_its_buttons(status: Status, buttons: list[str]) -> None:
    html = draw_films([job(status, done=3, total=9)], ENGLISH)
    assert shown(html) == buttons
    assert "3 of 9 frames" in html
    assert "&lt;dance&gt;.mp4" in html
    assert is_live([job(status)]) == (status in ("queued", "running"))


def test_nothing_can_be_fetched_before_a_frame_is_drawn() -> None:
    assert shown(draw_films([job("running", total=9)], CHINESE)) == ["cancel"]
    assert draw_films([], ENGLISH) == ""


def test_a_film_is_begun_drawn_and_shown(studio: Studio, film: Upload) -> None:
    studio.start_jobs()
    begun = begin_film(studio, film, VALUES, SPEAK)
    # the photo's wishes for single faces are not the film's
    assert (begun.settings["style"], begun.settings["faces"]) == ("3d", "all")
    ended = studio.jobs.wait(begun.id, 60)
    assert ended.status == "done", ended.message
    run = studio.history.get(ended.run)
    assert is_film(run)
    scene = set_film(studio, run, ENGLISH)
    assert TITLE in scene.facts
    assert scene.saved is not None and scene.saved.name == "dance-3d.mp4"
    html = render_stage(scene, SPEAK, DRAWINGS)
    assert "<video" in html
    assert "Download MP4" in html
    assert [each.id for each in list_films(studio, KIND)] == [begun.id]
    act(studio, begun.id, "delete")
    assert list_films(studio, KIND) == []


def test_no_faces_stay_no_faces(studio: Studio, film: Upload) -> None:
    values = [*VALUES]
    values[NAMES.index("faces")] = "off"
    assert begin_film(studio, film, values, SPEAK).settings["faces"] == "off"


def test_what_is_no_film_is_refused_at_once(studio: Studio, tmp_path: Path, film: Upload) -> None:
    (tmp_path / "notes.mp4").write_text("no film")
    for given in (None, Upload(tmp_path / "notes.mp4", "notes.mp4")):
        with pytest.raises(BadInput):
            begin_film(studio, given, VALUES, SPEAK)
    small = replace(studio, settings=replace(studio.settings, max_film_mb=0))
    with pytest.raises(TooLarge, match="INKFRAME_MAX_FILM_MB"):
        begin_film(small, film, VALUES, SPEAK)
    assert list_films(studio, KIND) == []
