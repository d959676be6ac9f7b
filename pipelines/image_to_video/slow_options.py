"""Options of slow motion and smoother films: from these the page, REST and the command line are made."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pipelines.errors import InvalidOption
from pipelines.image_to_video.interpolators import INTERPOLATORS
from pipelines.image_to_video.rate import exact_seconds, read_rate
from pipelines.image_to_video.retiming import Timing
from pipelines.options import Options, option

FASTEST = 240
"""Frames a second that are written at most."""


@dataclass(frozen=True)
class SlowOptions(Options):
    """See each field's help."""

    times: float = option(2.0, "How many times as many frames a second as the film has.", 1, 16, 0.5)
    rate: str = option("", "Frames a second instead, such as 60 or 30000/1001.")
    slow: float = option(1.0, "How many times slower it plays; 1 keeps the speed.", 1, 16, 0.25)
    sound: str = option(
        "keep", "The film's sound; slower films stretch it at its pitch.", choices=("keep", "off")
    )
    net: str = option("builtin", "Who draws the frames in between.", choices=tuple(INTERPOLATORS))

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.rate:
            read_rate(self.rate)

    def timing(self, source_rate: Fraction) -> Timing:
        """What becomes of a film of that many frames a second. Raises InvalidOption over FASTEST."""
        rate = read_rate(self.rate) if self.rate else source_rate * exact_seconds(self.times)
        if rate > FASTEST:
            raise InvalidOption(
                f"{self.times:g} times {float(source_rate):g} frames a second are too many.",
                f"At most {FASTEST} are written: ask for fewer times as many, or name a rate.",
            )
        return Timing(rate, exact_seconds(self.slow))
