"""When each picture of a film is seen, to the frame.

Cuts lie where the pictures' seconds end, each rounded by itself, so that no error adds up: a film is as long as
its pictures together, to half a frame. A transition lies over its cut, half before and half after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

SHORTENED = "The transition was shortened to {:.2f} s where a picture is shown for less."


@dataclass(frozen=True)
class Span:
    """The frames, `start` to before `end`, in which a picture is seen; the first `come` of them it shares with
    the one before, the last `go` with the next."""

    start: int
    end: int
    come: int = 0
    go: int = 0

    @property
    def frames(self) -> int:
        return self.end - self.start

    def share(self, frame: int, *, closed: bool) -> float:
        """Share of the picture's time at a frame. A `closed` movement ends one frame before it begins again,
        any other one at its end."""
        steps = self.frames if closed else self.frames - 1
        return (frame - self.start) / steps if steps else 0.0


@dataclass(frozen=True)
class Timeline:
    """All spans of a film, in order."""

    spans: tuple[Span, ...]
    rate: Fraction
    notes: tuple[str, ...] = ()

    @property
    def frames(self) -> int:
        return self.spans[-1].end

    @property
    def seconds(self) -> Fraction:
        """How long the film is, exactly."""
        return self.frames / self.rate

    def fade(self, number: int, frame: int) -> float:
        """Share of the transition from picture `number` to the next that is over in the middle of a frame of
        it, between 0 and 1."""
        span = self.spans[number]
        return (frame - (span.end - span.go) + 0.5) / span.go


def plan(seconds: Sequence[Fraction], transition: Fraction, rate: Fraction) -> Timeline:
    """Lay out pictures that are shown for so many `seconds` each, with `transition` seconds between two.

    Each picture has at least one frame of its own.
    """
    cuts = [0]
    total = Fraction(0)
    for each in seconds:
        total += each
        cuts.append(max(round(total * rate), cuts[-1] + 1))
    lengths = [after - before for before, after in pairwise(cuts)]
    wanted = round(transition * rate)
    over = [0, *(min(wanted, one, two) for one, two in pairwise(lengths)), 0]
    spans = tuple(
        Span(
            cuts[number] - over[number] // 2,
            cuts[number + 1] - over[number + 1] // 2 + over[number + 1],
            over[number],
            over[number + 1],
        )
        for number in range(len(lengths))
    )
    shortest = min(over[1:-1], default=wanted)
    notes = (SHORTENED.format(float(shortest / rate)),) if shortest < wanted - 1 else ()
    return Timeline(spans, rate, notes)
