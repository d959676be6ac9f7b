"""A person before another background, frame by frame."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from pipelines.image import resize_to_fit
from pipelines.matting.compose import blur_behind, cover, lay_over, parse_colour
from pipelines.matting.foreground import estimate_foreground
from pipelines.studio import Studio
from pipelines.webcam.options import BLUR, HEX
from pipelines.webcam.own_backgrounds import OwnBackgrounds
from weights.nets.matte import MatteNet, blow_up, prepare
from weights.spec import Preprocess

HOW = Preprocess(256, "area", (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), multiple=32)
"""Half the side that single pictures get: a quarter of the work."""
BLUR_SIDE, BLUR_WIDTH = 192, 25.0
"""Longer side, in px, at which a background is blurred, and the blur in px at a side of 1000."""

Behind = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""A frame, RGB uint8 HWC, and its matte, uint8 HW -> what stands behind, uint8 of its size or 1x1."""


def choose_behind(studio: Studio, background: str) -> Behind:
    """What an option's "blur", "#rrggbb" or name of a kept picture puts behind a person. Raises NotFound."""
    if background == BLUR:
        return blur_frame
    if HEX.fullmatch(background):
        colour = np.array(parse_colour(background), np.uint8).reshape(1, 1, 3)
        return lambda rgb, alpha: colour
    return Backdrop(OwnBackgrounds(studio).picture(background))


class Backdrop:
    """A picture that fills the frame; it is fitted anew only when the frame's size changes."""

    def __init__(self, picture: np.ndarray) -> None:
        self._picture = self._fitted = picture

    def __call__(self, rgb: np.ndarray, alpha: np.ndarray) -> np.ndarray:
        if self._fitted.shape != rgb.shape:
            self._fitted = cover(self._picture, *alpha.shape)
        return self._fitted


def blur_frame(rgb: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """The frame's own background, blurred without the person's colours."""
    small, thin = resize_to_fit(rgb, BLUR_SIDE), resize_to_fit(alpha, BLUR_SIDE)
    blurred = blur_behind(small, thin, BLUR_WIDTH)
    return cv2.resize(blurred, rgb.shape[1::-1], interpolation=cv2.INTER_LINEAR)


def draw_cut_out(rgb: np.ndarray, net: MatteNet, behind: Behind) -> np.ndarray:
    """RGB uint8 HWC with something else behind the person. Raises OutOfMemory."""
    matte = blow_up(net.ask(prepare(rgb, HOW))[0], rgb.shape, "alpha")
    alpha = cv2.convertScaleAbs(matte, alpha=255)
    # before its own background, blurred, an edge needs no other colours
    colours = rgb if behind is blur_frame else estimate_foreground(rgb, matte, "fast", despill=1.0)
    return lay_over(colours, alpha, behind(rgb, alpha))
