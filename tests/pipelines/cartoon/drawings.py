"""Drawn people for tests of films: a patch with a pattern of its own that moves over a patterned wall, and a
finder that knows where it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import cv2
import numpy as np

from pipelines.cartoon.faces import PLACES, Face

SIDE = 80
"""Side, in px, of a drawn head."""
HEIGHT, WIDTH = 240, 360

Places = Mapping[int, tuple[float, float]]
"""Left top corner, in px, of each head by its own name."""


def pattern(seed: int, height: int, width: int) -> np.ndarray:
    """Soft blobs, RGB uint8 HWC."""
    random = np.random.default_rng(seed)
    blobs = random.uniform(0, 255, (max(2, height // 8), max(2, width // 8), 3)).astype(np.float32)
    return np.clip(cv2.resize(blobs, (width, height), interpolation=cv2.INTER_CUBIC), 0, 255).astype(np.uint8)


def draw_people(places: Places, wall: int = 99) -> np.ndarray:
    """A frame with a head at each place."""
    frame = pattern(wall, HEIGHT, WIDTH)
    for name, (x, y) in places.items():
        matrix = np.array([[1, 0, x], [0, 1, y]], np.float64)
        head, mask = pattern(name, SIDE, SIDE), np.full((SIDE, SIDE), 255, np.uint8)
        size = (WIDTH, HEIGHT)
        moved = cv2.warpAffine(head, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        inside = cv2.warpAffine(mask, matrix, size, flags=cv2.INTER_NEAREST) > 0
        frame[inside] = moved[inside]
    return frame


def face_at(x: float, y: float, number: int = 1) -> Face:
    """The face of the head at that place."""
    return Face(number, (x, y, float(SIDE), float(SIDE)), PLACES * SIDE + [x, y], 0.9)


class Finder:
    """Finds the heads at `places`, each point off by `jitter` px; `asked` counts how often."""

    def __init__(self, jitter: float = 0.0) -> None:
        self.places: Places = {}
        self.asked = 0
        self._jitter = jitter
        self._random = np.random.default_rng(0)

    def __call__(self, rgb: np.ndarray) -> Sequence[Face]:
        self.asked += 1
        found = []
        for number, (x, y) in enumerate(self.places.values(), 1):
            face = face_at(x, y, number)
            face.points[:] += self._random.normal(0, self._jitter, (5, 2))
            found.append(face)
        return found
