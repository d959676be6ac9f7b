"""Put a picture of any shape into a film of another: cut, between bars, or before itself, blurred."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Size = tuple[int, int]

BLUR = 1 / 25
"""Radius of the blur as a share of the film's longer side."""
BLURRED_SIDE = 160
"""Px at which the blur is made: there is nothing finer to see in it."""
DIMMED = 0.75
"""Brightness of the blurred picture, so that the sharp one stands out."""
NARROW = 2
"""Bars of so many px are cut off rather than shown."""


@dataclass(frozen=True)
class Place:
    """Where in a film of `film` (width, height) px the moving picture is: `size` px from `corner` (x, y)."""

    film: Size
    size: Size
    corner: tuple[int, int]

    @property
    def whole(self) -> bool:
        return self.size == self.film

    def put(self, behind: Pixels, drawn: Pixels) -> Pixels:
        """A new frame: `drawn` over `behind`, both of the same channels. What is see-through in `drawn` shows
        what is behind."""
        out = behind.copy()
        x, y = self.corner
        width, height = self.size
        room = out[y : y + height, x : x + width]
        room[:] = drawn if drawn.shape[2] == 3 or not room[..., 3].any() else lay_over(room, drawn)
        return out


Backdrop = Callable[[Pixels, Size, tuple[int, int, int]], Pixels]


@dataclass(frozen=True)
class Fit:
    """`inside`: all of the picture is shown; `backdrop` draws what is beside it."""

    inside: bool
    backdrop: Backdrop


def plain(picture: Pixels, film: Size, colour: tuple[int, int, int]) -> Pixels:
    """One colour; nothing where the picture can be see-through."""
    channels = picture.shape[2]
    return np.full((film[1], film[0], channels), (*colour, 0)[:channels], np.uint8)


def blurred(picture: Pixels, film: Size, colour: tuple[int, int, int]) -> Pixels:
    """The picture itself over all of the film, out of focus and darker; uint8 film's HxWx3 or x4."""
    shrunk = BLURRED_SIDE / max(film)
    small = (max(1, round(film[0] * shrunk)), max(1, round(film[1] * shrunk)))
    cut = cv2.resize(cover(picture, film), small, interpolation=cv2.INTER_AREA)
    if cut.shape[2] == 4:
        share = cut[..., 3:].astype(np.float32) / 255
        under = np.array(colour, np.float32)
        cut = np.rint(under + share * (cut[..., :3] - under)).astype(np.uint8)
    soft = cv2.GaussianBlur(cut, (0, 0), max(small) * BLUR, borderType=cv2.BORDER_REFLECT)
    large = cv2.resize(cv2.convertScaleAbs(soft, alpha=DIMMED), film, interpolation=cv2.INTER_CUBIC)
    if picture.shape[2] == 4:
        return np.dstack([large, np.full(large.shape[:2], 255, np.uint8)])
    return large


def cover(picture: Pixels, film: Size) -> Pixels:
    """The middle of the picture in the film's shape: a view of it."""
    height, width = picture.shape[:2]
    scale = min(width / film[0], height / film[1])
    w, h = max(1, round(film[0] * scale)), max(1, round(film[1] * scale))
    x, y = (width - w) // 2, (height - h) // 2
    return picture[y : y + h, x : x + w]


def lay_over(behind: Pixels, drawn: Pixels) -> Pixels:
    """`drawn` RGBA over an opaque RGBA `behind`."""
    share = drawn[..., 3:].astype(np.float32) / 255
    out = np.rint(behind + share * (drawn.astype(np.float32) - behind)).astype(np.uint8)
    out[..., 3] = 255
    return out


FITS: Mapping[str, Fit] = {
    "fill": Fit(False, plain),
    "fit": Fit(True, plain),
    "blur-fill": Fit(True, blurred),
}


def place(picture: Size, film: Size, *, inside: bool) -> Place:
    """Where a picture of `picture` (width, height) px goes in a film; `inside`: all of it."""
    scale = min(film[0] / picture[0], film[1] / picture[1])
    size = (max(1, round(picture[0] * scale)), max(1, round(picture[1] * scale)))
    bars = (film[0] - size[0], film[1] - size[1])
    if not inside or max(bars) <= NARROW:
        return Place(film, film, (0, 0))
    return Place(film, size, (bars[0] // 2, bars[1] // 2))
