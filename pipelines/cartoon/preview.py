"""What the page asks before a drawing is kept: where faces are, and how a small drawing would look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from pipelines.cartoon.cartoonize import Cartoon, draw, fit, lift_off_white
from pipelines.cartoon.faces import Face, find_faces
from pipelines.cartoon.options import STYLES, CartoonOptions
from pipelines.cartoon.painters import choose_painter
from pipelines.cartoon.wishes import read_wishes
from pipelines.image import Picture, resize_to_fit
from pipelines.progress import Stopwatch
from weights.store import ModelStore

SLOW_SIDE = 640
"""Longest side, in px, that is drawn where a published net runs on a CPU: it is to take a second at most."""


@dataclass(frozen=True)
class Sitting:
    """A picture made ready to be drawn small, again and again.

    `rgb` uint8 HWC over white and `alpha` uint8 HW or None; `faces` in px of `rgb`, with the numbers that the whole
    picture gives them; `shrunk`: px of `rgb` for each px of the picture.
    """

    rgb: np.ndarray
    alpha: np.ndarray | None
    faces: tuple[Face, ...]
    shrunk: float
    icc: bytes | None = None

    def shrink(self, longest: int) -> Sitting:
        """The same at most `longest` px a side."""
        by = longest / max(self.rgb.shape[:2])
        if by >= 1:
            return self
        rgb = resize_to_fit(self.rgb, longest)
        size = (rgb.shape[1], rgb.shape[0])
        alpha = None if self.alpha is None else cv2.resize(self.alpha, size, interpolation=cv2.INTER_AREA)
        return replace(self, rgb=rgb, alpha=alpha, faces=scale_faces(self.faces, by), shrunk=self.shrunk * by)


def look_for_faces(picture: Picture, size: float, store: ModelStore) -> tuple[Face, ...]:
    """The faces that `cartoonize` finds at that size, in px of the picture as it came.

    Raises ModelMissing, ModelDamaged.
    """
    photo, _ = fit(picture, int(size))
    return scale_faces(find_faces(photo, store), picture.rgb.shape[1] / photo.shape[1])


def sit(picture: Picture, size: float, longest: int, store: ModelStore) -> Sitting:
    """Find the faces as at `size` and shrink the picture to `longest` px. Raises what `look_for_faces` does."""
    faces = look_for_faces(picture, size, store)
    rgb, alpha = fit(picture, longest)
    shrunk = rgb.shape[1] / picture.rgb.shape[1]
    return Sitting(rgb, alpha, scale_faces(faces, shrunk), shrunk, picture.icc)


def draw_sitting(sitting: Sitting, options: CartoonOptions, store: ModelStore) -> Cartoon:
    """Draw it as `cartoonize` would, without looking for faces again. Raises ModelMissing, ModelDamaged."""
    watch, wishes = Stopwatch(), read_wishes(options.faces, STYLES)
    wanted = [(face, wish) for face in sitting.faces if (wish := wishes.of(face.number))]
    styles = tuple(dict.fromkeys([*options.weights, *(wish.style for _, wish in wanted if wish.style)]))
    painter = choose_painter(options.net, styles, store)
    if not store.on_gpu and any(net.spec.source == "modelscope" for net in painter.nets):
        sitting = sitting.shrink(SLOW_SIDE)
        wanted = [(sitting.faces[face.number - 1], wish) for face, wish in wanted]
    with watch.step("total"):
        rgb = lift_off_white(draw(sitting.rgb, wanted, options, painter), sitting.alpha)
    return Cartoon(rgb, sitting.alpha, sitting.rgb, sitting.faces, painter.nets, watch.seconds, ())


def scale_faces(faces: Sequence[Face], by: float) -> tuple[Face, ...]:
    """The same faces on a picture that is `by` times as wide."""
    return tuple(
        replace(
            face,
            box=(face.box[0] * by, face.box[1] * by, face.box[2] * by, face.box[3] * by),
            points=face.points * by,
        )
        for face in faces
    )
