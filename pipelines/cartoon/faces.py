"""The faces of a picture: found, numbered as one reads, and turned upright for the nets that draw them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from weights.nets.center_face import Faces
from weights.store import ModelStore

MODEL = "centerface"
LEAST = 16
"""Faces narrower than this, in px, are left to the net that draws the background."""
MOST = 64
"""Faces of one picture that are drawn; the largest ones."""
ROW = 0.5
"""Faces whose middles differ by less than this share of their height stand in one row."""
SIDE = 288
"""Side of the square in which the published nets learned faces."""
ARCFACE = np.array(
    [[30.295, 51.696], [65.532, 51.501], [48.025, 71.737], [33.549, 92.366], [62.730, 92.204]], np.float64
)
"""Where eyes, nose and corners of the mouth stand in a 96 x 112 crop: the usual five-point template."""
PLACES = ((ARCFACE + 1 + [8, 0] - 56) * 0.75 + 56) / 112
"""The same in the square of DCT-Net's heads, as shares of its side."""


@dataclass(frozen=True)
class Face:
    """`box` left, top, width, height and `points` 5 x 2 (x, y), in px of the picture; `number` from 1."""

    number: int
    box: tuple[float, float, float, float]
    points: np.ndarray
    score: float


def find_faces(rgb: np.ndarray, store: ModelStore) -> list[Face]:
    """Faces of RGB uint8 HWC, numbered in reading order. Raises ModelMissing, ModelDamaged."""
    with store.use(MODEL) as loaded:
        found = loaded.model.find(rgb)
    wide = [index for index in range(len(found)) if found.boxes[index, 2] >= LEAST]
    wide.sort(key=lambda index: -found.boxes[index, 2])
    kept = order_faces(found.boxes, wide[:MOST])
    return [make_face(place, found, index) for place, index in enumerate(kept, 1)]


def make_face(number: int, found: Faces, index: int) -> Face:
    """The face at `index` of what was found, under its number."""
    left, top, width, height = (float(value) for value in found.boxes[index])
    points = found.points[index].astype(np.float64)
    return Face(number, (left, top, width, height), points, float(found.scores[index]))


def order_faces(boxes: np.ndarray, indices: list[int]) -> list[int]:
    """Indices of boxes N x 4 as one reads them: row by row, each from the left."""
    rows: list[list[int]] = []
    for index in sorted(indices, key=lambda index: boxes[index, 1] + boxes[index, 3] / 2):
        middle = boxes[index, 1] + boxes[index, 3] / 2
        last = rows[-1] if rows else None
        if last and middle - np.mean([boxes[i, 1] + boxes[i, 3] / 2 for i in last]) < ROW * boxes[index, 3]:
            last.append(index)
        else:
            rows.append([index])
    return [index for row in rows for index in sorted(row, key=lambda index: boxes[index, 0])]


def align(points: np.ndarray, side: int) -> np.ndarray:
    """2 x 3 matrix that carries a face's five points (5 x 2, px) into the heads' square of `side` px.

    The best turn, scale and shift by least squares: Umeyama, "Least-Squares Estimation of Transformation
    Parameters Between Two Point Patterns", PAMI 1991, without mirroring.
    """
    target = PLACES * side
    source_mean, target_mean = points.mean(axis=0), target.mean(axis=0)
    a, b = points - source_mean, target - target_mean
    spread = max(float((a**2).sum()), 1e-9)
    cosine = float((a * b).sum()) / spread
    sine = float((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum()) / spread
    turn = np.array([[cosine, -sine], [sine, cosine]])
    return np.hstack([turn, (target_mean - turn @ source_mean)[:, None]])


def natural_side(points: np.ndarray) -> float:
    """Side in px of the heads' square as it lies on the picture."""
    matrix = align(points, SIDE)
    return SIDE / float(np.hypot(matrix[0, 0], matrix[1, 0]))


def cut_square(rgb: np.ndarray, matrix: np.ndarray, side: int) -> np.ndarray:
    """The square that `matrix` carries a picture into; white beyond its border, as the nets learned."""
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if scale < 0.5:
        # An area average first: a plain warp would skip pixels.
        small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        shrunk = np.array([small.shape[1] / rgb.shape[1], small.shape[0] / rgb.shape[0]])
        matrix = np.hstack([matrix[:, :2] / shrunk, matrix[:, 2:]])
        rgb = small
    how = cv2.INTER_LANCZOS4 if scale > 1 else cv2.INTER_LINEAR
    return cv2.warpAffine(rgb, matrix, (side, side), flags=how, borderValue=(255, 255, 255))
