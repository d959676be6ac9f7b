"""Bring pictures with more than 8 bits a channel down to 8: 16-bit, 32-bit integer and float."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.errors import BadInput

WHITE_IS_ZERO = 0
"""TIFF's PhotometricInterpretation."""
REDUCED = "The picture was reduced to 8 bits a channel."
STRETCHED = "The picture's values have no fixed white; they were stretched from the darkest to the brightest."


def to_8_bits(values: NDArray[Any]) -> tuple[NDArray[np.uint8], str]:
    """Scale HW or HWC values to 0..255, rounded, and say in a sentence what was done.

    uint16 and integers within 0..65535 are divided by 257. Floats within 0..1 are multiplied by 255. Anything
    else has no white of its own and is stretched from its minimum to its maximum. NaN and infinity become
    black and white; a picture of nothing else raises BadInput.
    """
    if values.dtype == np.uint8:
        return values.astype(np.uint8, copy=False), ""
    if values.dtype.kind in "iu":
        return _reduce_integers(values)
    return _reduce_floats(values.astype(np.float32, copy=False))


def read_deep(data: bytes) -> NDArray[Any] | None:
    """Read a picture at its full depth through OpenCV: HW, HW3 RGB or HW4 RGBA; None if it can't.

    Pillow cuts 16-bit colour down to its high byte and does not read float colour; OpenCV (which works in
    BGR) keeps both. TIFF comes upright, PNG as it is stored; no profile is applied.
    """
    try:
        found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        return None
    if found is None or found.ndim == 2:
        return found
    swap = cv2.COLOR_BGR2RGB if found.shape[2] == 3 else cv2.COLOR_BGRA2RGBA
    return cv2.cvtColor(found, swap)


def turn_black_to_zero(values: NDArray[Any], photometric: int | None) -> NDArray[Any]:
    """Invert 16-bit grey of a TIFF whose zero is white: neither Pillow nor OpenCV does it at that depth."""
    return 65535 - values if photometric == WHITE_IS_ZERO and values.dtype == np.uint16 else values


def _reduce_integers(values: NDArray[Any]) -> tuple[NDArray[np.uint8], str]:
    if values.dtype == np.uint16 or (values.min() >= 0 and values.max() <= 65535):
        return cv2.convertScaleAbs(values.astype(np.uint16, copy=False), alpha=1 / 257), REDUCED
    return _stretch(values.astype(np.float64)), STRETCHED


def _reduce_floats(values: NDArray[np.float32]) -> tuple[NDArray[np.uint8], str]:
    finite = values[np.isfinite(values)]
    if not finite.size:
        raise BadInput("The picture holds no numbers.", "Save it again as 8-bit or 16-bit and use that file.")
    low, high = float(finite.min()), float(finite.max())
    clean = np.nan_to_num(values, nan=low, posinf=high, neginf=low)
    if low >= 0 and high <= 1:
        return cv2.convertScaleAbs(clean, alpha=255), REDUCED
    return _stretch(clean), STRETCHED


def _stretch(values: NDArray[Any]) -> NDArray[np.uint8]:
    low, high = float(values.min()), float(values.max())
    scale = 255 / (high - low) if high > low else 0.0
    return np.rint((values - low) * scale).astype(np.uint8)
