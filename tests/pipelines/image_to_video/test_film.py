"""A film drawn frame by frame: right pictures at right times, few of them open, bars and fades."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from pipelines.errors import TooLarge
from pipelines.image_to_video.film import Film, FilmDrawing, Take, plan_film
from pipelines.image_to_video.film_options import VideoOptions
from pipelines.image_to_video.sources import Given, look_at_all
from pipelines.image_to_video.stamp import Stamp
from pipelines.labels import LABEL_TEXT, draw_visible_label
from pipelines.studio import Studio
from tests.conftest import encode
from tests.pipelines.image_to_video.stand_in import COLOURS, Shots, colour_of, shots, write_pictures

__all__ = ["shots"]

SMALL = VideoOptions(width=64, height=48, fps="10", duration=1, transition="cut")


def film_of(studio: Studio, given: Sequence[Given], options: VideoOptions = SMALL) -> Film:
    return plan_film(look_at_all(studio, given)[0], options, 60)


def draw(studio: Studio, given: Sequence[Given], options: VideoOptions = SMALL) -> list[np.ndarray]:
    return list(FilmDrawing(studio, film_of(studio, given, options)).draw())


def test_pictures_follow_each_other_to_the_frame(studio: Studio, tmp_path: Path, shots: Shots) -> None:
    options = VideoOptions(width=64, height=48, fps="10", durations="0.5,0.3", transition="cut")
    frames = draw(studio, write_pictures(tmp_path, 3), options)
    assert [colour_of(frame) for frame in frames] == [0] * 5 + [1] * 3 + [2] * 5
    assert [shot.asked for shot in shots.opened][1] == [0.0, 0.5, 1.0]


def test_a_transition_draws_from_both(studio: Studio, tmp_path: Path, shots: Shots) -> None:
    options = VideoOptions(width=64, height=48, fps="10", duration=1, transition_seconds=0.4)
    frames = draw(studio, write_pictures(tmp_path, 2), options)
    assert len(frames) == 20
    red = np.array([float(frame[..., 0].mean()) for frame in frames])
    np.testing.assert_allclose(red[:8], COLOURS[0][0])
    np.testing.assert_allclose(red[12:], COLOURS[1][0])
    np.testing.assert_allclose(red[8:12], 200 - 160 * np.array([0.125, 0.375, 0.625, 0.875]), atol=1)


@pytest.mark.parametrize("start", [3, 7, 10, 19])
def test_going_on_from_any_frame_gives_the_same_film(
    studio: Studio, tmp_path: Path, shots: Shots, start: int
) -> None:
    film = film_of(
        studio,
        write_pictures(tmp_path, 2),
        VideoOptions(width=64, height=48, fps="10", duration=1, transition="dissolve"),
    )
    whole = list(FilmDrawing(studio, film).draw())
    for one, two in zip(FilmDrawing(studio, film).draw(start), whole[start:], strict=True):
        np.testing.assert_array_equal(one, two)


def test_at_most_two_pictures_are_open(
    studio: Studio, tmp_path: Path, shots: Shots, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = VideoOptions(width=64, height=48, fps="10", duration=0.4, transition_seconds=0.2)
    drawing = FilmDrawing(studio, film_of(studio, write_pictures(tmp_path, 8), options))
    alive: weakref.WeakSet[object] = weakref.WeakSet()
    open_take = drawing._open

    def keep(number: int) -> Take:
        take = open_take(number)
        shots.opened.clear()
        alive.add(take.shot)
        return take

    monkeypatch.setattr(drawing, "_open", keep)
    most = 0
    for _ in drawing.draw():
        most = max(most, len(alive))
    assert most == 2


def test_a_fitted_picture_stands_between_bars(studio: Studio, tmp_path: Path, shots: Shots) -> None:
    given = write_pictures(tmp_path, 1, (120, 30))
    options = VideoOptions(width=64, height=48, fit="fit", background="#0a141e", fps="10", duration=0.2)
    first, _ = draw(studio, given, options)
    assert shots.opened[0].size == (64, 16)
    assert (first[:16] == (10, 20, 30)).all()
    assert (first[16:32] == COLOURS[0]).all()


def test_fades_take_the_bars_with_them(studio: Studio, tmp_path: Path, shots: Shots) -> None:
    given = write_pictures(tmp_path, 1, (120, 30))
    options = VideoOptions(
        width=64, height=48, fit="blur-fill", fps="10", duration=1, fade_in=0.5, fade_out=0.5
    )
    frames = draw(studio, given, options)
    assert not frames[0].any() and not frames[-1].any()
    assert frames[4].min(axis=2).max() > 0
    assert float(frames[2][0].mean()) < 0.6 * float(frames[4][0].mean())
    assert shots.opened[0].options.fade_in == 0


@pytest.mark.parametrize(("kind", "channels"), [("mp4", 3), ("webm", 4), ("gif", 4), ("png", 4)])
def test_see_through_pictures_make_see_through_films_where_that_works(
    studio: Studio, tmp_path: Path, shots: Shots, kind: str, channels: int
) -> None:
    (tmp_path / "a.png").write_bytes(encode(np.full((48, 64, 4), (200, 100, 50, 128), np.uint8)))
    options = VideoOptions(width=64, height=48, fps="10", duration=0.2, format=kind)
    film = film_of(studio, [Given(tmp_path / "a.png", "a.png")], options)
    frame = next(FilmDrawing(studio, film).draw())
    assert frame.shape[2] == channels
    assert bool(film.notes) == (channels == 3)
    if channels == 3:
        np.testing.assert_allclose(frame[24, 32], (100, 50, 25), atol=1)


def test_opaque_pictures_make_opaque_films(studio: Studio, tmp_path: Path, shots: Shots) -> None:
    options = VideoOptions(width=64, height=48, fps="10", duration=0.2, format="webm")
    assert draw(studio, write_pictures(tmp_path, 1), options)[0].shape[2] == 3


def test_films_have_a_longest_time(studio: Studio, tmp_path: Path) -> None:
    sources = look_at_all(studio, write_pictures(tmp_path, 2))[0]
    with pytest.raises(TooLarge, match=r"2\.0 minutes"):
        plan_film(sources, VideoOptions(duration=60), 1.5)


def test_what_shots_say_is_kept(studio: Studio, tmp_path: Path, shots: Shots) -> None:
    shots.notes = ["It was moved less."]
    drawing = FilmDrawing(studio, film_of(studio, write_pictures(tmp_path, 2)))
    list(drawing.draw())
    assert drawing.remarks == [("0.png", "It was moved less."), ("1.png", "It was moved less.")]


def test_an_error_of_a_later_shot_reaches_the_one_who_draws(
    studio: Studio, tmp_path: Path, shots: Shots
) -> None:
    given = write_pictures(tmp_path, 2)
    film = film_of(studio, given)
    frames = FilmDrawing(studio, film).draw()
    given[1].path.write_bytes(b"gone")
    with pytest.raises(Exception, match="not a picture"):
        list(frames)


def test_the_visible_label_is_that_of_other_results() -> None:
    frame = np.random.default_rng(5).integers(0, 255, (120, 160, 3), np.uint8)
    np.testing.assert_allclose(
        Stamp((160, 120)).put(frame).astype(int), draw_visible_label(frame, LABEL_TEXT), atol=1
    )
    rgba = np.dstack([frame, np.zeros((120, 160), np.uint8)])
    assert Stamp((160, 120)).put(rgba)[-3, -3, 3] > 0
