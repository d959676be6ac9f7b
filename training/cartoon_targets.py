"""What the cartoon net learns to draw: seven styles, each for whole pictures and for faces close up."""

from __future__ import annotations

from typing import Literal

from pipelines.cartoon.options import STYLES

Part = Literal["background", "head"]

PARTS: tuple[Part, ...] = ("background", "head")
HEAD_SIDE = 288
"""Side, in px, of the face crops that the published nets learned from."""


def targets_of(part: Part) -> list[str]:
    """The seven drawings of a part, in the styles' order."""
    return [f"{style}-{part}" for style in STYLES]


TARGETS = tuple(target for part in PARTS for target in targets_of(part))
"""In the order of the net's style weights: seven backgrounds, then seven heads."""
