"""A net that paints in one style for good."""

from __future__ import annotations

import cv2
import numpy as np

from weights.nets.onnx_session import OnnxSession
from weights.nets.painter_graph import AFTER, BEFORE, BLOCK, PAINTED, PICTURE


class Painting:
    """Wraps a graph of `painter_graph.write_painter`. Safe to use from several threads."""

    multiple = BLOCK
    """Sides that are so many px times a whole number are painted without a remainder."""

    def __init__(self, session: OnnxSession) -> None:
        self._session = session

    def draw(self, rgb: np.ndarray) -> np.ndarray:
        """RGB uint8 HWC of any size -> its painting, the same size. Raises OutOfMemory."""
        height, width = rgb.shape[:2]
        below, right = (_round_up(side) - side + AFTER for side in (height, width))
        padded = cv2.copyMakeBorder(rgb, BEFORE, below, BEFORE, right, cv2.BORDER_REFLECT)
        painted: np.ndarray = self._session.run({PICTURE: padded[None]}, [PAINTED])[0][0]
        return np.ascontiguousarray(painted[:height, :width])


def _round_up(side: int) -> int:
    """Whole blocks, and two at least: fewer can't be padded by reflection."""
    return max(2, -(-side // BLOCK)) * BLOCK
