"""One picture becomes the next: from exactly the first to exactly the second."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipelines.image_to_video.morph import open_lead
from pipelines.image_to_video.transitions import TRANSITIONS, draw_grain

SIZE = (96, 64)


def blob(x: int, colour: tuple[int, int, int]) -> np.ndarray:
    """A soft disc on a dark field."""
    rgb = np.full((SIZE[1], SIZE[0], 3), 40, np.uint8)
    cv2.circle(rgb, (x, 32), 14, colour, -1)
    return cv2.GaussianBlur(rgb, (0, 0), 2)


def nothing(pixels: np.ndarray) -> None:
    """Finds no places in common."""


FIRST, SECOND = blob(40, (220, 200, 60)), blob(50, (220, 200, 60))


@pytest.mark.parametrize("name", TRANSITIONS)
@pytest.mark.parametrize("channels", [3, 4])
def test_it_begins_with_the_first_and_ends_with_the_second(name: str, channels: int) -> None:
    opaque = np.full(FIRST.shape[:2], 255, np.uint8)
    one, two = (each if channels == 3 else np.dstack([each, opaque]) for each in (FIRST, SECOND))
    draw = TRANSITIONS[name](one, two, nothing)
    for at, wanted in ((0.0, one), (1.0, two)):
        np.testing.assert_allclose(draw(one, two, at).astype(int), wanted, atol=1)
    middle = draw(one, two, 0.5)
    assert (middle.shape, middle.dtype) == (one.shape, np.uint8)


@pytest.mark.parametrize("name", [name for name in TRANSITIONS if name not in ("cut", "morph")])
def test_the_second_comes_steadily(name: str) -> None:
    black, white = np.zeros((64, 96, 3), np.uint8), np.full((64, 96, 3), 255, np.uint8)
    draw = TRANSITIONS[name](black, white, nothing)
    means = [float(draw(black, white, at).mean()) / 255 for at in np.linspace(0, 1, 9)]
    assert (np.diff(means) > 0).all()
    assert means[4] == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize(
    ("name", "new"),
    [
        ("wipe-left", np.s_[:, -1]),
        ("wipe-right", np.s_[:, 0]),
        ("wipe-up", np.s_[-1]),
        ("wipe-down", np.s_[0]),
    ],
)
def test_wipes_come_from_their_side(name: str, new: tuple[slice, int]) -> None:
    black, white = np.zeros((64, 96, 3), np.uint8), np.full((64, 96, 3), 255, np.uint8)
    frame = TRANSITIONS[name](black, white, nothing)(black, white, 0.5)
    assert (frame[new] == 255).all()
    assert 0.4 < (frame == 255).mean() < 0.5


def test_a_morph_moves_what_both_show() -> None:
    middle = TRANSITIONS["morph"](FIRST, SECOND, nothing)(FIRST, SECOND, 0.5)
    faded = TRANSITIONS["cross-fade"](FIRST, SECOND, nothing)(FIRST, SECOND, 0.5)
    moved = blob(45, (220, 200, 60)).astype(int)
    errors = [np.abs(frame.astype(int) - moved).mean() for frame in (middle, faded)]
    assert errors[0] < 0.6 * errors[1]


def test_a_morph_of_nothing_in_common_stays_calm() -> None:
    random = np.random.default_rng(3)
    one, two = (random.integers(0, 255, (64, 96, 3), np.uint8) for _ in range(2))
    quarter = TRANSITIONS["morph"](one, two, nothing)(one, two, 0.1)
    assert (
        np.corrcoef(cv2.GaussianBlur(quarter, (0, 0), 3).ravel(), cv2.GaussianBlur(one, (0, 0), 3).ravel())[
            0, 1
        ]
        > 0.7
    )


def test_see_through_pictures_mix_by_what_is_seen_of_them() -> None:
    one = np.full((8, 8, 4), (200, 0, 0, 255), np.uint8)
    two = np.full((8, 8, 4), (0, 0, 250, 0), np.uint8)
    frame = TRANSITIONS["cross-fade"](one, two, nothing)(one, two, 0.5)
    assert tuple(int(value) for value in frame[4, 4]) == (200, 0, 0, 128)


def test_grain_is_even_and_the_same_each_time() -> None:
    grain = draw_grain((120, 80))
    np.testing.assert_array_equal(grain, draw_grain((120, 80)))
    assert np.histogram(grain, 10, (0, 1))[0].std() < 2


def test_a_morph_takes_the_points_of_a_face_to_those_of_the_other() -> None:
    points = np.array([[30, 20], [50, 22], [40, 30], [33, 40], [48, 41]], np.float64)
    others = np.array([[45, 25], [70, 20], [60, 34], [50, 46], [69, 44]], np.float64)
    lead = open_lead((96, 64), 1.0, points, others)
    for way in (0.0, 0.3, 1.0):
        to_first, to_second = lead(way)
        for one, two in zip(points, others, strict=True):
            x, y = np.rint((1 - way) * one + way * two).astype(int)
            np.testing.assert_allclose(to_first[y, x] + (x, y), one, atol=1.5)
            np.testing.assert_allclose(to_second[y, x] + (x, y), two, atol=1.5)
    still, _ = open_lead((96, 64), 1.0, points, None)(0.4)
    assert not still.any()
