"""Which frame is shown when, at another rate or speed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from pipelines.errors import InvalidOption
from pipelines.image_to_video.changes import Changes
from pipelines.image_to_video.interpolators import BlendedPair
from pipelines.image_to_video.retiming import Timing, retime
from pipelines.image_to_video.slow_options import SlowOptions
from pipelines.video import Frame
from tests.pipelines.image_to_video.test_interpolation import crop, draw_wall

RATES = [
    Fraction(24000, 1001),
    Fraction(25),
    Fraction(30000, 1001),
    Fraction(30),
    Fraction(50),
    Fraction(60000, 1001),
]


def grey(level: float) -> np.ndarray:
    return np.full((36, 64, 3), round(level), np.uint8)


def film(levels: Sequence[float], times: Sequence[float], last: float = 0.0) -> list[Frame]:
    return [
        Frame(grey(level), time, last if number == len(levels) - 1 else 0.0)
        for number, (level, time) in enumerate(zip(levels, times, strict=True))
    ]


def levels_of(frames: Sequence[Frame], rate: int, timing: Timing) -> list[int]:
    return [int(rgb[0, 0, 0]) for rgb in retime(frames, Fraction(rate), timing, BlendedPair)]


def test_twice_the_rate_draws_one_between_each_two() -> None:
    frames = film([0, 10, 20], [0, 0.1, 0.2])
    assert levels_of(frames, 10, Timing(Fraction(20))) == [0, 5, 10, 15, 20, 20]


def test_slow_motion_draws_more_of_them() -> None:
    frames = film([0, 12], [0, 0.1])
    assert levels_of(frames, 10, Timing(Fraction(10), Fraction(3))) == [0, 4, 8, 12, 12, 12]


def test_a_lower_rate_draws_too() -> None:
    frames = film([0, 10, 20, 30], [0, 0.1, 0.2, 0.3])
    assert levels_of(frames, 10, Timing(Fraction(20, 3))) == [0, 15, 30]


def test_uneven_frames_are_met_at_their_own_times() -> None:
    """Given frames at 0, 0.1, 0.3 and 0.4 s, what moves evenly goes on moving evenly."""
    frames = film([0, 4, 12, 16], [0, 0.1, 0.3, 0.4])
    assert levels_of(frames, 10, Timing(Fraction(20)))[:9] == list(range(0, 18, 2))


def test_rounded_times_are_the_even_ones() -> None:
    rate, times = Fraction(30000, 1001), [round(number * 1001 / 30) / 1000 for number in range(20)]
    frames = film(range(0, 40, 2), times)
    drawn = [int(rgb[0, 0, 0]) for rgb in retime(frames, rate, Timing(rate), BlendedPair)]
    assert drawn == list(range(0, 40, 2))


def test_a_frame_that_is_held_does_not_creep_into_the_next() -> None:
    frames = film([0, 10], [0, 2.0])
    drawn = levels_of(frames, 10, Timing(Fraction(20)))
    assert drawn == [0] * 39 + [5, 10, 10]


def test_the_last_frame_is_shown_as_long_as_it_was() -> None:
    assert len(levels_of(film([0], [0], last=1.0), 10, Timing(Fraction(10)))) == 10


@pytest.mark.parametrize(("rate", "target"), [*zip(RATES, RATES[1:] + RATES[:1], strict=True)])
@pytest.mark.parametrize("seconds", [1, 61])
def test_the_length_is_right_to_one_frame(rate: Fraction, target: Fraction, seconds: int) -> None:
    count, shown, timing = round(seconds * rate), grey(0), Timing(target, Fraction(3, 2))
    source = (Frame(shown, float(number / rate)) for number in range(count))
    made = sum(1 for _ in retime(source, rate, timing, BlendedPair))
    assert abs(made / target - count / rate * timing.slow) <= 1 / target


def test_cuts_stay_cuts() -> None:
    one, two = draw_wall(seed=1) // 3, 255 - draw_wall(seed=2) // 3
    frames = [Frame(one, 0.0), Frame(one, 0.1), Frame(two, 0.2), Frame(two, 0.3)]
    drawn = list(retime(frames, Fraction(10), Timing(Fraction(40)), BlendedPair))
    for rgb in drawn:
        assert any(np.array_equal(rgb, each) for each in (one, two))
    assert sum(np.array_equal(rgb, one) for rgb in drawn) == 8


def dissolve(steps: int = 8) -> list[np.ndarray]:
    one, two = draw_wall(seed=1).astype(float), draw_wall(seed=2).astype(float)
    return [
        np.rint(one + (two - one) * min(1, max(0, n - 2) / steps)).astype(np.uint8) for n in range(steps + 4)
    ]


def test_fades_are_told_from_motion() -> None:
    seen = Changes()
    assert [seen.look(rgb) for rgb in dissolve()][4:10] == ["fade"] * 6
    wall, seen = draw_wall(160, 400), Changes()
    assert "fade" not in [seen.look(crop(wall, 6 * number)) for number in range(20)]


def test_fades_are_mixed_and_not_moved() -> None:
    frames = dissolve()

    def refuse(first: np.ndarray, second: np.ndarray) -> BlendedPair:
        raise AssertionError("a fade was looked at as motion")

    still, fading = frames[:2], frames[2:10]
    source = [Frame(rgb, number / 10) for number, rgb in enumerate(fading)]
    with pytest.raises(AssertionError):  # its first step could be motion still
        list(retime(source, Fraction(10), Timing(Fraction(20)), refuse))
    seen, opened = [], []

    def note(first: np.ndarray, second: np.ndarray) -> BlendedPair:
        opened.append(first)
        return BlendedPair(first, second)

    source = [Frame(rgb, number / 10) for number, rgb in enumerate([*still, *fading])]
    seen = list(retime(source, Fraction(10), Timing(Fraction(20)), note))
    assert len(seen) == 2 * len(source)
    assert len(opened) == 3


def test_time_goes_on_evenly() -> None:
    frames = film(range(0, 100, 5), [number / 10 for number in range(20)])
    drawn = levels_of(frames, 10, Timing(Fraction(50)))
    assert all(step in (0, 1) for step in (b - a for a, b in pairwise(drawn)))


@pytest.mark.parametrize(
    "given", [{"times": "0"}, {"slow": "0"}, {"rate": "1000"}, {"rate": "0"}, {"net": "magic"}]
)
def test_impossible_wishes_are_refused(given: dict[str, str]) -> None:
    with pytest.raises(InvalidOption):
        SlowOptions.parse(given)


def test_more_frames_than_can_be_shown_are_refused() -> None:
    with pytest.raises(InvalidOption, match="too many"):
        SlowOptions(times=16).timing(Fraction(60))
