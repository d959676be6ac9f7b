"""Keep the detail that two views of one thing have in common, and hold back what only one of them shows.

A Wiener filter for each band of a Laplacian pyramid (Burt and Adelson 1983): two views a, b of one signal show
its power in what they share, and their noise (grain, coding, wrong motion) in what they don't. A ghost in a
blend is such noise.
"""

from __future__ import annotations

import cv2
import numpy as np

from pipelines.image_to_video.flow_fields import Field

LEVELS = 3
WINDOW = 15
"""Side, in px of each level, of the window in which power is measured."""
FLOOR = 2.0
"""Power, in squared grey levels, under which a band is rounding and left alone."""
REACH = 96
"""Pixels around a pixel that it depends on, at most; where a picture is cut, at multiples of 2 ** LEVELS."""


def keep_shared(mixed: Field, apart: Field, noise: float, levels: int = LEVELS) -> Field:
    """A blend HWC without the detail that its two views do not agree on.

    `apart`: half the difference of the views in grey, HW float32. `noise`: the share of its power that is in
    the blend; 1 for the mean of two views that are equally sure.
    """
    if levels == 0 or min(mixed.shape[:2]) < 2 ** (LEVELS + 1):
        return mixed
    size = (mixed.shape[1], mixed.shape[0])
    smooth, smooth_apart = cv2.pyrDown(mixed), cv2.pyrDown(apart)
    detail = mixed - cv2.pyrUp(smooth, dstsize=size)
    gain = weigh(detail, apart - cv2.pyrUp(smooth_apart, dstsize=size), noise)
    kept = keep_shared(smooth, smooth_apart, noise, levels - 1)
    return cv2.pyrUp(kept, dstsize=size) + cv2.multiply(detail, cv2.merge((gain, gain, gain)))


def weigh(detail: Field, apart: Field, noise: float) -> Field:
    """Wiener's gain: the share of a band's power that is signal, HW in 0..1."""
    window = (WINDOW, WINDOW)
    grey = cv2.cvtColor(detail, cv2.COLOR_RGB2GRAY)
    power = cv2.blur(cv2.multiply(grey, grey), window) + FLOOR
    wrong = cv2.blur(cv2.multiply(apart, apart), window)
    return np.clip(1 - noise * wrong / power, 0, 1)
