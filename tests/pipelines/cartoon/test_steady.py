"""Noise goes where a film stands still; what moves and what grows lighter stays as it is."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from pipelines.cartoon.steady import Steady
from tests.pipelines.cartoon.drawings import pattern

SIGMA = 2.0


def add_noise(rgb: np.ndarray, number: int, sigma: float = SIGMA) -> np.ndarray:
    noise = np.random.default_rng(number).normal(0, sigma, rgb.shape)
    return np.clip(np.rint(rgb + noise), 0, 255).astype(np.uint8)


def change(frames: list[np.ndarray]) -> float:
    pairs = itertools.pairwise(frames)
    return float(np.mean([np.abs(b.astype(int) - a).mean() for a, b in pairs]))


@pytest.mark.parametrize("sigma", [1.0, 2.0, 5.0])
def test_a_still_film_stands_still(sigma: float) -> None:
    photo, steady = pattern(1, 120, 160), Steady()
    frames = [add_noise(photo, number, sigma) for number in range(30)]
    smooth = [steady.smooth(rgb) for rgb in frames]
    assert change(smooth) < 0.3 * change(frames)
    assert np.abs(smooth[-1].astype(int) - photo).mean() < 0.5 * np.abs(frames[-1].astype(int) - photo).mean()


def test_the_first_frame_comes_as_it_is() -> None:
    photo = pattern(1, 50, 70)
    np.testing.assert_array_equal(Steady().smooth(photo), photo)


def test_what_moves_leaves_no_ghost() -> None:
    wall, steady = pattern(2, 120, 240), Steady()
    for number in range(30):
        scene = wall.copy()
        scene[40:80, 5 * number : 5 * number + 40] = pattern(3, 40, 40)
        smooth = steady.smooth(add_noise(scene, number))
    error = np.abs(smooth.astype(int) - scene).mean(axis=2)
    assert error[:, :145].mean() < 1.7  # where it passed
    assert error[40:80, 145:185].mean() < 1.8  # where it is
    assert (error > 12).mean() < 0.001


def test_light_that_changes_is_followed() -> None:
    photo, steady = pattern(4, 80, 100).astype(float) * 0.5, Steady()
    for number in range(40):
        scene = photo + 1.5 * number
        smooth = steady.smooth(add_noise(scene, number))
    assert abs(float((smooth - scene).mean())) < 3


def test_black_bars_do_not_hide_the_noise() -> None:
    photo, steady = pattern(5, 120, 160), Steady()
    photo[:50], photo[-50:] = 0, 0
    frames = [add_noise(photo, number) for number in range(20)]
    for rgb in frames:
        rgb[:50], rgb[-50:] = 0, 0
    smooth = [steady.smooth(rgb)[50:-50] for rgb in frames]
    assert change(smooth[5:]) < 0.3 * change([rgb[50:-50] for rgb in frames[5:]])


def test_nothing_of_the_shot_before_a_cut_is_left() -> None:
    steady = Steady()
    for number in range(5):
        steady.smooth(add_noise(pattern(1, 60, 80), number))
    steady.begin()
    after = pattern(6, 60, 80)
    np.testing.assert_array_equal(steady.smooth(after), after)


@pytest.mark.parametrize("size", [(1, 1), (7, 5), (9, 200)])
def test_tiny_frames_pass(size: tuple[int, int]) -> None:
    steady, photo = Steady(), np.full((*size, 3), 90, np.uint8)
    for _ in range(3):
        np.testing.assert_array_equal(steady.smooth(photo), photo)
