"""What is known of a film before its frames are read."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class VideoInfo:
    """`width` and `height` in px as a viewer sees them, turned if the camera was; `rate` frames a second, exact;
    `frames` as announced or worked out, 0 when unknown; `seconds` 0 when unknown; `alpha`: parts of the first
    frame are see-through."""

    width: int
    height: int
    rate: Fraction
    frames: int
    seconds: float
    sound: bool
    alpha: bool = False
