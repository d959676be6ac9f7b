from __future__ import annotations

from collections.abc import Callable
from itertools import cycle, pairwise

import pytest

from pipelines.webcam.adaptive import Adaptive, Goal, Move

GOAL = Goal(fps=20, floor=192, ceiling=640, multiple=16)


class Machine:
    """A loop without threads: frames take `cost(longest, now)` seconds, and time passes by that."""

    def __init__(self, cost: Callable[[int, float], float], goal: Goal = GOAL, start: int = 384) -> None:
        self.now, self.cost = 0.0, cost
        self.adaptive = Adaptive(goal, lambda: self.now, start)
        self.moves: list[Move] = []

    def run(self, seconds: float) -> Machine:
        until = self.now + seconds
        while self.now < until:
            took = self.cost(self.adaptive.longest, self.now)
            self.now += took
            before = self.adaptive.move
            self.adaptive.note(self.adaptive.longest, took)
            if self.adaptive.move is not before and self.adaptive.longest != before.now:
                self.moves.append(self.adaptive.move)
        return self


def by_area(ms_at_384: float) -> Callable[[int, float], float]:
    return lambda longest, now: ms_at_384 / 1000 * (longest / 384) ** 2


def test_a_slow_net_is_given_the_size_that_holds_the_rate() -> None:
    machine = Machine(by_area(90)).run(3)
    took = machine.cost(machine.adaptive.longest, 0)
    assert 0.5 * GOAL.period < took <= GOAL.period
    assert len(machine.moves) <= 2


def test_a_quick_net_gets_the_ceiling() -> None:
    assert Machine(by_area(5)).run(5).adaptive.longest == GOAL.ceiling


@pytest.mark.parametrize("ms", [20, 25, 30, 35, 40, 45, 50, 60])
def test_steady_costs_come_to_rest(ms: float) -> None:
    # given a net of steady cost, run until it has settled
    machine = Machine(by_area(ms)).run(15)
    settled = len(machine.moves)
    # then two minutes bring no further move
    machine.run(120)
    assert len(machine.moves) == settled


def test_sizes_change_by_no_more_than_half_or_double_the_area_at_once() -> None:
    moves = Machine(by_area(900)).run(20).moves + Machine(by_area(1)).run(20).moves
    assert len(moves) >= 4
    assert all(1 / 1.5 < move.now / move.before < 1.5 for move in moves)


def test_a_size_that_keeps_failing_is_tried_ever_more_seldom() -> None:
    # given a net that falls off a cliff above 400 px, which time by area does not foresee
    machine = Machine(lambda longest, now: 0.02 if longest <= 400 else 0.08)
    machine.run(300)
    ups = [move.at for move in machine.moves if move.why == "room"]
    # then steps up come at growing distances
    assert 3 <= len(ups) <= 12
    assert ups[-1] - ups[-2] > 8 * (ups[1] - ups[0])


def test_noise_in_the_times_moves_nothing() -> None:
    # given a net whose frames take between 25 and 50 ms in turns at every size: 37 in the mean
    times = cycle((0.025, 0.05))
    machine = Machine(lambda longest, now: next(times))
    assert machine.run(60).moves == []


def test_after_a_slow_spell_the_size_comes_back() -> None:
    # given a machine that something else makes three times as slow for ten seconds
    machine = Machine(lambda longest, now: by_area(25)(longest, now) * (3 if 20 <= now < 30 else 1))
    before = machine.run(20).adaptive.longest
    during = machine.run(5).adaptive.longest
    after = machine.run(25).adaptive.longest
    # then the size goes down within it and comes back after it
    assert during < before
    assert after == before


def test_a_spell_is_answered_within_a_second() -> None:
    machine = Machine(lambda longest, now: by_area(20 if now < 10 else 100)(longest, now)).run(10)
    began = machine.now
    machine.run(3)
    slow = [move for move in machine.moves if move.at >= began]
    assert slow[0].why == "slow"
    assert slow[0].at - began < 1


def test_the_floor_is_kept_and_said() -> None:
    machine = Machine(by_area(900)).run(10)
    assert machine.adaptive.longest == 192
    assert machine.adaptive.move.why == "floor"
    assert machine.adaptive.move.sentence == (
        "At the smallest size allowed, 192 px, a frame takes 225 ms; it may take 42."
    )
    # and once it is quick enough, that is said too
    machine.cost = by_area(150)
    machine.run(2)
    assert machine.adaptive.move.why == "fits"


def test_reasons_are_sentences() -> None:
    down = Machine(by_area(90)).run(3).moves[0]
    assert down.sentence == f"From 384 to {down.now} px: a frame took 90 ms; it may take 42."
    up = Machine(by_area(5)).run(5).moves[0]
    assert up.sentence == "From 384 to 496 px: a frame took only 5 of 42 ms."
    assert Adaptive(GOAL, lambda: 0.0, 384).move.sentence == "Started at 384 px."


def test_low_rates_do_not_make_frames_late() -> None:
    # given a net that could draw 15 frames/s at the first size, for 60 ms each
    machine = Machine(by_area(60), Goal(fps=15, floor=192, ceiling=640, multiple=16)).run(30)
    assert machine.cost(machine.adaptive.longest, 0) <= 0.042


def test_other_bounds_take_hold_at_once() -> None:
    adaptive = Adaptive(GOAL, lambda: 0.0, 384)
    adaptive.aim(Goal(20, 192, 256, 16))
    assert (adaptive.longest, adaptive.move.why) == (256, "bounds")
    # but what fits them stays
    adaptive.aim(Goal(30, 128, 256, 16))
    assert adaptive.longest == 256


def test_a_small_source_bounds_the_size_without_changing_the_wish() -> None:
    adaptive = Adaptive(GOAL, lambda: 0.0, 384)
    adaptive.bound(200)
    assert adaptive.longest == 192
    adaptive.bound(100)
    assert adaptive.longest == 96
    adaptive.bound(1280)
    assert adaptive.longest == 192


@pytest.mark.parametrize(("floor", "ceiling", "multiple"), [(192, 640, 8), (200, 205, 32), (96, 1920, 32)])
def test_sizes_are_multiples_within_the_bounds(floor: int, ceiling: int, multiple: int) -> None:
    ladder = Goal(20, floor, ceiling, multiple).ladder
    assert all(side % multiple == 0 for side in ladder)
    assert list(ladder) == sorted(set(ladder))
    assert ladder[-1] <= ceiling
    assert ladder[0] >= min(floor, ladder[-1])
    steps = [after / before for before, after in pairwise(ladder)]
    assert all(step >= 1.05 for step in steps)


def test_frames_of_an_older_size_do_not_count() -> None:
    adaptive = Adaptive(GOAL, lambda: 0.0, 384)
    for _ in range(20):
        adaptive.note(512, 1.0)
    assert adaptive.longest == 384
