"""What goes through the live loop, from arrival to the styled frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pipelines.webcam.options import LiveOptions

Rgb = NDArray[np.uint8]
"""A frame, RGB uint8 HWC."""
Size = tuple[int, int]
"""Width and height in px."""


class Drawer(Protocol):
    """Turns frames into a style. One thread at a time draws."""

    @property
    def multiple(self) -> int:
        """Sides that the net likes are multiples of so many px."""
        ...

    @property
    def leaves(self) -> bool:
        """Whether its drawing is the frame as it is."""
        ...

    def draw(self, rgb: Rgb) -> Rgb:
        """A frame -> its drawing, the same size."""
        ...

    def adjust(self, options: LiveOptions) -> Drawer:
        """The same look in another way (strength, the camera's colours), ready at once."""
        ...


@dataclass(frozen=True)
class Arrival:
    """A frame as it came: a picture file's bytes, or pixels. `at`: the loop's clock, seconds."""

    number: int
    captured_ms: float
    at: float
    content: bytes | Rgb


@dataclass(frozen=True)
class Prepared:
    """A frame at the size at which it is drawn; `longest`: the longer side that was asked for, px."""

    arrival: Arrival
    rgb: Rgb
    longest: int


@dataclass(frozen=True)
class Drawn:
    """A frame and its drawing. `look` grows when another drawer takes over; `slowest`: the seconds that its
    longest stage took."""

    prepared: Prepared
    rgb: Rgb
    look: int
    slowest: float


@dataclass(frozen=True)
class Passing:
    """A JPEG that goes back as it came, never opened. `size` in px; `longest`: the longer side that was asked for."""

    arrival: Arrival
    jpeg: bytes
    size: Size
    longest: int


@dataclass(frozen=True)
class Styled:
    """A finished frame. `server_ms` from arrival to now; `jpeg` is None where only pixels are wanted, `rgb` where
    the file that came goes back."""

    number: int
    captured_ms: float
    server_ms: int
    jpeg: bytes | None
    rgb: Rgb | None
