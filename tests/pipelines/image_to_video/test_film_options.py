"""What can be asked for, and what is refused with a hint."""

from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction
from typing import Any

import pytest

from pipelines.errors import InvalidOption
from pipelines.image_to_video.film_options import VideoOptions
from pipelines.image_to_video.film_size import EVEN_NOTE, SHAPE_NOTE, find_size
from pipelines.image_to_video.rate import read_rate


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("25", Fraction(25)),
        ("23.976", Fraction(24000, 1001)),
        ("23.98", Fraction(24000, 1001)),
        ("29.97", Fraction(30000, 1001)),
        ("59.94", Fraction(60000, 1001)),
        ("30000/1001", Fraction(30000, 1001)),
        (" 12.5 ", Fraction(25, 2)),
        ("120", Fraction(120)),
    ],
)
def test_rates_are_exact(text: str, rate: Fraction) -> None:
    assert read_rate(text) == rate


@pytest.mark.parametrize(
    "text", ["0", "1000", "-25", "25/0", "", "fast", "nan", "1e999999999", "0/1", "２５"]
)
def test_other_rates_are_refused(text: str) -> None:
    with pytest.raises(InvalidOption) as failed:
        VideoOptions.parse({"fps": text})
    assert "30000/1001" in failed.value.hint


@pytest.mark.parametrize(
    "wrong",
    [
        {"duration": "0"},
        {"duration": "-1"},
        {"duration": "nan"},
        {"durations": "3,0"},
        {"durations": "3,x"},
        {"motion": "teleport"},
        {"motions": "zoom-in,teleport"},
        {"transition": "explode"},
        {"transition_seconds": "11"},
        {"background": "red"},
        {"background": "#12345"},
        {"width": "5000"},
        {"format": "avi"},
        {"format": "gif", "fps": "60"},
        {"music_volume": "-1"},
        {"speed": "2"},
    ],
    ids=str,
)
def test_wrong_wishes_are_refused_with_a_hint(wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidOption) as failed:
        VideoOptions.parse(wrong)
    assert failed.value.hint


def test_lists_are_taken_in_turn() -> None:
    options = VideoOptions(durations="3, 1.5", motions="zoom-in,pan-left", duration=9)
    assert [options.seconds_of(number) for number in range(3)] == [3, Fraction(3, 2), 3]
    assert [options.motion_of(number) for number in range(3)] == ["zoom-in", "pan-left", "zoom-in"]
    plain = VideoOptions(duration=5.1, motion="still")
    assert (plain.seconds_of(4), plain.motion_of(4)) == (Fraction(51, 10), "still")


def test_only_the_ends_of_a_film_fade() -> None:
    options = VideoOptions(fade_in=0.2, fade_out=0.3)
    ends = ((True, False), (False, False), (False, True))
    parts = [options.for_picture(3, first=first, last=last) for first, last in ends]
    assert [(each.fade_in, each.fade_out) for each in parts] == [(0.2, 0.0), (0.0, 0.0), (0.0, 0.3)]
    assert options.for_picture(0, first=True, last=True) == options


def test_settings_of_a_run_make_the_same_options_again() -> None:
    options = VideoOptions(duration=2, fps="30000/1001", music_loop=False, motions="still")
    assert VideoOptions.parse(asdict(options)) == options


@pytest.mark.parametrize(
    ("wishes", "picture", "size"),
    [
        ({}, (4000, 3000), (1440, 1080)),
        ({}, (300, 200), (300, 200)),
        ({}, (3000, 4000), (1080, 1440)),
        ({"aspect": "16:9"}, (300, 200), (1920, 1080)),
        ({"aspect": "9:16"}, (300, 200), (1080, 1920)),
        ({"aspect": "1:1"}, (300, 200), (1080, 1080)),
        ({"aspect": "16:9", "height": 720}, (300, 200), (1280, 720)),
        ({"width": 640}, (4000, 3000), (640, 480)),
        ({"width": 640, "height": 640}, (4000, 3000), (640, 640)),
        ({}, (9, 9), (16, 16)),
    ],
    ids=str,
)
def test_sizes(wishes: dict[str, Any], picture: tuple[int, int], size: tuple[int, int]) -> None:
    assert find_size(VideoOptions(**wishes), picture, side=1080, even=True) == (size, [])


def test_odd_sizes_become_even_where_they_must_and_it_is_said() -> None:
    options = VideoOptions(width=641, height=361)
    assert find_size(options, (9, 9), side=1080, even=True) == ((642, 362), [EVEN_NOTE.format(642, 362)])
    assert find_size(options, (9, 9), side=1080, even=False) == ((641, 361), [])


def test_a_panorama_is_shown_part_by_part() -> None:
    size, notes = find_size(VideoOptions(), (20000, 500), side=1080, even=True)
    assert size == (1168, 500)
    assert notes == [SHAPE_NOTE]


@pytest.mark.parametrize("wishes", [{"width": 2, "height": 2}, {"width": 8, "aspect": "1:1"}])
def test_tiny_films_are_refused(wishes: dict[str, Any]) -> None:
    with pytest.raises(InvalidOption):
        find_size(VideoOptions(**wishes), (100, 100), side=1080, even=True)
