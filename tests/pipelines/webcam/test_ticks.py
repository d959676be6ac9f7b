"""A steady rate whatever happens."""

from __future__ import annotations

from pipelines.webcam.ticks import Ticks


def count(ticks: Ticks, now: float) -> int:
    taken = 0
    while ticks.take(now):
        taken += 1
    return taken


def test_the_rate_is_exact_over_time() -> None:
    ticks = Ticks(15, 100.0)

    taken = sum(count(ticks, 100.0 + step * 0.007) for step in range(10_000))

    assert abs(taken - 69.993 * 15) <= 1
    assert ticks.skipped == 0


def test_a_short_delay_is_made_up_for() -> None:
    ticks = Ticks(20, 0.0)
    assert count(ticks, 0.0) == 1

    assert count(ticks, 0.5) == 10
    assert ticks.skipped == 0


def test_a_long_delay_is_let_go() -> None:
    ticks = Ticks(20, 0.0)
    count(ticks, 0.0)

    assert count(ticks, 30.0) == 1
    assert ticks.skipped == 599
    assert count(ticks, 30.05) == 1


def test_the_wait_ends_when_the_next_is_due() -> None:
    ticks = Ticks(10, 5.0)
    count(ticks, 5.03)

    assert abs(ticks.wait(5.03) - 0.07) < 1e-9
    assert ticks.wait(9.0) == 0.0
