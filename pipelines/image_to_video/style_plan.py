"""How a style comes, goes and changes along a clip: keyframes, and what lies between them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.errors import InvalidOption
from pipelines.image_to_video.easing import EASINGS

WRITTEN = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*=\s*([\w-]+)\s*(?:@\s*([0-9]*\.?[0-9]+))?\s*", re.ASCII)
HINT = "Write TIME=STYLE@STRENGTH with numbers from 0 to 1, such as 0=anime@0, 0.5=anime@1, 1=sketch@1."
MOST = 64


@dataclass(frozen=True)
class Look:
    """`shares`: styles and how much of each, adding up to 1; `strength` 0 leaves the photo, 1 is all drawn."""

    shares: Mapping[str, float]
    strength: float = 1.0


@dataclass(frozen=True)
class StylePlan:
    """`keys`: a share of the clip's time, 0..1 and rising, and the look then; `easing`: a row of EASINGS.

    Before the first key the first look holds, after the last one the last. Raises InvalidOption.
    """

    keys: Sequence[tuple[float, Look]]
    easing: str = "ease-in-out"
    styles: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        times = [time for time, _ in self.keys]
        if not times or any(not 0 <= time <= 1 for time in times) or sorted(set(times)) != times:
            raise InvalidOption("The style's keyframes need rising times from 0 to 1.", HINT)
        if any(not 0 <= look.strength <= 1 for _, look in self.keys):
            raise InvalidOption("A style's strength goes from 0 to 1.", HINT)
        if self.easing not in EASINGS:
            raise InvalidOption(f"easing can't be {self.easing!r}.", f"Use one of: {', '.join(EASINGS)}.")
        named = dict.fromkeys(style for _, look in self.keys for style in look.shares)
        object.__setattr__(self, "styles", tuple(named))

    def at(self, time: float) -> Look:
        """The look at a share of the clip's time."""
        before = [key for key in self.keys if key[0] <= time]
        after = [key for key in self.keys if key[0] > time]
        if not before or not after:
            return (before[-1] if before else after[0])[1]
        (start, first), (end, second) = before[-1], after[0]
        return mix(first, second, EASINGS[self.easing]((time - start) / (end - start)))


def mix(first: Look, second: Look, by: float) -> Look:
    """The look a share `by` of the way from one to the other."""
    shares = {
        style: (1 - by) * first.shares.get(style, 0) + by * second.shares.get(style, 0)
        for style in {**first.shares, **second.shares}
    }
    strength = (1 - by) * first.strength + by * second.strength
    return Look({style: share for style, share in shares.items() if share > 0}, strength)


def read_plan(text: str, known: Sequence[str], easing: str = "ease-in-out") -> StylePlan:
    """`0=anime@0, 0.5=anime, 1=sketch@0.8` as a plan; strength is 1 where none is named. Raises InvalidOption."""
    keys = []
    for part in text.split(",", MOST):
        found = WRITTEN.fullmatch(part)
        if not found:
            raise InvalidOption(f"{part.strip()[:40]!r} is no keyframe of a style.", HINT)
        time, style, strength = found.groups()
        if style not in known:
            raise InvalidOption(f"There is no style {style[:40]!r}.", f"Use one of: {', '.join(known)}.")
        keys.append((float(time), Look({style: 1.0}, float(strength or 1))))
    return StylePlan(keys, easing)
