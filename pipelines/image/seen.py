"""What a viewer sees of a picture, whatever lies hidden in it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipelines.image.colour import in_srgb
from pipelines.image.picture import Picture

STRIP = 64
"""Rows that are mixed at a time: it bounds the memory on big pictures."""


def seen(picture: Picture) -> NDArray[np.uint8]:
    """RGB uint8 HW3 in the picture's own colours, over white where it is transparent."""
    if picture.alpha is None:
        return picture.rgb
    out = np.empty_like(picture.rgb)
    for top in range(0, len(out), STRIP):
        rows = slice(top, top + STRIP)
        alpha = picture.alpha[rows, :, None].astype(np.uint16)
        out[rows] = (picture.rgb[rows] * alpha + 255 * (255 - alpha)) // 255
    return out


def seen_in_srgb(picture: Picture) -> NDArray[np.uint8]:
    """The same in sRGB."""
    return in_srgb(seen(picture), picture.icc)
