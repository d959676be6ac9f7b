"""Where a face's own drawing is laid over the picture's: soft, and shaped like the face."""

from __future__ import annotations

import numpy as np

WIDE, TALL = 1.15, 1.2
"""Half axes of a head, hair and chin included, in distances from the eyes to the mouth."""
LEAST_WIDE = 0.8
"""A profile's half width is at least this share of its half height."""
RISE = 0.22
"""How far above the middle between eyes and mouth a head's centre lies, in the same distances."""
SOFT = 0.30
"""Share of the half axes over which the drawing fades."""
BORDER = 0.06
"""Share of the square's side over which it fades towards the square's own border."""


def head_mask(points: np.ndarray, side: int) -> np.ndarray:
    """Mask side x side float32 in 0..1 of a head whose five points (5 x 2, px) stand in a square of that side.

    An ellipse along the face's own axis, as wide as the eyes say, that fades out and never reaches the
    square's border.
    """
    eyes, mouth = points[:2].mean(axis=0), points[3:].mean(axis=0)
    down = mouth - eyes
    tall = max(float(np.hypot(*down)), 1e-6)
    down = down / tall
    apart = float(np.hypot(*(points[1] - points[0])))
    half_tall = TALL * tall * 1.25
    half_wide = max(min(WIDE * apart * 1.25, half_tall), LEAST_WIDE * half_tall)
    centre = (eyes + mouth) / 2 - RISE * tall * down
    y, x = np.mgrid[:side, :side].astype(np.float32)
    along = ((x - centre[0]) * down[0] + (y - centre[1]) * down[1]) / half_tall
    across = ((x - centre[0]) * -down[1] + (y - centre[1]) * down[0]) / half_wide
    ellipse = smooth((1 - np.hypot(along, across)) / SOFT)
    edge = np.minimum.reduce([x, y, side - 1 - x, side - 1 - y]) / (BORDER * side)
    mask: np.ndarray = ellipse * smooth(edge)
    return mask


def smooth(values: np.ndarray) -> np.ndarray:
    """0..1 with level ends (smoothstep); values outside are clipped."""
    t = np.clip(values, 0, 1)
    return (t * t * (3 - 2 * t)).astype(np.float32)
