"""A clip whose style grows in, goes, or turns into another: a filter of frames, whoever draws them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

import cv2

from pipelines.image_to_video.flow_fields import Rgb
from pipelines.image_to_video.steadied import Steadied
from pipelines.image_to_video.style_plan import StylePlan
from pipelines.video.cuts import Cuts


class Drawer(Protocol):
    """Draws the frames of a clip in turn, each in a mix of styles."""

    def draw(self, rgb: Rgb, shares: Mapping[str, float]) -> Rgb:
        """RGB uint8 HWC in and out, the same size; `shares` of the styles add up to 1."""


def restyle(
    frames: Iterable[Rgb], plan: StylePlan, drawer: Drawer, count: int, first: int = 0
) -> Iterator[Rgb]:
    """Draw a clip of `count` frames, RGB uint8 HWC of one size, as `plan` has it at each one's time; `first` is
    the number of the first one given.

    Whole drawings are held still by the clip's own flow, except across cuts, and then mixed with the frame by
    the look's strength. Memory holds two frames and their drawings. Frames beyond `count` keep the last look.
    Raises what `drawer` raises.
    """
    cuts, steadied = Cuts(), Steadied()
    for number, rgb in enumerate(frames, first):
        look = plan.at(min(1.0, number / max(1, count - 1)))
        if cuts.is_cut(rgb) or look.strength == 0:
            steadied.begin()
        if look.strength == 0:
            yield rgb
            continue
        full = steadied.smooth(rgb, drawer.draw(rgb, look.shares))
        yield cv2.addWeighted(full, look.strength, rgb, 1 - look.strength, 0)
