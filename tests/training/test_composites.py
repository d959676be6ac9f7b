"""Composites: exact arithmetic, the right matte, people cut only at the frame's border."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.training.samples import BACK, FRONT, make_label, write_sources
from training.backgrounds import fill_person
from training.composites import carry, compose, draw_composite, draw_photo, draw_sample
from training.placing import FOOT, Cut, can_trim, find_cuts, place, trim
from training.torsos import add_torso


def test_a_composite_is_alpha_times_front_plus_the_rest_of_the_back() -> None:
    front, back = np.full((1, 3, 3), 200, np.float32), np.full((1, 3, 3), 100, np.float32)
    composed = compose(front, np.array([[0, 0.25, 1]], np.float32), back)
    assert composed[0, :, 0].tolist() == [100, 125, 200]


def test_an_upright_photo_of_the_frame_s_size_is_carried_over_unchanged() -> None:
    label = make_label(64)
    assert np.array_equal(carry(label[..., :3], np.eye(2, 3), 64), label[..., :3])


@pytest.mark.parametrize("people", [0, 1, 3])
def test_a_composite_has_a_matte_where_people_are(tmp_path: Path, people: int) -> None:
    sample = draw_composite(write_sources(tmp_path), people, 64, np.random.default_rng(4))
    assert sample.rgb.shape == (64, 64, 3) and sample.alpha.shape == sample.contrast.shape == (64, 64)
    assert bool(sample.alpha.any()) == (people > 0)
    assert not sample.contrast[sample.alpha == 0].any()


def test_a_photo_s_matte_stays_on_the_person() -> None:
    # given photos whose person and background differ by far in colour, drawn a few times
    for seed in range(5):
        sample = draw_photo(make_label(), 64, np.random.default_rng(seed))
        inside, outside = sample.rgb[sample.alpha > 250], sample.rgb[sample.alpha < 5]
        # then warm pixels are inside and cold ones outside, whatever light and noise did (or all are grey)
        if len(inside) and len(outside) and np.ptp(inside.mean(axis=0)) > 20:
            assert (inside.mean(axis=0) - outside.mean(axis=0)) @ np.subtract(FRONT, BACK) > 0


def test_the_same_number_draws_the_same_sample(tmp_path: Path) -> None:
    sources = write_sources(tmp_path)
    one, two = (draw_sample(sources, 64, np.random.default_rng((1, 9))) for _ in range(2))
    assert np.array_equal(one.rgb, two.rgb) and np.array_equal(one.alpha, two.alpha)


def test_cuts_are_the_sides_that_the_person_reaches() -> None:
    alpha = np.zeros((40, 40), np.uint8)
    alpha[10:, 15:] = 255
    assert find_cuts(alpha) == Cut(left=False, right=True, top=False, bottom=True)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(
    "cut", [FOOT, Cut(True, False, False, True), Cut(True, True, False, True), Cut(True, True, True, True)]
)
def test_sides_where_the_photo_cuts_lie_at_the_frame_s_border_or_beyond(cut: Cut, seed: int) -> None:
    # given a photo of 90 x 120 that is placed in a frame of 64
    matrix = place((120, 90), cut, 64, np.random.default_rng(seed))
    corners = matrix @ np.array([[0, 90, 0, 90], [0, 0, 120, 120], [1, 1, 1, 1]])
    ends = {
        "left": corners[0, [0, 2]],
        "right": corners[0, [1, 3]],
        "top": corners[1, :2],
        "bottom": corners[1, 2:],
    }
    if matrix[0, 0] < 0:
        ends["left"], ends["right"] = 64 - ends["left"], 64 - ends["right"]
    # then both ends of each cut side are at the frame's border or outside
    assert not cut.left or ends["left"].max() <= 0.01
    assert not cut.right or ends["right"].min() >= 63.99
    assert not cut.top or ends["top"].max() <= 0.01
    assert not cut.bottom or ends["bottom"].min() >= 63.99


def test_a_trim_leaves_nothing_at_top_and_sides_and_the_foot_whole() -> None:
    alpha = np.zeros((100, 100), np.uint8)
    alpha[:, 10:90] = 255
    trimmed = trim(alpha, np.random.default_rng(0))
    assert not trimmed[0].any() and not trimmed[:, [0, -1]].any()
    assert trimmed[-1, 20:80].min() == 255
    assert can_trim(trimmed) and not can_trim(alpha)


def test_what_is_behind_a_person_is_filled_from_around() -> None:
    label = make_label()
    filled = fill_person(label[..., :3], label[..., 3])
    assert np.abs(filled.astype(int) - BACK).max() <= 2


def test_a_body_hangs_on_under_the_head_and_leaves_the_head_alone() -> None:
    # given a head that the photo's foot cuts
    label = make_label(96)[:70]
    for seed in range(10):
        taller = add_torso(label, np.random.default_rng(seed))
        beside = (taller.shape[1] - 96) // 2
        # then every row below the foot has some of the person, and the head's own pixels are as they were
        assert taller.shape[0] > 90 and (taller[70:, :, 3].max(axis=1) == 255).all()
        inside = label[..., 3] == 255
        assert np.array_equal(taller[:70, beside : beside + 96][inside][:, 3:], label[inside][:, 3:])
