"""Hold a frame rate by the size of what is drawn, without hunting.

The size steps down as soon as the slowest stage takes longer than a frame may, far enough to fit again. It
steps up only when there has been ample room for a while, and each step up that had to be taken back doubles
the wait before the next.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

FULL = 0.95
"""Share of a frame's time from which on it is too slow."""
FITS = 0.85
"""Share of a frame's time that is aimed at when stepping down."""
ROOMY = 0.72
"""Share of a frame's time under which the next size must stay before it is taken."""
STEP = 1.12
"""Ratio of one size to the next smaller one, at least: a quarter of the area."""
LONGEST_PERIOD = 0.042
"""Seconds that a frame may take however low the rate: it waits for the one before it and is then drawn for as
long again, and what is shown later than 150 ms after it was seen feels late."""
LOOKED_BACK = 1.5
"""Seconds of frames at one size that a decision rests on, at most."""
EVIDENCE, EVIDENCE_SECONDS = 6, 1.0
"""Frames, and seconds that they span, which a decision needs."""
ALARM, ALARM_EVIDENCE = 1.6, 3
"""How many times a frame's time is so slow that fewer frames are enough, and how many."""
LEAP = 1.45
"""Ratio by which a side changes at once, at most: about double or half the area."""
PATIENCE = 2.0
"""Seconds of ample room before the first step up; the seconds in which a step down takes a step up back."""
MOST_PATIENCE = 60.0


@dataclass(frozen=True)
class Goal:
    """Frames a second to hold, and the longer side's bounds and multiple in px."""

    fps: float
    floor: int
    ceiling: int
    multiple: int = 8

    @property
    def period(self) -> float:
        """Seconds that a frame may take."""
        return min(1 / self.fps, LONGEST_PERIOD)

    @property
    def ladder(self) -> tuple[int, ...]:
        """Longer sides to choose from, the smallest first, at least one."""
        step = self.multiple
        high = max(step, self.ceiling // step * step)
        low = min(max(step, -(-self.floor // step) * step), high)
        sides = [low]
        for side in range(low, high + 1, step):
            if side >= sides[-1] * STEP:
                sides.append(side)
        if sides[-1] != high:
            sides.append(high)
        close = len(sides) > 2 and sides[-1] < sides[-2] * STEP**0.5
        return tuple(sides[:-2] + sides[-1:] if close else sides)


@dataclass(frozen=True)
class Move:
    """Why the size is what it is. `why`: start | slow | room | bounds | floor | fits.

    Times in ms, 0 where nothing was measured."""

    before: int
    now: int
    why: str
    took_ms: float = 0.0
    allowed_ms: float = 0.0
    at: float = 0.0

    @property
    def sentence(self) -> str:
        """The reason for people, in English."""
        return SENTENCES[self.why].format(move=self)


SENTENCES = {
    "start": "Started at {move.now} px.",
    "slow": "From {move.before} to {move.now} px: a frame took {move.took_ms:.0f} ms; "
    "it may take {move.allowed_ms:.0f}.",
    "room": "From {move.before} to {move.now} px: a frame took only {move.took_ms:.0f} of "
    "{move.allowed_ms:.0f} ms.",
    "bounds": "From {move.before} to {move.now} px: the bounds or the style changed.",
    "fits": "At {move.now} px a frame takes {move.took_ms:.0f} of {move.allowed_ms:.0f} ms again.",
    "floor": "At the smallest size allowed, {move.now} px, a frame takes {move.took_ms:.0f} ms; "
    "it may take {move.allowed_ms:.0f}.",
}


class Adaptive:
    """Chooses the longer side from what frames took. Not for several threads at once."""

    def __init__(self, goal: Goal, clock: Callable[[], float], start: int = 0) -> None:
        """Begins at the size nearest to `start` px, 0 for the middle of the ladder."""
        self._clock = clock
        self._wanted, self._largest = goal, sys.maxsize
        self._times: deque[tuple[float, float]] = deque()
        self._fresh = True
        self._patience = PATIENCE
        self._rose_at = float("-inf")
        ladder = goal.ladder
        now = nearest(ladder, start or ladder[len(ladder) // 2])
        self.move = Move(0, now, "start", at=clock())

    @property
    def longest(self) -> int:
        """The longer side to draw at now, px."""
        return self.move.now

    def aim(self, goal: Goal) -> None:
        """Take other bounds, another rate or another drawer: old measurements no longer count."""
        self._wanted, self._patience = goal, PATIENCE
        self._forget()
        self._keep_within()

    def bound(self, largest: int) -> None:
        """The source is `largest` px long: nothing larger is of use."""
        if largest != self._largest:
            self._largest = largest
            self._keep_within()

    def _keep_within(self) -> None:
        now = nearest(self._goal.ladder, self.longest)
        if now != self.longest:
            self._go(now, "bounds", 0.0)

    @property
    def _goal(self) -> Goal:
        largest = max(self._largest, self._wanted.multiple)
        floor, ceiling = (min(side, largest) for side in (self._wanted.floor, self._wanted.ceiling))
        return replace(self._wanted, floor=floor, ceiling=ceiling)

    def note(self, longest: int, seconds: float) -> None:
        """Take what the slowest stage needed for a frame of that longer side, and move if that is called for."""
        if longest != self.longest:
            return
        if self._fresh:
            # Nets make ready for a new size at its first frame.
            self._fresh = False
            return
        now = self._clock()
        self._times.append((now, seconds))
        while len(self._times) > ALARM_EVIDENCE and now - self._times[0][0] > LOOKED_BACK:
            self._times.popleft()
        took = typical([each for _, each in self._times])
        if self._is_enough() or (len(self._times) >= ALARM_EVIDENCE and took > ALARM * self._wanted.period):
            self._decide(took)

    def _is_enough(self) -> bool:
        spanned = self._times[-1][0] - self._times[0][0]
        return len(self._times) >= EVIDENCE and spanned >= EVIDENCE_SECONDS

    def _decide(self, took: float) -> None:
        goal = self._goal
        if took > FULL * goal.period:
            self._shrink([side for side in goal.ladder if side < self.longest], took)
        elif self.move.why == "floor":
            self._go(self.longest, "fits", took)
        elif self._clock() - self.move.at >= self._patience:
            self._grow([side for side in goal.ladder if side > self.longest], took)

    def _shrink(self, smaller: list[int], took: float) -> None:
        if not smaller:
            if self.move.why != "floor" or self._clock() - self.move.at >= PATIENCE:
                self._go(self.longest, "floor", took)
            return
        in_vain = self._clock() - self._rose_at < PATIENCE + self._patience
        self._patience = min(2 * self._patience, MOST_PATIENCE) if in_vain else PATIENCE
        near = [side for side in smaller if side * LEAP >= self.longest] or smaller[-1:]
        self._go(max(self._under(FITS, near, took), default=near[0]), "slow", took)

    def _grow(self, larger: list[int], took: float) -> None:
        near = [side for side in larger if side <= LEAP * self.longest] or larger[:1]
        room = self._under(ROOMY, near, took)
        if room:
            self._rose_at = self._clock()
            self._go(max(room), "room", took)

    def _under(self, share: float, sides: list[int], took: float) -> list[int]:
        """Sides at which a frame should take no more than a share of its time: time follows the area."""
        allowed = share * self._goal.period
        return [side for side in sides if took * (side / self.longest) ** 2 <= allowed]

    def _go(self, now: int, why: str, took: float) -> None:
        moved = now != self.longest
        self.move = Move(self.longest, now, why, 1000 * took, 1000 * self._goal.period, self._clock())
        if moved:
            self._forget()

    def _forget(self) -> None:
        self._times.clear()
        self._fresh = True


def typical(times: list[float]) -> float:
    """The mean without the slowest frame: a rate is made of means, and one hiccup is no trend."""
    return (sum(times) - max(times)) / max(1, len(times) - 1)


def nearest(ladder: tuple[int, ...], side: int) -> int:
    """The ladder's side that is closest in proportion."""
    return min(ladder, key=lambda each: max(each, side) / min(each, side))
