"""The uncertain band of a soft mask: where alpha is to be found anew, and how far the mask is trusted."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

MARGIN = 0.05
REACH = 2
"""The band reaches this many grains beyond the soft pixels."""
NARROW, WIDE = 6, 12
"""Grains to the nearest sure pixel: up to NARROW it is an edge, from WIDE on the net did not know."""


def grain_of(shape: tuple[int, ...], net_side: int) -> float:
    """Size in px of the mask's own pixels: a net's map of `net_side` px blown up to the picture; 1 or more."""
    return max(1.0, max(shape) / net_side) if net_side > 0 else 1.0


def find_band(alpha: Floats, grain: float) -> Mask:
    """Mark pixels that are not surely inside or outside the subject: the soft ones and those near them."""
    soft = ((alpha >= MARGIN) & (alpha <= 1 - MARGIN)).astype(np.uint8)
    reach = max(1, round(REACH * grain))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    # A hard mask has no soft pixels; its outline is uncertain all the same.
    return cv2.dilate(soft | _outline(alpha), disc).astype(np.bool_)


def tell_edges(band: Mask, grain: float) -> Floats:
    """How much each band pixel belongs to an edge: 1 near sure pixels, 0 deep in a wide soft area.

    Deep inside, the mask is soft because the net did not recognise what is there. No edge can be drawn
    then, and colours learned from the mask would only make it surer of its mistake.
    """
    depth = cv2.distanceTransform(band.astype(np.uint8), cv2.DIST_L2, 5) / grain
    return np.clip((WIDE - depth) / (WIDE - NARROW), 0, 1).astype(np.float32)


def sharpen(alpha: Floats, contrast: float) -> Floats:
    """Raise the contrast around 0.5: a coarse net's edges are wider than the picture's."""
    return np.clip(contrast * (alpha - 0.5) + 0.5, 0, 1).astype(np.float32)


def _outline(alpha: Floats) -> NDArray[np.uint8]:
    inside = (alpha > 0.5).astype(np.uint8)
    outline: NDArray[np.uint8] = cv2.morphologyEx(inside, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    return outline
