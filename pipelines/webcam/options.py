"""The live loop's options: one definition from which the page's controls and the protocol's messages are made."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from math import inf, isfinite
from typing import Any

from pipelines.errors import InvalidOption
from pipelines.options import Options, option

NONE, BLUR = "none", "blur"
SMOOTHINGS = ("off", "light", "strong")
HEX = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")
LONGEST_TEXT = 200
MOST_BLENDED = 8


@dataclass(frozen=True)
class LiveOptions(Options):
    """See each field's help."""

    style: str = option(NONE, "What the picture is turned into; none leaves it.")
    blend: str = option("", "Paintings to mix instead, with their shares: painting-03:0.5,painting-12:0.5.")
    strength: float = option(1.0, "How much is redrawn: 0 leaves the camera's picture.", 0, 1, 0.05)
    keep_colours: bool = option(False, "Keeps the camera's own colours and takes only light from the style.")
    faces: bool = option(True, "Draws faces of a cartoon by the net for faces: finer and slower.")
    background: str = option(
        BLUR, "Behind a person who is cut out: blur, a colour such as #00b140, or a kept picture's name."
    )
    target_fps: float = option(20.0, "Frames a second that are held; the size gives way.", 15, 30, 5)
    smoothing: str = option("light", "How still parts are kept from shimmering.", choices=SMOOTHINGS)
    floor: float = option(192.0, "Smallest longer side that the size may give way to (pixels).", 96, 1920, 32)
    ceiling: float = option(640.0, "Largest longer side that is drawn (pixels).", 96, 1920, 32)
    quality: float = option(80.0, "Quality of the frames sent back: higher is larger.", 30, 95, 5)
    mirror: bool = option(False, "Turns left and right about, as in a mirror.")

    def __post_init__(self) -> None:
        for item in fields(self):
            _check_kind(item.name, getattr(self, item.name), item.default)
        super().__post_init__()
        if self.floor > self.ceiling:
            raise InvalidOption(
                f"The floor of {self.floor:g} px is above the ceiling of {self.ceiling:g} px.",
                "Make the floor smaller or the ceiling larger.",
            )
        read_blend(self.blend)

    @property
    def shares(self) -> dict[str, float]:
        """Looks that are asked for and how much of each, adding up to 1."""
        return read_blend(self.blend) or {self.style: 1.0}


def read_blend(text: str) -> dict[str, float]:
    """ "name:0.5,name:0.5" as shares that add up to 1; a name alone has the weight 1. Empty for "".

    Raises InvalidOption.
    """
    weights: dict[str, float] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        name, colon, number = part.rpartition(":")
        name = (name if colon else part).strip()
        weights[name] = weights.get(name, 0.0) + (_read_weight(part, number) if colon else 1.0)
    total = sum(weights.values())
    if len(weights) > MOST_BLENDED or (weights and not 0 < total < inf):
        raise InvalidOption(
            f"blend can't be {text!r}.", f"Name 1 to {MOST_BLENDED} looks, at least one with a share above 0."
        )
    return {name: weight / total for name, weight in weights.items() if weight > 0}


def _read_weight(part: str, number: str) -> float:
    try:
        weight = float(number)
    except ValueError:
        weight = -1.0
    if not isfinite(weight) or weight < 0:
        raise InvalidOption(f"blend can't have {part!r}.", "Write a name, a colon and a number from 0 up.")
    return weight


def _check_kind(name: str, value: Any, default: Any) -> None:
    """Messages are JSON, so that a value of any kind may come."""
    wanted = {bool: (bool,), float: (int, float), str: (str,)}[type(default)]
    if not isinstance(value, wanted) or (isinstance(value, bool) and not isinstance(default, bool)):
        kind = {bool: "true or false", float: "a number", str: "a text"}[type(default)]
        raise InvalidOption(f"{name} can't be {str(value)[:40]!r}.", f"Use {kind}.")
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise InvalidOption(f"{name} is too long.", f"Use at most {LONGEST_TEXT} characters.")
