"""What the loop's threads do to one frame: decode, fit, encode. OpenCV lets other threads run meanwhile."""

from __future__ import annotations

import cv2
import numpy as np

from pipelines.errors import BadInput, TooLarge
from pipelines.webcam.frames import Rgb, Size
from pipelines.webcam.picture_header import read_size

MAX_PIXELS = 4096 * 2304
REDUCED = (
    (8, cv2.IMREAD_REDUCED_COLOR_8),
    (4, cv2.IMREAD_REDUCED_COLOR_4),
    (2, cv2.IMREAD_REDUCED_COLOR_2),
)
"""JPEG can be decoded at an eighth, a quarter or half of its sides, in less time."""


def decode(data: bytes, longest: int) -> Rgb:
    """A JPEG's or WebP's pixels; its longer side may come out smaller than in the file, not under `longest`.

    Raises BadInput for what is no whole picture, TooLarge over MAX_PIXELS.
    """
    size = read_size(data)
    if size is None or not min(size):
        raise unreadable()
    check_size(size)
    flags = next((flag for part, flag in REDUCED if max(size) // part >= longest), cv2.IMREAD_COLOR)
    try:
        bgr = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error:
        bgr = None
    if bgr is None:
        raise unreadable()
    return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)


def unreadable() -> BadInput:
    """Build the error for bytes that are no picture."""
    return BadInput("This frame is not a whole JPEG or WebP picture.", "Send each frame as one whole file.")


def check_size(size: Size) -> None:
    """Raise TooLarge for a frame that is not looked at."""
    if size[0] * size[1] > MAX_PIXELS:
        raise TooLarge(
            f"The camera's frames are too large ({size[0]}x{size[1]}).", "Send at most 4096x2304 pixels."
        )


def find_size(source: Size, longest: int, multiple: int) -> Size:
    """Sides in multiples for a frame whose longer side should be `longest` px, in the frame's proportions."""
    scale = longest / max(source)
    width, height = (max(1, round(side * scale / multiple)) * multiple for side in source)
    return width, height


def fit(rgb: Rgb, size: Size, mirror: bool) -> Rgb:
    """The frame at a size, turned about if asked."""
    height, width = rgb.shape[:2]
    if (width, height) != size:
        smaller = size[0] < width
        how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
        rgb = cv2.resize(rgb, size, interpolation=how)
    return cv2.flip(rgb, 1) if mirror else rgb


def encode(rgb: Rgb, quality: int) -> bytes:
    """A JPEG file, quality 1..100."""
    _, data = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), (cv2.IMWRITE_JPEG_QUALITY, quality))
    return bytes(data)
