from __future__ import annotations

import numpy as np
import pytest

from benchmarks.flicker import Measured, Rgb, average
from benchmarks.live_smoothing import compare, measure_smoothing
from benchmarks.synthetic import SyntheticScene

FRAMES = 14


class Same:
    multiple = 8

    def draw(self, rgb: Rgb) -> Rgb:
        return rgb.copy()


@pytest.fixture(scope="module")
def camera() -> list[Rgb]:
    scene = SyntheticScene((192, 144), noise=3, speed=4)
    return [scene.frame(number) for number in range(FRAMES)]


@pytest.fixture(scope="module")
def measured(camera: list[Rgb]) -> Measured:
    return Measured(camera, camera)


def test_a_film_that_moves_without_noise_hardly_flickers(camera: list[Rgb], measured: Measured) -> None:
    scene = SyntheticScene((192, 144), noise=0, speed=4)
    clean = [scene.clean(number) for number in range(FRAMES)]
    assert measured.measure(clean)["flicker"] < 0.4 * measured.measure(camera)["flicker"]


def test_a_moving_average_flickers_less_and_trails(camera: list[Rgb], measured: Measured) -> None:
    plain, averaged = measured.measure(camera), measured.measure(average(camera, 0.7))
    assert averaged["flicker"] < 0.7 * plain["flicker"]
    assert averaged["ghosting"] > 1.3 * plain["ghosting"]


def test_a_trail_behind_what_moves_counts(camera: list[Rgb], measured: Measured) -> None:
    # given every frame mixed with the one two before it
    trailing = [
        (0.6 * each + 0.4 * camera[max(0, number - 2)]).astype(np.uint8) for number, each in enumerate(camera)
    ]
    assert measured.measure(trailing)["ghosting"] > 1.3 * measured.measure(camera)["ghosting"]


def test_ways_are_compared_with_none(camera: list[Rgb]) -> None:
    found = compare({"clip": measure_smoothing(camera, Same())})
    assert found["off"]["flicker"] == found["off"]["ghosting"] == 0
    assert found["strong"]["flicker"] < found["light"]["flicker"] < -0.2
    assert found["strong"]["ghosting"] < 0.1
    assert found["strong"]["ms"] > 0
