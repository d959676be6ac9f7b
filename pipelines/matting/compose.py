"""Put a cut-out on a background, and cut the picture to its subject."""

from __future__ import annotations

import cv2
import numpy as np

from pipelines.errors import InvalidOption
from pipelines.image.colour import from_srgb

BLUR_SIDE = 768
"""Longest side at which a background is blurred; a blur has no detail that more would show."""
VISIBLE = 8
"""Alpha, of 255, from which on a pixel counts as part of the subject when cropping."""


def compose(
    rgb: np.ndarray,
    alpha: np.ndarray,
    source: np.ndarray,
    background: str,
    *,
    picture: np.ndarray | None = None,
    blur: float = 20.0,
    icc: bytes | None = None,
) -> tuple[np.ndarray, np.ndarray | None]:
    """Lay the subject over a background.

    rgb, source: uint8 HWC, the subject's colours and the picture it comes from; alpha: uint8 HW.
    background: "transparent", "blur" (the source's own, `blur` pixels at a side of 1000), "picture" (the
    given one, filling the frame) or "#rrggbb", these two in sRGB; `icc`: the profile, None for sRGB, that rgb,
    source and the result are in. Returns (rgb, alpha) for "transparent", else (rgb, None).
    """
    if background == "transparent":
        return rgb, alpha
    behind = backdrop(source, alpha, background, picture, blur, icc)
    return lay_over(rgb, alpha, behind), None


def backdrop(
    source: np.ndarray,
    alpha: np.ndarray,
    background: str,
    picture: np.ndarray | None,
    blur: float,
    icc: bytes | None,
) -> np.ndarray:
    """The background alone: uint8 HWC of the source's size, or of size 1x1 for a plain colour."""
    if background == "blur":
        return blur_behind(source, alpha, blur)
    if background == "picture":
        if picture is None:
            raise InvalidOption("No background picture was given.", "Add one, or choose another background.")
        return from_srgb(np.ascontiguousarray(cover(picture, *alpha.shape)), icc)
    return from_srgb(np.array(parse_colour(background), np.uint8).reshape(1, 1, 3), icc)


def lay_over(rgb: np.ndarray, alpha: np.ndarray, behind: np.ndarray) -> np.ndarray:
    """rgb * alpha + behind * (1 - alpha), rounded; in bands of rows, so that memory stays small."""
    out = np.empty_like(rgb)
    behind = np.broadcast_to(behind, rgb.shape)
    for top in range(0, rgb.shape[0], 256):
        rows = slice(top, top + 256)
        a = alpha[rows, :, None].astype(np.uint16)
        out[rows] = (rgb[rows] * a + behind[rows] * (255 - a) + 127) // 255
    return out


def blur_behind(source: np.ndarray, alpha: np.ndarray, blur: float) -> np.ndarray:
    """Blur what is behind the subject without the subject's colours bleeding into it.

    Normalised convolution (Knutsson and Westin 1993): the blurred background times its weight, divided by
    the blurred weight.
    """
    height, width = alpha.shape
    scale = min(1.0, BLUR_SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    sigma = max(0.5, blur * max(size) / 1000)
    small = cv2.resize(source, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    weight = 1 - cv2.resize(alpha, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    weight = np.maximum(weight, 1e-6)[..., None]
    spread = cv2.GaussianBlur(small * weight, (0, 0), sigma)
    total = cv2.GaussianBlur(weight, (0, 0), sigma)[..., None]
    blurred = np.clip(spread / np.maximum(total, 1e-9), 0, 255).astype(np.uint8)
    return cv2.resize(blurred, (width, height), interpolation=cv2.INTER_CUBIC)


def cover(picture: np.ndarray, height: int, width: int) -> np.ndarray:
    """Scale and centre-crop a picture so that it fills height x width."""
    scale = max(height / picture.shape[0], width / picture.shape[1])
    size = (max(width, round(picture.shape[1] * scale)), max(height, round(picture.shape[0] * scale)))
    scaled = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    top, left = (scaled.shape[0] - height) // 2, (scaled.shape[1] - width) // 2
    return scaled[top : top + height, left : left + width]


def parse_colour(text: str) -> tuple[int, int, int]:
    """#rgb or #rrggbb as three values of 0..255."""
    digits = text.lstrip("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def subject_box(alpha: np.ndarray, margin: float) -> tuple[slice, slice]:
    """Rows and columns of the subject with `margin` percent of its longer side around it.

    The whole picture when nothing is visible.
    """
    mask = alpha >= VISIBLE
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if rows.size == 0:
        return slice(0, alpha.shape[0]), slice(0, alpha.shape[1])
    extent = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    room = round(extent * margin / 100)
    return (
        slice(max(0, int(rows[0]) - room), int(rows[-1]) + 1 + room),
        slice(max(0, int(columns[0]) - room), int(columns[-1]) + 1 + room),
    )
