"""The corridor of one picture, with a painter whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.cartoon.cartoonize import (
    LARGEST_HEAD,
    NO_FACE_NOTE,
    SHORT,
    cartoonize,
    draw,
    fit,
    tell_faces,
)
from pipelines.cartoon.faces import PLACES, Face
from pipelines.cartoon.options import CartoonOptions
from pipelines.cartoon.wishes import Wish
from pipelines.studio import Studio
from tests.conftest import encode
from tests.pipelines.cartoon.painters import SHADES, GreyPainter

PLAIN = CartoonOptions(style="anime", detail=0)


def face_at(left: float, top: float, side: float, turn: float = 0.0, number: int = 1) -> Face:
    """A face whose heads' square stands there, turned by so many degrees about its middle."""
    angle = np.radians(turn)
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    points = (PLACES - 0.5) * side @ rotation.T + [left + side / 2, top + side / 2]
    return Face(number, (left, top, side, side), points, 1.0)


def photo(height: int = 300, width: int = 400) -> np.ndarray:
    return np.full((height, width, 3), 90, np.uint8)


@pytest.mark.parametrize("turn", [0, 45, -45, 180])
def test_a_head_is_drawn_where_the_face_is_and_fades_out(turn: float) -> None:
    drawn = draw(photo(), [(face_at(100, 50, 160, turn), Wish())], PLAIN, GreyPainter())
    assert drawn.shape == (300, 400, 3)
    assert (drawn[130, 180] == SHADES["anime"] + 30).all()
    assert (drawn[:40] == SHADES["anime"]).all()
    assert (drawn[:, 300:] == SHADES["anime"]).all()
    # no step anywhere: the mask is soft
    assert np.abs(np.diff(drawn[..., 0].astype(int), axis=0)).max() <= 6
    assert np.abs(np.diff(drawn[..., 0].astype(int), axis=1)).max() <= 6


def test_each_face_has_its_own_style_and_strength() -> None:
    wanted = [
        (face_at(20, 50, 120), Wish("3d")),
        (face_at(150, 50, 120), Wish("sketch", 0.0)),
        (face_at(280, 50, 120), Wish()),
    ]
    drawn = draw(photo(), wanted, PLAIN, GreyPainter())
    assert drawn[110, 80, 0] == SHADES["3d"] + 30
    assert drawn[110, 210, 0] == 90
    assert drawn[110, 340, 0] == SHADES["anime"] + 30


@pytest.mark.parametrize("face", [(-80, -60, 160), (340, 250, 160), (-500, 10, 160), (190, 140, 2)])
def test_a_face_cut_by_the_border_outside_or_tiny_is_no_trouble(face: tuple[float, float, float]) -> None:
    drawn = draw(photo(), [(face_at(*face), Wish())], PLAIN, GreyPainter())
    assert drawn.shape == (300, 400, 3)
    assert (drawn >= SHADES["anime"]).all()


def test_nets_see_sizes_that_they_know() -> None:
    for size, head in (((40, 64), 60), ((3000, 2000), 1500)):
        painter = GreyPainter()
        drawn = draw(photo(*size), [(face_at(0, 0, head), Wish())], PLAIN, painter)
        assert drawn.shape[:2] == size
        (background, _, _), (square, _, part) = painter.asked
        assert SHORT[0] <= min(background) <= SHORT[1]
        assert part == "head"
        assert 288 <= square[0] == square[1] <= LARGEST_HEAD


def test_strength_goes_from_photo_to_drawing() -> None:
    for strength, shade in ((0.0, 90), (0.5, (90 + SHADES["3d"]) // 2), (1.0, SHADES["3d"])):
        drawn = draw(photo(), [], CartoonOptions(style="3d", strength=strength), GreyPainter())
        assert abs(int(drawn[0, 0, 0]) - shade) <= 1


def test_two_styles_are_mixed_by_their_shares() -> None:
    painter = GreyPainter()
    draw(photo(), [], CartoonOptions(style="3d", style_b="anime", mix=0.25), painter)
    assert painter.asked[0][1] == {"3d": 0.75, "anime": 0.25}
    assert CartoonOptions(style="3d", style_b="anime", mix=1).weights == {"anime": 1}
    assert CartoonOptions(style="3d", style_b="3d", mix=0.5).weights == {"3d": 1}


def test_the_photos_colours_can_stay() -> None:
    red = np.full((60, 80, 3), (200, 40, 40), np.uint8)
    drawn = draw(red, [], CartoonOptions(style="anime", colours=1), GreyPainter()).astype(int)
    assert drawn[0, 0, 0] - drawn[0, 0, 1] > 50


def test_a_picture_is_shrunk_with_its_alpha(studio: Studio) -> None:
    rgba = np.full((100, 300, 4), 255, np.uint8)
    rgba[:, :150, 3] = 0
    rgb, alpha = fit(studio.open(encode(rgba)), 150)
    assert rgb.shape == (50, 150, 3)
    assert alpha is not None
    assert alpha.shape == (50, 150)
    assert alpha[25, 10] == 0
    assert alpha[25, 140] == 255


@pytest.mark.parametrize("hidden", [(0, 255, 0), (0, 0, 0)])
def test_nets_see_what_a_viewer_sees(studio: Studio, hidden: tuple[int, int, int]) -> None:
    rgba = np.full((100, 300, 4), (200, 100, 0, 255), np.uint8)
    rgba[:, :150] = (*hidden, 0)
    rgb, _ = fit(studio.open(encode(rgba)), 150)
    assert rgb[25, 10].tolist() == [255, 255, 255]
    assert rgb[25, 140].tolist() == [200, 100, 0]


def test_white_that_is_seen_behind_a_picture_does_not_stay_in_its_colours(studio: Studio) -> None:
    rgba = np.full((60, 60, 4), (200, 100, 0, 128), np.uint8)
    as_it_is = CartoonOptions(style="anime", strength=0, faces="off")
    made = cartoonize(studio.open(encode(rgba)), as_it_is, studio.store)
    np.testing.assert_allclose(made.rgb[30, 30], (200, 100, 0), atol=2)


def test_what_is_said_of_faces() -> None:
    assert tell_faces([], True, {}) == (NO_FACE_NOTE,)
    assert tell_faces([], False, {}) == ()
    assert tell_faces([face_at(0, 0, 50)], False, {1: Wish(), 4: Wish()}) == (
        "There is no face 4: 1 were found.",
    )
