"""A small disk that is filled up and emptied, and things that take room on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from tests.conftest import encode
from tests.faults.stand import FRAMES

SIDE = 600
LONG = 120.0


class Disk:
    """The small disk: `full` fills it up but for `left` bytes until the block ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, left: int = 0) -> None:
        with self._ballast.open("ab", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(bytes(4096))
            except OSError:
                pass
            ballast.truncate(max(0, ballast.tell() - left))

    def free(self) -> None:
        self._ballast.unlink(missing_ok=True)

    @contextmanager
    def full(self, left: int = 0) -> Iterator[None]:
        self.fill(left)
        try:
            yield
        finally:
            self.free()


def noise(side: int = SIDE) -> bytes:
    """A picture that no format makes small."""
    return encode(np.random.default_rng(4).integers(0, 255, (side, side, 3), np.uint8), "PNG")


def noisy_film(path: Path) -> Path:
    from pipelines.video import VideoWriter

    dice = np.random.default_rng(4)
    with VideoWriter(path, (160, 120), Fraction(25)) as film:
        for _ in range(FRAMES):
            film.write(dice.integers(0, 255, (120, 160, 3), np.uint8))
    return path


def count_frames(path: Path) -> int:
    with av.open(str(path)) as film:
        return sum(1 for _ in film.decode(video=0))
