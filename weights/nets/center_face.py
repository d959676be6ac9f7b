"""CenterFace: boxes and five points of faces, from a heat map a quarter of the picture's size.

Xu et al., "CenterFace: Joint Face Detection and Alignment Using Face as Point", Scientific Programming 2020.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from weights.nets.onnx_session import OnnxSession

STRIDE = 4
MULTIPLE = 32
SCORE = 0.5
"""Heat from which on a peak is a face."""
OVERLAP = 0.3
"""Boxes that share more than this of their union are one face."""
SIDES = (320, 640)
"""Longer sides at which a picture is searched: faces that fill it, then small ones."""
WHOLE = 240
"""Faces larger than this, in px of the net's input, are drawn badly: only the smallest side keeps them."""
LARGEST = 8.0
"""Natural logarithm of the largest box, in strides: an untrained corner of the map must not overflow."""


@dataclass(frozen=True)
class Faces:
    """`boxes` N x 4 float32 (left, top, width, height in px), `points` N x 5 x 2 (eyes, nose, corners of the
    mouth; x, y, the picture's left first), `scores` N in 0..1, the surest face first."""

    boxes: np.ndarray
    points: np.ndarray
    scores: np.ndarray

    def __len__(self) -> int:
        return len(self.boxes)


class CenterFace:
    """Wraps the published graph: RGB 0..255 in, heat, size, offset and points out."""

    def __init__(self, session: OnnxSession) -> None:
        self._session = session

    def find(self, rgb: np.ndarray, score: float = SCORE, sides: tuple[int, ...] = SIDES) -> Faces:
        """Faces of RGB uint8 HWC, searched at each of `sides` that is not larger than the picture."""
        longest = max(rgb.shape[:2])
        wanted = [side for side in sides if side <= longest] or [longest]
        limits = [np.inf, *(WHOLE / side * longest for side in wanted[1:])]
        found = [
            _up_to(limit, *self._find_at(rgb, side, score))
            for side, limit in zip(wanted, limits, strict=True)
        ]
        boxes, points, scores = (np.concatenate(parts) for parts in zip(*found, strict=True))
        chosen = cv2.dnn.NMSBoxes(boxes.tolist(), scores.tolist(), score, OVERLAP) if len(boxes) else ()
        order = np.array(chosen, np.intp).reshape(-1)
        return Faces(boxes[order], points[order], scores[order])

    def _find_at(self, rgb: np.ndarray, side: int, score: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        height, width = rgb.shape[:2]
        scale = side / max(height, width)
        shrunk = [max(MULTIPLE, round(edge * scale / MULTIPLE) * MULTIPLE) for edge in (height, width)]
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        small = cv2.resize(rgb, (shrunk[1], shrunk[0]), interpolation=how)
        batch = small.transpose(2, 0, 1)[None].astype(np.float32)
        heat, size, offset, marks = self._session.run({self._session.input_name: batch})
        boxes, points, scores = decode(heat[0], size[0], offset[0], marks[0], score)
        back = np.array([width / shrunk[1], height / shrunk[0]], np.float32)
        return boxes * np.tile(back, 2), points * back, scores


def _up_to(
    limit: float, boxes: np.ndarray, points: np.ndarray, scores: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    fits = boxes[:, 3] <= limit
    return boxes[fits], points[fits], scores[fits]


def decode(
    heat: np.ndarray, size: np.ndarray, offset: np.ndarray, marks: np.ndarray, score: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Boxes, points and scores where the heat is above `score`.

    heat 1 x h x w; size and offset 2 x h x w, y before x; marks 10 x h x w, y before x, in the box's width
    and height from its corner.
    """
    y, x = np.nonzero(heat[0] > score)
    scores = heat[0, y, x].astype(np.float32)
    sides = np.exp(np.minimum(size[:, y, x], LARGEST)) * STRIDE
    centre = (np.stack([y, x]) + offset[:, y, x] + 0.5) * STRIDE
    corner = centre - sides / 2
    boxes = np.stack([corner[1], corner[0], sides[1], sides[0]], axis=1).astype(np.float32)
    places = marks[:, y, x].reshape(5, 2, -1)
    points = (places * sides + corner).transpose(2, 0, 1)[..., ::-1]
    return boxes, points.astype(np.float32), scores
