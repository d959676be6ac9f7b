"""DCT-Net: a picture in a cartoon's style, by one net for whole pictures and one for faces close up."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from weights.errors import ModelDamaged
from weights.nets.dctnet_layers import FETCH_AGAIN, read_weights
from weights.nets.dctnet_onnx import INPUT, OUTPUT, write_dctnet
from weights.nets.onnx_session import RunsGraph

MULTIPLE = 4
REACH = 64
"""Pixels around a pixel that its drawing depends on: tiles that begin at multiples of MULTIPLE and overlap by
twice as much are drawn like the whole."""
HEAD = 288
"""Side, in px, of the face crops that the head's net was trained on, and of the mask."""
LARGEST_MASK = 4096
"""Its longest side, px; a few bytes can claim gigabytes."""


class DctNet:
    """The two nets of one style, and how far the drawn face covers the picture around it."""

    def __init__(self, background: RunsGraph, head: RunsGraph, mask: np.ndarray | None = None) -> None:
        """`mask`: HEAD x HEAD float32 in 0..1, 1 where a face crop's drawing shows; None when none came along."""
        self._background = background
        self._head = head
        self.mask = mask

    def draw_background(self, rgb: np.ndarray) -> np.ndarray:
        """A whole picture in the style: RGB uint8 HWC in and out, any size.

        A megapixel takes about a gigabyte. Raises OutOfMemory.
        """
        return draw(self._background, rgb)

    def draw_head(self, rgb: np.ndarray) -> np.ndarray:
        """A face that fills the picture, upright, in the style: RGB uint8 HWC in and out, best at HEAD x HEAD.

        Raises OutOfMemory.
        """
        return draw(self._head, rgb)


def draw(session: RunsGraph, rgb: np.ndarray) -> np.ndarray:
    """Run a graph of `write_dctnet` on RGB uint8 HWC of any size."""
    height, width = rgb.shape[:2]
    below, right = -height % MULTIPLE, -width % MULTIPLE
    # not with white, as the published pipeline pads to 16: the nets draw a line along that border
    padded = np.pad(rgb, ((0, below), (0, right), (0, 0)), mode="edge") if below or right else rgb
    drawing = session.run({INPUT: np.ascontiguousarray(padded)[None]}, [OUTPUT])[0][0]
    return drawing[:height, :width]


def convert_graph(path: Path) -> bytes:
    """The ONNX file of a published graph. Raises ModelDamaged, naming the first difference."""
    return write_dctnet(read_weights(path.name, path.read_bytes()))


def read_mask(path: Path) -> np.ndarray:
    """The published alpha.jpg as HEAD x HEAD float32 in 0..1. Raises ModelDamaged when it is no picture."""
    grey = _decode(path) if _side_of(path) <= LARGEST_MASK else None
    if grey is None:
        raise ModelDamaged(f"{path.name} is not a picture.", FETCH_AGAIN)
    mask = cv2.resize(grey, (HEAD, HEAD), interpolation=cv2.INTER_AREA)
    return mask.astype(np.float32) / 255


def _side_of(path: Path) -> int:
    """The longer side of a picture, px, from its header alone; more than any picture has where there is none."""
    try:
        with Image.open(path, formats=("JPEG", "PNG")) as picture:
            return max(picture.size)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return LARGEST_MASK + 1


def _decode(path: Path) -> np.ndarray | None:
    try:
        return cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_GRAYSCALE)
    except cv2.error:
        return None
