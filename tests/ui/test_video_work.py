"""What the Image → Video tab does with a studio."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from pipelines.errors import BadInput, InvalidOption, NotFound, TooLarge
from pipelines.image_to_video.film_job import KIND
from pipelines.image_to_video.film_options import VideoOptions
from pipelines.studio import Studio
from tests.conftest import draw_disc, encode
from tests.pipelines.image_to_video.test_music import write_clicks
from ui.film_list import act, draw_films, list_films
from ui.history_list import show_details
from ui.previews import Previews
from ui.stage import FILMS, render_stage
from ui.texts import CHINESE, ENGLISH, voice
from ui.upload import Upload
from ui.video_events import watch_films
from ui.video_strip import Item, take_in
from ui.video_work import (
    Wanted,
    begin_film,
    bring_back,
    set_film,
    set_trial,
    tell_effort,
    tell_plan,
    try_out,
    weigh_up,
)

SPEAK = voice(ENGLISH)
OPTIONS = VideoOptions(duration=0.5, fps="10", width=64, height=48, transition="cut", encoder="software")


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    return tmp_path / "uploads"


@pytest.fixture
def items(studio: Studio, uploads: Path) -> list[Item]:
    """Three pictures, of their own colours."""
    made = []
    for number, colour in enumerate(((200, 30, 30), (30, 30, 200), (200, 200, 30))):
        path = uploads / f"{number}" / "picture.png"
        path.parent.mkdir(parents=True)
        path.write_bytes(encode(draw_disc(48, 64, colour)))
        made.append(take_in(studio, path, f"{number}.png", uploads))
    return made


@pytest.fixture
def working(studio: Studio) -> Iterator[Studio]:
    studio.start_jobs()
    yield studio


def test_length_and_size_are_known_at_once(studio: Studio, items: list[Item], uploads: Path) -> None:
    assert tell_plan(studio, Wanted(items, OPTIONS), uploads, SPEAK) == "1.5 s · 64×48 · 10 fps"


def test_a_picture_s_own_seconds_count(studio: Studio, items: list[Item], uploads: Path) -> None:
    wanted = Wanted(items, replace(OPTIONS, durations="0.5,2,0.5"))
    assert tell_plan(studio, wanted, uploads, SPEAK).startswith("3.0 s")


@pytest.mark.parametrize(
    ("wish", "error"), [({"duration": 3600.0}, TooLarge), ({"width": 4.0, "height": 4.0}, InvalidOption)]
)
def test_a_film_that_can_t_be_is_told_before_it_begins(
    studio: Studio, items: list[Item], uploads: Path, wish: dict[str, float], error: type[Exception]
) -> None:
    with pytest.raises(error):
        tell_plan(studio, Wanted(items, replace(OPTIONS, **wish)), uploads, SPEAK)


def test_a_preview_and_an_estimate_come_before(
    studio: Studio, items: list[Item], uploads: Path, tmp_path: Path
) -> None:
    wanted = Wanted(items[:1], OPTIONS)
    made = try_out(studio, Previews(tmp_path / "uploads" / "previews"), wanted, uploads)
    html = render_stage(set_trial(made, ENGLISH), SPEAK, FILMS)
    assert "autoplay muted" in html
    assert "Preview, small" in html
    assert "ink-toolbar" not in html
    found = weigh_up(studio, wanted, uploads)
    assert found.frames == 5
    assert "of memory" in tell_effort(found, SPEAK)


def test_names_of_looks_differ_where_the_looks_do(items: list[Item]) -> None:
    wanted = Wanted(items, OPTIONS)
    louder = Wanted(items, replace(OPTIONS, music_volume=0.5))
    assert (louder.look, louder.effort) == (wanted.look, louder.effort)
    assert louder.effort != wanted.effort
    assert Wanted(items[::-1], OPTIONS).look != wanted.look


def test_a_film_is_made_shown_and_brought_back(working: Studio, items: list[Item], uploads: Path) -> None:
    wanted = Wanted([items[2], items[0]], replace(OPTIONS, durations="0.5,0.8", motions="zoom-in,still"))
    ended = working.jobs.wait(begin_film(working, wanted, uploads, SPEAK).id, 60)
    assert ended.status == "done", ended.message
    run = working.history.get(ended.run)
    scene = set_film(working, run, ENGLISH, plays=True)
    assert "64×48" in scene.facts
    assert "1.3 s film" in scene.facts
    assert scene.saved is not None and scene.saved.name == "2-film.mp4"
    assert "autoplay" in render_stage(scene, SPEAK, FILMS)
    assert "镜头运动" in set_film(working, run, CHINESE).facts
    back, music = bring_back(working, run, uploads)
    assert [(item.name, item.seconds, item.motion) for item in back] == [
        ("2.png", 0, ""),
        ("0.png", 0.8, "still"),
    ]
    assert music is None
    assert "Zoom in, Stand still" in show_details(working, run, ENGLISH)


def test_music_comes_back_beside_the_pictures(
    working: Studio, items: list[Item], uploads: Path, tmp_path: Path
) -> None:
    song = Upload(write_clicks(tmp_path / "song.wav", 1.0, [0.1]), "song.wav")
    wanted = Wanted(items[:1], OPTIONS, song)
    ended = working.jobs.wait(begin_film(working, wanted, uploads, SPEAK).id, 60)
    run = working.history.get(ended.run)
    back, music = bring_back(working, run, uploads)
    assert len(back) == 1
    assert music is not None and music.name == "song.wav"
    assert set_film(working, run, ENGLISH).saved.name == "0-zoom-in.mp4"  # type: ignore[union-attr]


@pytest.mark.parametrize(("kind", "tag", "word"), [("gif", "<img", "GIF"), ("png", "<img", "PNG pictures")])
def test_what_is_no_film_to_play_is_shown_as_a_picture(
    working: Studio, items: list[Item], uploads: Path, kind: str, tag: str, word: str
) -> None:
    wanted = Wanted(items[:1], replace(OPTIONS, format=kind))
    ended = working.jobs.wait(begin_film(working, wanted, uploads, SPEAK).id, 60)
    html = render_stage(set_film(working, working.history.get(ended.run), ENGLISH, plays=True), SPEAK, FILMS)
    assert tag in html
    assert "<video" not in html
    assert f"Download {word}" in html
    listed = draw_films(list_films(working, KIND), ENGLISH)
    assert f"Download {word}" in listed
    act(working, ended.id, "delete")
    assert list_films(working, KIND) == []


def test_nothing_begins_without_a_picture_or_with_one_that_is_gone(
    studio: Studio, items: list[Item], uploads: Path
) -> None:
    with pytest.raises(BadInput, match="Add a picture"):
        begin_film(studio, Wanted([], OPTIONS), uploads, SPEAK)
    (uploads / items[1].place).unlink()
    with pytest.raises(NotFound, match=r"1\.png"):
        begin_film(studio, Wanted(items, OPTIONS), uploads, SPEAK)
    assert list_films(studio, KIND) == []


def test_the_clock_leaves_what_is_awaited_until_it_is_there(
    working: Studio, items: list[Item], uploads: Path
) -> None:
    """A start may have set it since the clock read it."""
    room: Any = SimpleNamespace(studio=working, history=working.history, lang=ENGLISH)
    watch = watch_films(room)
    assert watch("")[-1] == gr.skip()
    job = working.jobs.wait(begin_film(working, Wanted(items[:1], OPTIONS), uploads, SPEAK).id, 60)
    *_, run, still = watch(job.id)
    assert (run, still) == (job.run, "")
