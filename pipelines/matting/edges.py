"""Reshape a finished matte: move, soften or harden its outline, close holes, keep one piece."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Mask = NDArray[np.uint8]

SOLID = 0.5
"""Alpha from which a pixel counts as the subject's."""


def shape_alpha(
    alpha: Floats,
    *,
    edge: float = 0.0,
    feather: float = 0.0,
    threshold: float = 0.0,
    fill_holes: bool = False,
    largest: bool = False,
) -> Floats:
    """Apply the outline options in the order largest, holes, edge, threshold, feather.

    alpha float32 HW 0..1. edge: px, below 0 moves the outline inwards; feather: px, how far the outline is
    softened; threshold: 0 keeps soft edges, else alpha below it becomes 0 and the rest 1. Returns float32
    HW 0..1; with every option off, the same array.
    """
    if largest:
        alpha = _keep_largest(alpha)
    if fill_holes:
        alpha = _fill_holes(alpha)
    if edge:
        alpha = _move_edge(alpha, edge)
    if threshold > 0:
        alpha = (alpha >= threshold).astype(np.float32)
    if feather > 0:
        alpha = cv2.GaussianBlur(alpha, (0, 0), feather / 2, borderType=cv2.BORDER_REPLICATE)
    return alpha


def _keep_largest(alpha: Floats) -> Floats:
    """Clear everything that lies nearer to another piece than to the largest one."""
    count, pieces, stats, _ = cv2.connectedComponentsWithStats(_solid(alpha), connectivity=8)
    if count <= 2:
        return alpha
    main = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    others = ((pieces > 0) & (pieces != main)).astype(np.uint8)
    nearer = _distance_to(pieces == main) <= _distance_to(others > 0)
    return np.where(nearer, alpha, 0).astype(np.float32)


def _distance_to(piece: NDArray[np.bool_]) -> Floats:
    distance: Floats = cv2.distanceTransform((~piece).astype(np.uint8), cv2.DIST_L2, 5)
    return distance


def _fill_holes(alpha: Floats) -> Floats:
    """Make every region that no path outside the subject joins to the border opaque, soft rim included."""
    outside = cv2.copyMakeBorder(1 - _solid(alpha), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    cv2.floodFill(outside, None, (0, 0), 2, flags=4)
    holes = outside[1:-1, 1:-1] == 1
    if not holes.any():
        return alpha
    # A soft pixel belongs to the hole's rim or to the outline, whichever is nearer.
    nearer = _distance_to(holes) < _distance_to(outside[1:-1, 1:-1] == 2)
    return np.where(nearer, 1, alpha).astype(np.float32)


def _move_edge(alpha: Floats, edge: float) -> Floats:
    """Grey-scale dilation or erosion by `edge` px; between two whole radii the results are mixed."""
    size = abs(edge)
    whole = int(size)
    mixed = _grow(alpha, whole, edge > 0)
    if size > whole:
        mixed += (size - whole) * (_grow(alpha, whole + 1, edge > 0) - mixed)
    return mixed


def _grow(alpha: Floats, radius: int, outwards: bool) -> Floats:
    if radius == 0:
        return alpha.copy()
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    grown: Floats = (cv2.dilate if outwards else cv2.erode)(alpha, disc)
    return grown


def _solid(alpha: Floats) -> Mask:
    return (alpha > SOLID).astype(np.uint8)
