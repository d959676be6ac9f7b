"""The visible AI label on every frame of a film: drawn once, laid over each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipelines.labels import LABEL_TEXT, draw_visible_label, draw_visible_label_on_cutout

Pixels = NDArray[np.uint8]


class Stamp:
    """Labels frames of one size (width, height) px, RGB or RGBA."""

    def __init__(self, size: tuple[int, int]) -> None:
        width, height = size
        black, white = (
            draw_visible_label(np.full((height, width, 3), value, np.uint8), LABEL_TEXT)[..., 0].astype(
                np.float32
            )
            for value in (0, 255)
        )
        touched = np.argwhere((black != 0) | (white != 255))
        top, left = touched.min(axis=0) if len(touched) else (height, width)
        self._corner = (slice(int(top), None), slice(int(left), None))
        self._ink = black[self._corner][..., None]
        self._stays = (white - black)[self._corner][..., None] / 255

    def put(self, pixels: Pixels) -> Pixels:
        """A copy of the frame with the label."""
        if pixels.shape[2] == 4:
            rgb, alpha = draw_visible_label_on_cutout(
                np.ascontiguousarray(pixels[..., :3]), np.ascontiguousarray(pixels[..., 3]), LABEL_TEXT
            )
            return np.dstack([rgb, alpha])
        out = pixels.copy()
        out[self._corner] = np.rint(out[self._corner] * self._stays + self._ink)
        return out
