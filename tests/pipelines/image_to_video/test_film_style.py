"""A film drawn in a style over time, by the nets that come with the app."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from pipelines.errors import InvalidOption
from pipelines.image_to_video.film_options import VideoOptions
from pipelines.image_to_video.film_run import MODEL, describe_model
from pipelines.image_to_video.film_style import FilmStyle
from pipelines.image_to_video.style_courses import COURSES, plan_style
from pipelines.studio import Studio
from tests.conftest import draw_disc

COUNT = 12


def frames(alpha: int | None = None) -> Iterator[np.ndarray]:
    """A disc that wanders."""
    for step in range(COUNT):
        rgb = np.roll(draw_disc(48, 64), step, axis=1)
        yield rgb if alpha is None else np.dstack([rgb, np.full((48, 64), alpha, np.uint8)])


def draw(studio: Studio, keys: str, alpha: int | None = None) -> list[np.ndarray]:
    plan = plan_style("off", "steady", "sketch", 1.0, keys)
    assert plan is not None
    return list(FilmStyle(studio, plan, 10.0).draw_all(frames(alpha), COUNT))


def apart(one: np.ndarray, two: np.ndarray) -> float:
    return float(np.abs(one.astype(float) - two).mean())


@pytest.mark.parametrize("course", COURSES)
@pytest.mark.parametrize("style", ["anime", "painting-07"])
def test_every_course_can_be_read(course: str, style: str) -> None:
    plan = plan_style(style, course, "sketch", 0.6, "")
    assert plan is not None
    strongest = max(look.strength for _, look in plan.keys)
    assert strongest == 0.6
    assert plan.styles == ((style, "sketch") if course == "becomes" else (style,))


def test_no_style_is_no_plan_and_keys_say_it_all() -> None:
    assert VideoOptions().plan_style() is None
    plan = VideoOptions(style="anime", style_keys="0=sketch@0.2").plan_style()
    assert plan is not None
    assert plan.at(0.5).shares == {"sketch": 1.0}


@pytest.mark.parametrize("keys", ["anime", "0=crayon", "1=anime, 0=anime", "0=anime@2", "0.5"])
def test_keys_that_can_t_be_are_refused(keys: str) -> None:
    with pytest.raises(InvalidOption):
        VideoOptions(style_keys=keys)


@pytest.mark.parametrize("style", ["anime", "painting-03", "painter-munch-scream"])
def test_a_style_grows_in(studio: Studio, style: str) -> None:
    plain, drawn = list(frames()), draw(studio, f"0={style}@0, 1={style}@1")
    assert len(drawn) == COUNT
    np.testing.assert_array_equal(drawn[0], plain[0])
    assert apart(drawn[-1], plain[-1]) > 2 * apart(drawn[3], plain[3]) > 0


def test_a_cartoon_becomes_a_painting(studio: Studio) -> None:
    cartoon, painting = draw(studio, "0=anime"), draw(studio, "0=painting-03")
    both = draw(studio, "0=anime, 1=painting-03")
    assert apart(both[0], cartoon[0]) < 1 < apart(both[0], painting[0])
    assert apart(both[-1], painting[-1]) < apart(both[-1], cartoon[-1])


def test_what_is_see_through_stays_so(studio: Studio) -> None:
    solid, clear = draw(studio, "0=painting-03"), draw(studio, "0=painting-03", alpha=90)
    assert all(frame.shape == (48, 64, 4) and (frame[..., 3] == 90).all() for frame in clear)
    np.testing.assert_array_equal(solid[5], clear[5][..., :3])


def test_a_frame_in_the_middle_has_the_style_of_its_time(studio: Studio) -> None:
    plan = plan_style("painting-03", "grows-in", "sketch", 1.0, "")
    assert plan is not None
    whole = list(FilmStyle(studio, plan, 10.0).draw_all(frames(), COUNT))
    late = list(FilmStyle(studio, plan, 10.0).draw_all(list(frames())[4:], COUNT, first=4))
    assert apart(late[-1], whole[-1]) < 0.2 * apart(list(frames())[-1], whole[-1])


def test_the_nets_are_named(studio: Studio) -> None:
    plan = plan_style("off", "becomes", "", 1.0, "0=anime, 0.5=painting-25, 1=painter-mondrian")
    assert plan is not None
    model = describe_model(FilmStyle(studio, plan, 10.0).nets)
    assert model["id"] == "camera+cartoon+paintings+painters"
    assert model["licence"].startswith("Apache-2.0")
    assert describe_model(()) == MODEL
    assert replace(VideoOptions(), style="anime").plan_style() is not None
