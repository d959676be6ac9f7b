"""The band in which a portrait's rough mask is not believed: its outline, and the hair around each face."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

MARGIN = 0.1
NET_SIDE = 256
EDGE = 2.0
"""Reach along bare skin and clothes, in pixels of the rough mask."""
HAIR = 0.07
"""Reach outwards where hair may be, in face heights; half of it inwards."""
FARTHEST = 0.04
"""The same, at most, as a share of the longer side."""
HEAD = (0.75, 0.75, 0.55)
"""How far hair may lie from a face's box: to each side, above and below, in the box's width and height."""


def find_uncertain(mask: Floats, faces: Floats) -> Mask:
    """Pixels whose alpha is to be found anew.

    mask HW 0..1; faces N x 4 (left, top, width, height in px). Wide around heads, narrow elsewhere.
    """
    longest = max(mask.shape)
    narrow = max(1, round(EDGE * longest / NET_SIDE))
    soft = ((mask >= MARGIN) & (mask <= 1 - MARGIN)).astype(np.uint8)
    band = (cv2.dilate(soft, disc(narrow)) > 0) | outline(mask > 0.5, narrow, narrow)
    for face in faces:
        reach = max(narrow, round(min(HAIR * float(face[3]), FARTHEST * longest)))
        band |= outline(mask > 0.5, reach, max(narrow, reach // 2)) & head_area(mask.shape, face)
    return band


def outline(inside: Mask, outwards: int, inwards: int) -> Mask:
    """Pixels within so many px of a mask's edge, outside and inside it."""
    solid = inside.astype(np.uint8)
    grown = cv2.dilate(solid, disc(outwards)) > 0
    shrunk = cv2.erode(solid, disc(inwards)) > 0
    band: Mask = grown & ~shrunk
    return band


def disc(radius: int) -> NDArray[np.uint8]:
    side = 2 * radius + 1
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)).astype(np.uint8)


def head_area(shape: tuple[int, ...], face: Floats) -> Mask:
    """The box around a face in which hair may be."""
    left, top, width, height = (float(value) for value in face)
    sides, above, below = HEAD
    area = np.zeros(shape, np.bool_)
    y0, y1 = max(0, round(top - above * height)), max(0, round(top + (1 + below) * height))
    x0, x1 = max(0, round(left - sides * width)), max(0, round(left + (1 + sides) * width))
    area[y0:y1, x0:x1] = True
    return area


def inner_face(shape: tuple[int, ...], face: Floats, share: float = 0.6) -> Mask:
    """The ellipse in a face's box, `share` of its size: in a profile, too, nearly all of it is skin."""
    left, top, width, height = (float(value) for value in face)
    area = np.zeros(shape, np.uint8)
    centre = (round(left + width / 2), round(top + height / 2))
    axes = (max(1, round(width / 2 * share)), max(1, round(height / 2 * share)))
    cv2.ellipse(area, centre, axes, 0, 0, 360, 1, -1)
    return area.astype(np.bool_)


def trust_mask(mask: Floats, strength: float) -> Floats:
    """Weight of the mask as a prior: `strength` where it wavers (0.5), 10 times that where it is sure."""
    doubt = 4 * mask * (1 - mask)
    return (strength / np.maximum(doubt, 0.1)).astype(np.float32)
