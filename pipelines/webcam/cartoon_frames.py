"""Camera frames as a cartoon whose faces are drawn by the net for heads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from pipelines.cartoon.faces import Face, find_faces
from pipelines.cartoon.film_drawing import add_head
from pipelines.cartoon.options import CartoonOptions
from pipelines.cartoon.painters import Painter, Part, Shares
from pipelines.cartoon.tracks import Find, Tracks
from pipelines.cartoon.wishes import Wish
from pipelines.image import resize_to_fit
from weights.store import ModelStore

LOOKED_AT = 256
"""Longer side, in px, of the frame in which faces are looked for."""


class Mixed:
    """A painter that draws in one mix, of any number of styles, whichever it is asked for."""

    def __init__(self, painter: Painter, shares: Mapping[str, float]) -> None:
        self._painter, self._shares = painter, shares
        self.nets, self.mask = painter.nets, painter.mask

    def paint(self, rgb: np.ndarray, shares: Shares, part: Part) -> np.ndarray:
        """RGB uint8 HWC -> the same size."""
        return self._painter.paint(rgb, self._shares, part)


class CartoonFrames:
    """Draws frames in turn. Faces are found a few times a second, and followed in between."""

    def __init__(self, painter: Painter, shares: Mapping[str, float], find: Find, rate: float) -> None:
        """`rate`: frames a second, roughly."""
        self._painter = Mixed(painter, shares)
        self._tracks = Tracks(find, rate)
        self._shape: tuple[int, ...] = ()

    def draw(self, rgb: np.ndarray) -> np.ndarray:
        """RGB uint8 HWC -> the same size; frames may change their size. Raises OutOfMemory."""
        # where faces were is told in px of a frame: at another size they are to be found anew
        shown = self._tracks.follow(rgb, cut=rgb.shape != self._shape)
        self._shape = rgb.shape
        drawn = self._painter.paint(rgb, {}, "background")
        for each in shown:
            drawn = add_head(drawn, rgb, each, Wish(), CartoonOptions(), self._painter)
        return drawn


def find_in_small(rgb: np.ndarray, store: ModelStore) -> list[Face]:
    """The faces of a frame, in its own px, found in a smaller copy. Raises ModelMissing, ModelDamaged."""
    small = resize_to_fit(rgb, LOOKED_AT)
    scale = rgb.shape[1] / small.shape[1]
    return [_enlarge(face, scale) for face in find_faces(small, store)]


def _enlarge(face: Face, scale: float) -> Face:
    left, top, width, height = (side * scale for side in face.box)
    return replace(face, box=(left, top, width, height), points=face.points * scale)
