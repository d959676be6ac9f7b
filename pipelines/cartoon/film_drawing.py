"""Draw a film's frames: steadied, their faces followed, then redrawn like pictures."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from pipelines.cartoon.cartoonize import draw_background, keep_colours, lay_head
from pipelines.cartoon.options import STYLES, CartoonOptions
from pipelines.cartoon.painters import Painter
from pipelines.cartoon.steady import Steady
from pipelines.cartoon.tracks import Find, Shown, Tracks
from pipelines.cartoon.wishes import Wish, read_wishes
from pipelines.image import resize_to_fit
from pipelines.video.cuts import Cuts


@dataclass(frozen=True)
class Scene:
    """A frame that is ready to be drawn: `photo` RGB uint8 HWC at the film's new size, and who is in it."""

    photo: np.ndarray
    faces: tuple[Shown, ...]


class Follower:
    """Takes every frame of a film in turn; cheap beside drawing it, so a film can be gone on with."""

    def __init__(self, options: CartoonOptions, find: Find, rate: float) -> None:
        """`find` looks for faces; `rate` frames a second."""
        wishes = read_wishes(options.faces, STYLES)
        self._longest = int(options.size)
        self._looks = bool(wishes.every or wishes.named)
        self._cuts, self._steady = Cuts(), Steady()
        self._tracks = Tracks(find, rate)

    @property
    def faces(self) -> int:
        """How many have been seen so far."""
        return self._tracks.count

    def follow(self, rgb: np.ndarray) -> Scene:
        """Take RGB uint8 HWC. Raises what `find` raises."""
        small = resize_to_fit(rgb, self._longest)
        cut = self._cuts.is_cut(small)
        if cut:
            self._steady.begin()
        photo = self._steady.smooth(small)
        return Scene(photo, tuple(self._tracks.follow(photo, cut)) if self._looks else ())


def draw_scene(scene: Scene, options: CartoonOptions, painter: Painter) -> np.ndarray:
    """Draw one frame, RGB uint8 HWC of its size. Raises OutOfMemory, ModelMissing, ModelDamaged."""
    wishes = read_wishes(options.faces, STYLES)
    drawn = draw_background(scene.photo, options, painter)
    for shown in scene.faces:
        wish = wishes.of(shown.face.number)
        if wish is not None:
            drawn = add_head(drawn, scene.photo, shown, wish, options, painter)
    return keep_colours(drawn, scene.photo, options.colours)


def add_head(
    drawn: np.ndarray,
    photo: np.ndarray,
    shown: Shown,
    wish: Wish,
    options: CartoonOptions,
    painter: Painter,
) -> np.ndarray:
    """Lay a head over the drawing, as far as it is present."""
    if shown.presence == 0:
        return drawn
    laid = drawn.copy()
    lay_head(laid, photo, shown.face, wish, options, painter)
    if shown.presence == 1:
        return laid
    return cv2.addWeighted(laid, shown.presence, drawn, 1 - shown.presence, 0)
