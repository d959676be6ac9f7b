"""A film at another rate or speed: which frame is shown when, and what is drawn between the ones there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from pipelines.image_to_video.changes import Change, Changes
from pipelines.image_to_video.flow_fields import Rgb
from pipelines.image_to_video.interpolators import BlendedPair, HeldPair, OpenPair, Pair
from pipelines.video import Frame

ROUNDED = Fraction(1, 10)
"""Share of a frame's time by which it may be off its even place: files round times, some to milliseconds."""
HELD = 4
"""Frames' time from which a frame was held, not slow: what moves then moves in the last one of them."""
NEAR = Fraction(1, 50)
"""Share of the way between two frames within which the nearer one itself is shown."""


@dataclass(frozen=True)
class Timing:
    """`rate` frames a second, exact, of a film that plays `slow` times slower than its source."""

    rate: Fraction
    slow: Fraction = Fraction(1)

    def when(self, tick: int) -> Fraction:
        """The source's time, in s, that frame number `tick` shows."""
        return tick / (self.rate * self.slow)

    def count(self, seconds: Fraction) -> int:
        """How many frames a source of that length becomes."""
        return max(1, round(seconds * self.slow * self.rate))


def retime(
    frames: Iterable[Frame],
    source_rate: Fraction,
    timing: Timing,
    open_pair: OpenPair,
    check: Callable[[], None] = lambda: None,
) -> Iterator[Rgb]:
    """Frames of any timing, in order, as an even stream at the new rate; RGB uint8 HWC.

    `source_rate`: frames a second that the source usually has. Cuts and fades are not moved across, and memory
    holds two frames, however long the film is. `check` is called before each frame and may raise.
    """
    tick, changes, last, begun = 0, Changes(), None, Fraction(0)
    for frame in frames:
        change, time = changes.look(frame.rgb), even(frame.time, source_rate)
        if last is not None and time > begun:
            pair = LazyPair(last.rgb, frame.rgb, open_pair, change)
            start = begun if (time - begun) * source_rate <= HELD else time - 1 / source_rate
            while timing.when(tick) < time:
                check()
                yield pair.draw((timing.when(tick) - start) / (time - start))
                tick += 1
        last, begun = frame, max(time, begun)
    if last is None:
        return
    end = begun + (even(last.seconds, source_rate) or 1 / source_rate)
    for _ in range(tick, timing.count(end)):
        check()
        yield last.rgb


class LazyPair:
    """Two frames of a film in a row; looked at more closely only when something between them is wanted."""

    def __init__(self, first: Rgb, second: Rgb, open_pair: OpenPair, change: Change) -> None:
        ways: dict[Change, OpenPair] = {"motion": open_pair, "cut": HeldPair, "fade": BlendedPair}
        self._frames, self._open = (first, second), ways[change]
        self._pair: Pair | None = None

    def draw(self, at: Fraction) -> Rgb:
        """See `Pair`; what is near one of the frames is that frame, and the first one while it is held."""
        if at < NEAR or at > 1 - NEAR:
            return self._frames[at > NEAR]
        self._pair = self._pair or self._open(*self._frames)
        return self._pair.draw(float(at))


def even(seconds: float, rate: Fraction) -> Fraction:
    """A time as it was before a file rounded it: on the even grid of `rate` where it is close to it."""
    place = round(seconds * rate)
    if abs(Fraction(seconds) * rate - place) <= ROUNDED:
        return place / rate
    return Fraction(seconds).limit_denominator(1_000_000)
