from __future__ import annotations

import json

import pytest

from pipelines.webcam.telemetry import Stats, Telemetry, find_limit, grade


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def telemetry(clock: Clock) -> Telemetry:
    return Telemetry(clock)


def test_rates_and_spreads_are_those_of_the_last_seconds(telemetry: Telemetry, clock: Clock) -> None:
    # given ten seconds at 10 frames/s, then five at 25
    for step, count, server in ((0.1, 100, 200.0), (0.04, 125, 40.0)):
        for _ in range(count):
            clock.now += step
            telemetry.arrived()
            telemetry.took("draw", 0.03)
            telemetry.delivered(server, 5000)
            telemetry.seen(2 * server)
    facts = telemetry.facts()
    # then the first ten are forgotten, but for the counts
    assert facts["fps"] == pytest.approx(25)
    assert facts["source_fps"] == pytest.approx(25)
    assert facts["grade"] == "A"
    assert (facts["server_p50_ms"], facts["server_p95_ms"]) == (40, 40)
    assert facts["age_p95_ms"] == 80
    assert facts["stages"] == {"draw": pytest.approx(30)}
    assert facts["kbit_s"] == pytest.approx(1000)
    assert facts["delivered"] == facts["received"] == 225
    assert facts["seconds"] == pytest.approx(15)


def test_jitter_is_how_far_intervals_stray(telemetry: Telemetry, clock: Clock) -> None:
    for step in (0.05, 0.05, 0.05, 0.05, 0.09):
        clock.now += step
        telemetry.delivered(1, 1)
    assert telemetry.facts()["jitter_ms"] == pytest.approx(10)


def test_a_stream_that_stops_falls_to_nothing(telemetry: Telemetry, clock: Clock) -> None:
    for _ in range(30):
        clock.now += 0.05
        telemetry.delivered(1, 1)
    assert telemetry.facts()["fps"] == pytest.approx(20)
    clock.now += 1.4
    assert 5 < telemetry.facts()["fps"] < 15
    clock.now += 10
    facts = telemetry.facts()
    assert (facts["fps"], facts["grade"], facts["server_p50_ms"]) == (0, "D", None)


def test_drops_are_counted_by_place(telemetry: Telemetry) -> None:
    for place in ("arrival", "arrival", "unreadable"):
        telemetry.dropped(place)
    assert telemetry.facts()["drops"] == {"arrival": 2, "unreadable": 1}


@pytest.mark.parametrize(
    ("fps", "wanted"), [(60, "A+"), (29.96, "A+"), (29.9, "A"), (20, "A"), (15, "B"), (10, "C"), (9.9, "D")]
)
def test_grades_are_the_fields(fps: float, wanted: str) -> None:
    assert grade(fps) == wanted


def test_what_holds_the_rate_down_is_named() -> None:
    assert find_limit({}) == "source"
    assert find_limit({"draw": 0.5, "encode": 0.6, "smooth": 0.6}) == "source"
    assert find_limit({"draw": 0.95, "encode": 0.2}) == "draw"
    assert find_limit({"draw": 0.8, "fit": 0.4, "decode": 0.55}) == "decode"


def test_stats_are_json() -> None:
    shown = json.loads(json.dumps(Stats(drops={"late": 1}, stages={"draw": 1.5}).as_dict()))
    assert shown["drops"] == {"late": 1}
    assert shown["age_p95_ms"] is None
