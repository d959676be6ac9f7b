from __future__ import annotations

import pytest

from weights.hub.progress import Meter, ModelState, describe


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def feed(meter: Meter, clock: Clock, seconds: float, rate: float, start: int = 0) -> int:
    """Let bytes arrive ten times a second; returns how many there are at the end."""
    for step in range(int(seconds * 10) + 1):
        clock.now += 0.1 if step else 0.0
        meter.note(start + int(step * rate / 10))
    return start + int(seconds * rate)


def test_speed_is_that_of_the_last_seconds() -> None:
    clock = Clock()
    meter = Meter(clock)
    done = feed(meter, clock, 20, 1_000_000)
    assert meter.speed() == pytest.approx(1_000_000, rel=0.02)
    feed(meter, clock, 6, 100_000, done)
    assert meter.speed() == pytest.approx(100_000, rel=0.05)


def test_bytes_of_an_earlier_run_are_not_speed() -> None:
    clock = Clock()
    meter = Meter(clock)
    feed(meter, clock, 2, 1000, start=500_000_000)
    assert meter.speed() == pytest.approx(1000, rel=0.1)


def test_speed_sinks_while_nothing_arrives() -> None:
    clock = Clock()
    meter = Meter(clock)
    done = feed(meter, clock, 5, 1_000_000)
    feed(meter, clock, 6, 0, done)
    assert meter.speed() == 0


def test_a_start_anew_is_never_a_negative_speed() -> None:
    clock = Clock()
    meter = Meter(clock)
    feed(meter, clock, 3, 1_000_000)
    meter.note(0)
    assert meter.speed() == 0


@pytest.mark.parametrize(
    ("state", "line"),
    [
        (
            ModelState("modnet", "downloading", 11_100_000, 25_900_000, 5_100_000, 2.9),
            "modnet               43%  11.1 MB of 25.9 MB  5.1 MB/s  3 s left",
        ),
        (ModelState("modnet", "downloading"), "modnet              asking the hub"),
        (ModelState("u2netp", "builtin", on_disk=4_574_861), "u2netp              builtin  4.6 MB"),
        (
            ModelState("birefnet", "ready", on_disk=1_500_000_000),
            "birefnet            ready  1.50 GB",
        ),
        (
            ModelState("modnet", "failed", error="It broke.", hint="Mend it."),
            "modnet              failed  It broke. Mend it.",
        ),
    ],
)
def test_one_line_for_a_terminal(state: ModelState, line: str) -> None:
    assert describe(state) == line
