"""A look in small, for the list that it is chosen from."""

from __future__ import annotations

import numpy as np

from pipelines.image import resize_to_fit
from pipelines.matting.compose import cover
from pipelines.studio import Studio
from pipelines.webcam.drawers import open_drawer
from pipelines.webcam.looks import find_look
from pipelines.webcam.options import LiveOptions
from pipelines.webcam.own_styles import OwnStyles

DRAWN = 256
"""Px of the square in which a look is drawn: below that, strokes are larger than faces."""


def draw_thumbnail(studio: Studio, name: str, sample: np.ndarray, side: int) -> np.ndarray:
    """A look as a square of `side` px, RGB uint8 HWC: the sample's middle drawn in it, or, for a style of the
    user's own, the picture that it was made from.

    Raises what `open_drawer` raises.
    """
    row = find_look(studio, name)
    if row.group == "own":
        return cover(OwnStyles(studio).picture(row.id), side, side)
    drawn = open_drawer(studio, LiveOptions(style=row.id)).draw(cover(sample, DRAWN, DRAWN))
    return resize_to_fit(drawn, side)
