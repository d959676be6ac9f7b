"""A published net that paints in the manner of any picture, asked for a first idea of what ours is to learn.

Ghiasi et al., "Exploring the structure of a real-time, arbitrary neural artistic stylization network", BMVC 2017.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from weights.nets.onnx_session import OnnxSession

Picture = NDArray[np.uint8]

PREDICT, TRANSFORM = "arbitrary_predict.onnx", "arbitrary_transform.onnx"
SIDE = 384
"""Side of the pictures that it paints, px: a camera frame's longer side, so its strokes are of the right size."""
STYLE_SIDE = 256
CPU = ["CPUExecutionProvider"]


class Teacher:
    """Holds each style's vector; paints squares of SIDE px."""

    def __init__(self, folder: Path, paintings: Sequence[Picture], threads: int = 1) -> None:
        """`folder` holds the two published graphs. Raises FileNotFoundError, ModelDamaged."""
        for name in (PREDICT, TRANSFORM):
            if not (folder / name).is_file():
                raise FileNotFoundError(f"{folder} holds no {name}")
        open_graph = partial(OnnxSession, providers=CPU, threads=threads)
        predict, self._transform = open_graph(folder / PREDICT), open_graph(folder / TRANSFORM)
        self._vectors = [
            predict.run({predict.input_name: _square(painting, STYLE_SIDE)})[0] for painting in paintings
        ]
        self._photo, self._vector = self._transform.inputs

    def paint(self, rgb: Picture, style: int) -> Picture:
        """RGB uint8 SIDE x SIDE x 3 in the manner of a style, by its number."""
        feeds = {self._photo: rgb[None].astype(np.float32) / 255, self._vector: self._vectors[style]}
        return np.asarray(np.rint(self._transform.run(feeds)[0][0].clip(0, 1) * 255), np.uint8)


def _square(rgb: Picture, side: int) -> NDArray[np.float32]:
    """The middle of a picture, 1 x side x side x 3 in 0..1."""
    edge = min(rgb.shape[:2])
    top, left = (rgb.shape[0] - edge) // 2, (rgb.shape[1] - edge) // 2
    middle = rgb[top : top + edge, left : left + edge]
    return cv2.resize(middle, (side, side), interpolation=cv2.INTER_AREA)[None].astype(np.float32) / 255
