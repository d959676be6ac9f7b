"""When pictures are seen: lengths right to the frame, transitions over their cuts."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from pipelines.image_to_video.timeline import Span, plan

RATES = [Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001), Fraction(30), Fraction(50)]
RATES += [Fraction(60000, 1001)]


@pytest.mark.parametrize("rate", RATES, ids=str)
@pytest.mark.parametrize("seconds", [1, 61, 600])
def test_a_film_is_as_long_as_asked_to_half_a_frame(rate: Fraction, seconds: int) -> None:
    one = plan([Fraction(seconds)], Fraction(0), rate)
    assert abs(one.seconds - seconds) <= 1 / rate / 2
    many = plan([Fraction(seconds, 7)] * 7, Fraction(1, 2), rate)
    assert abs(many.seconds - seconds) <= 1 / rate / 2


def test_errors_of_500_pictures_do_not_add_up() -> None:
    film = plan([Fraction(13, 10)] * 500, Fraction(1), Fraction(30000, 1001))
    assert abs(film.seconds - 650) <= Fraction(1001, 60000)


def test_a_transition_takes_half_its_time_from_each() -> None:
    film = plan([Fraction(2), Fraction(3)], Fraction(1), Fraction(10))
    assert film.spans == (Span(0, 25, 0, 10), Span(15, 50, 10, 0))
    assert film.frames == 50
    shares = [film.fade(0, frame) for frame in range(15, 25)]
    np.testing.assert_allclose(shares, np.arange(0.05, 1, 0.1))


def test_transitions_never_meet() -> None:
    random = np.random.default_rng(1)
    for _ in range(500):
        seconds = [Fraction(int(random.integers(1, 60)), 20) for _ in range(int(random.integers(1, 8)))]
        film = plan(seconds, Fraction(int(random.integers(0, 40)), 10), Fraction(25))
        pairs = list(zip(film.spans, film.spans[1:], strict=False))
        assert all(one.end - two.start == one.go == two.come for one, two in pairs)
        assert all(span.come + span.go <= span.frames for span in film.spans)
        assert (film.spans[0].start, film.spans[-1].end) == (0, film.frames)


def test_a_short_picture_shortens_its_transitions_and_says_so() -> None:
    film = plan([Fraction(3), Fraction(2, 10), Fraction(3)], Fraction(1), Fraction(25))
    assert film.spans[1].frames <= 10
    assert "0.20 s" in film.notes[0]
    assert plan([Fraction(3)] * 3, Fraction(1), Fraction(25)).notes == ()


def test_every_picture_has_a_frame() -> None:
    assert plan([Fraction(1, 1000)] * 4, Fraction(1), Fraction(25)).frames == 4


def test_a_closed_movement_does_not_show_its_start_twice() -> None:
    span = Span(10, 20)
    assert [span.share(frame, closed=True) for frame in (10, 19)] == [0.0, 0.9]
    assert [span.share(frame, closed=False) for frame in (10, 19)] == [0.0, 1.0]
    assert Span(3, 4).share(3, closed=False) == 0.0
