"""The subject of a picture: what the matting nets find in it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.image import Picture, resize_to_fit
from pipelines.image_to_video.camera import Stage
from pipelines.matting.cut_out import cut_out
from pipelines.matting.find import FACES, find_matte
from pipelines.matting.options import AUTO, MattingOptions
from weights.store import ModelStore

Pixels = NDArray[np.uint8]

LOOKED_AT = 1024
"""Longer side, in px, at which a subject is looked for when only its place is wanted."""
LEAST, MOST = 0.004, 0.9
"""Shares of a picture between which something is its subject."""
PART = 0.1
"""Pieces smaller than this share of the largest one don't count."""

HEADROOM = 0.08
"""Share of the film's height that is left above a subject that is cut off below."""


@dataclass(frozen=True)
class Box:
    """A part of a picture, in shares of its sides."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def sides(self) -> tuple[float, float]:
        return self.right - self.left, self.bottom - self.top


@dataclass(frozen=True)
class Subject:
    """`rgb` uint8 HxWx3 with the subject's own colours, `alpha` uint8 HxW."""

    rgb: Pixels
    alpha: Pixels

    def cropped(self, window: tuple[slice, slice]) -> Subject:
        """What is in some rows and columns."""
        return Subject(self.rgb[window], self.alpha[window])


def find_focus(rgb: Pixels, box: Box, stage: Stage, store: ModelStore) -> tuple[float, float]:
    """What the middle of the film should show, in shares of the picture's sides: the subject's middle; when it
    is higher than the film, its largest face, or without one its upper end."""
    x, y = box.middle
    film = stage.scale * stage.film[1] / stage.picture[1]
    if box.sides[1] < film:
        return x, y
    small = resize_to_fit(rgb, LOOKED_AT)
    with store.use(FACES) as loaded:
        boxes = loaded.model.find(small).boxes
    if not len(boxes):
        return x, box.top + (0.5 - HEADROOM) * film
    left, top, width, height = max(boxes, key=lambda each: float(each[3]))
    return float(left + width / 2) / small.shape[1], float(top + height / 2) / small.shape[0]


def find_box(picture: Pixels, store: ModelStore) -> Box | None:
    """Where the subject of uint8 HxWx3 or HxWx4 is, None for a picture without one; of a see-through picture
    it is what can be seen. Raises ModelMissing, ModelDamaged, OutOfMemory."""
    if picture.shape[2] == 4:
        return box_of(picture[..., 3])
    small = resize_to_fit(picture, LOOKED_AT)
    return box_of(np.rint(find_matte(small, AUTO, store).alpha * 255).astype(np.uint8))


def cut_subject(rgb: Pixels, store: ModelStore) -> Subject | None:
    """Cut the subject out of uint8 HxWx3, None for a picture without one. Raises what `find_box` does."""
    found = cut_out(Picture(rgb, None, None, None, "", "", "", b""), MattingOptions(), store)
    for net in found.nets:  # what they worked in is as large as all else that a film needs
        store.evict(net.spec.id)
    return Subject(found.rgb, found.alpha) if box_of(found.alpha) else None


def box_of(alpha: Pixels) -> Box | None:
    """Around the larger pieces of a matte, uint8 HxW; None where they are next to nothing or everything."""
    count, _, facts, _ = cv2.connectedComponentsWithStats((alpha > 127).astype(np.uint8))
    pieces = facts[1:count]
    if not len(pieces) or not LEAST <= pieces[:, cv2.CC_STAT_AREA].sum() / alpha.size <= MOST:
        return None
    areas = pieces[:, cv2.CC_STAT_AREA]
    left, top, width, height = pieces[areas >= PART * areas.max(), :4].T
    across, down = alpha.shape[1], alpha.shape[0]
    return Box(
        float(left.min() / across),
        float(top.min() / down),
        float((left + width).max() / across),
        float((top + height).max() / down),
    )
