"""CV-UNet, ModelScope's matting for any picture size, after its conversion to ONNX."""

from __future__ import annotations

import cv2
import numpy as np

from weights.nets.onnx_session import RunsGraph

INPUT, ALPHA = "input_image:0", "alpha"
# Memory grows with the picture's area, and the net's own detail ends long before this.
LONGEST = 2048
# Thinner pictures vanish in the net's strides.
SHORTEST = 64


class CvUnet:
    """Wraps a file made by `weights.conversion.convert`."""

    def __init__(self, session: RunsGraph, longest: int = LONGEST) -> None:
        """`longest`: pictures with a longer side (pixels) are shrunk for the net and their matte enlarged."""
        self._session = session
        self._longest = longest

    def alpha(self, rgb: np.ndarray) -> np.ndarray:
        """Matte of RGB uint8 HWC: float32 HW in 0..1, same size.

        Raises OutOfMemory.
        """
        height, width = rgb.shape[:2]
        small = shrink(rgb, self._longest)
        rows, columns = small.shape[:2]
        below, right = max(0, SHORTEST - rows), max(0, SHORTEST - columns)
        padded = cv2.copyMakeBorder(small, 0, below, 0, right, cv2.BORDER_REPLICATE)
        raw = self._session.run({INPUT: padded.astype(np.float32)}, [ALPHA])[0]
        matte: np.ndarray = np.clip(np.nan_to_num(raw[:rows, :columns]), 0.0, 1.0).astype(np.float32)
        if (rows, columns) != (height, width):
            matte = cv2.resize(matte, (width, height), interpolation=cv2.INTER_LINEAR)
        return matte


def shrink(rgb: np.ndarray, longest: int) -> np.ndarray:
    """Area-averaged copy whose longer side is at most `longest`; smaller pictures come back as they are."""
    height, width = rgb.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1.0:
        return rgb
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small: np.ndarray = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    return small
