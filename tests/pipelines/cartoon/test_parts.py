"""Alignment, masks, tiles, detail and wishes, each alone."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from pipelines.cartoon.detail import bring_up
from pipelines.cartoon.faces import PLACES, align, cut_square, natural_side, order_faces
from pipelines.cartoon.masks import head_mask
from pipelines.cartoon.sheet import draw_sheet
from pipelines.cartoon.tiles import draw_in_tiles, spans
from pipelines.cartoon.wishes import Wish, read_wishes
from pipelines.errors import InvalidOption

STYLES = ("3d", "anime")


def test_align_finds_turn_scale_and_shift() -> None:
    angle, scale, shift = np.radians(40), 0.7, np.array([12.0, -5.0])
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    points = (PLACES * 288 - shift) @ np.linalg.inv(turn).T
    np.testing.assert_allclose(align(points, 288), np.hstack([turn, shift[:, None]]), atol=1e-9)
    assert natural_side(points) == pytest.approx(288 / 0.7)


def test_align_survives_points_that_fall_together() -> None:
    assert np.isfinite(align(np.zeros((5, 2)), 288)).all()


def test_a_square_is_white_beyond_the_border_and_even_when_shrunk() -> None:
    rgb = np.zeros((400, 400, 3), np.uint8)
    rgb[::2] = 200
    square = cut_square(rgb, np.array([[0.1, 0, 20], [0, 0.1, 20]]), 100)
    assert (square[:10] == 255).all()
    # the stripes are averaged, not sampled
    assert abs(int(square[40, 40, 0]) - 100) < 8


def test_faces_are_numbered_row_by_row() -> None:
    boxes = np.array([[300, 12, 40, 50], [10, 200, 40, 50], [20, 5, 40, 50], [200, 190, 40, 50]], np.float32)
    assert order_faces(boxes, [0, 1, 2, 3]) == [2, 0, 1, 3]


@pytest.mark.parametrize("side", [8, 96, 288])
def test_a_mask_is_full_on_the_face_and_empty_at_the_border(side: int) -> None:
    mask = head_mask(PLACES * side, side)
    assert mask.shape == (side, side)
    assert mask[[0, -1]].max() == mask[:, [0, -1]].max() == 0
    for x, y in PLACES * side:
        assert mask[round(y), round(x)] > 0.95
    assert np.abs(np.diff(mask, axis=0)).max() < 20 / side


def test_tiles_give_what_the_whole_gives() -> None:
    rgb = np.random.default_rng(1).integers(0, 255, (150, 330, 3)).astype(np.uint8)
    sizes = []

    def draw(tile: np.ndarray) -> np.ndarray:
        sizes.append(max(tile.shape))
        return 255 - tile

    np.testing.assert_array_equal(draw_in_tiles(rgb, draw, side=100, overlap=20), 255 - rgb)
    assert max(sizes) <= 100


@pytest.mark.parametrize(("length", "side"), [(101, 100), (330, 100), (1000, 100), (99, 100)])
def test_spans_cover_and_overlap(length: int, side: int) -> None:
    found = list(spans(length, side, 20))
    assert found[0].start == 0
    assert found[-1].stop == length
    assert all(span.stop - span.start <= side for span in found)
    assert all(one.stop - two.start >= 20 for one, two in pairwise(found))


def test_detail_comes_back_only_where_the_drawing_follows_the_photo() -> None:
    # given a photo with stripes too fine for the small one, whose left half the drawing follows
    photo = np.full((128, 256, 3), 120, np.uint8)
    photo[:, ::2] += 40
    photo[::16] = 60
    small = photo.reshape(32, 4, 64, 4, 3).mean(axis=(1, 3)).astype(np.uint8)
    drawn = small.copy()
    drawn[:, 32:] = 200
    plain = bring_up(photo, small, drawn, 0.0)
    full = bring_up(photo, small, drawn, 1.0)
    swing = [
        float(np.abs(np.diff(each[65:75].astype(int), axis=1)).mean())
        for each in (plain[:, 20:100], full[:, 20:100])
    ]
    assert swing[1] > swing[0] + 15
    np.testing.assert_array_equal(full[:, 180:], plain[:, 180:])


def test_wishes_are_read() -> None:
    assert read_wishes("all", STYLES).of(7) == Wish()
    assert read_wishes("off", STYLES).of(1) is None
    wishes = read_wishes("1, 3=anime@0.5", STYLES)
    assert wishes.of(1) == Wish()
    assert wishes.of(2) is None
    assert wishes.of(3) == Wish("anime", 0.5)
    mixed = read_wishes("all,2=3d", STYLES)
    assert mixed.of(1) == Wish()
    assert mixed.of(2) == Wish("3d")


@pytest.mark.parametrize("text", ["", "0", "one", "1=cubism", "1@2", "1,,2", "-1", "all;off"])
def test_other_wishes_are_refused(text: str) -> None:
    with pytest.raises(InvalidOption):
        read_wishes(text, STYLES)


def test_a_sheet_holds_every_picture() -> None:
    pictures = {
        name: np.full((40, 60, 3), shade, np.uint8) for name, shade in (("a", 10), ("b", 90), ("c", 170))
    }
    sheet = draw_sheet(pictures, columns=2)
    for shade in (10, 90, 170):
        assert (sheet == shade).all(axis=2).sum() >= 40 * 60
