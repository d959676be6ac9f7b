"""The uncertain band of a soft mask: where alpha is to be found anew, and how far the mask is trusted."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


def find_band(alpha: Floats, margin: float, reach: int) -> Mask:
    """Mark pixels that are not surely inside or outside: alpha in margin..1-margin, grown by `reach` px."""
    soft = ((alpha >= margin) & (alpha <= 1 - margin)).astype(np.uint8)
    # A hard mask has no soft pixels; its outline is uncertain all the same.
    inside = (alpha > 0.5).astype(np.uint8)
    kernel = np.ones((3, 3), np.uint8)
    outline = cv2.morphologyEx(inside, cv2.MORPH_GRADIENT, kernel)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    return cv2.dilate(soft | outline, disc).astype(np.bool_)


def trust_mask(alpha: Floats, strength: float) -> Floats:
    """Weight of the mask as a prior: `strength` where it wavers (alpha 0.5), 10 times that where it is sure."""
    doubt = 4 * alpha * (1 - alpha)
    weight: Floats = (strength / np.maximum(doubt, 0.1)).astype(np.float32)
    return weight
