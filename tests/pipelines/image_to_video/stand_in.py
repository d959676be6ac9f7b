"""Shots that say what they are asked for, pictures of one colour, and a studio that films them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.image_to_video import film
from pipelines.image_to_video.film_files import Order
from pipelines.image_to_video.sources import Given
from tests.conftest import encode

COLOURS = ((200, 40, 40), (40, 180, 60), (50, 60, 210), (200, 190, 50), (30, 30, 30))


@dataclass(eq=False)
class FlatShot:
    """Draws the picture's middle colour; `asked` are the shares of time that were wanted."""

    pixels: np.ndarray
    size: tuple[int, int]
    options: Any
    notes: Sequence[str] = ()
    asked: list[float] = field(default_factory=list)

    def draw(self, at: float) -> np.ndarray:
        self.asked.append(at)
        height, width, channels = self.pixels.shape
        colour = self.pixels[height // 2, width // 2]
        return np.full((self.size[1], self.size[0], channels), colour, np.uint8)


@dataclass
class Shots:
    """Takes the place of `open_shot`; `opened` in order."""

    opened: list[FlatShot] = field(default_factory=list)
    notes: Sequence[str] = ()

    def __call__(self, pixels: np.ndarray, size: tuple[int, int], options: Any, store: Any) -> FlatShot:
        shot = FlatShot(pixels, size, options, self.notes)
        self.opened.append(shot)
        return shot


@pytest.fixture
def shots(monkeypatch: pytest.MonkeyPatch) -> Shots:
    made = Shots()
    monkeypatch.setattr(film, "open_shot", made)
    return made


def plain(number: int, size: tuple[int, int] = (64, 48)) -> np.ndarray:
    """A picture of one colour, uint8 HWC."""
    return np.full((size[1], size[0], 3), COLOURS[number % len(COLOURS)], np.uint8)


def write_pictures(folder: Path, count: int, size: tuple[int, int] = (64, 48)) -> list[Given]:
    """So many PNG files of one colour each."""
    given = []
    for number in range(count):
        path = folder / f"in-{number}.png"
        path.write_bytes(encode(plain(number, size)))
        given.append(Given(path, f"{number}.png"))
    return given


def write_broken(folder: Path, name: str = "broken.jpg") -> Given:
    """A file that only begins like a picture."""
    path = folder / name
    path.write_bytes(b"\xff\xd8\xff\xe0?")
    return Given(path, name)


def order_of(*given: Given, **more: Any) -> Order:
    return Order(given, **more)


def colour_of(rgb: np.ndarray) -> int:
    """Which of COLOURS a frame's middle is nearest to."""
    middle = rgb[rgb.shape[0] // 2, rgb.shape[1] // 2, :3].astype(int)
    return int(np.argmin([np.abs(middle - colour).sum() for colour in COLOURS]))
