"""Pictures in and out: any common file becomes upright 8-bit RGB with its alpha, profile and resolution."""

from __future__ import annotations

import hashlib
import logging
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from pipelines.errors import BadInput, TooLarge
from pipelines.image.decode import decode
from pipelines.image.encode import encode_image
from pipelines.image.sniff import READABLE, cut_off, explain_unreadable

__all__ = ["Picture", "encode_image", "open_image", "resize_to_fit"]

log = logging.getLogger(__name__)

SMALLEST_SIDE = 8
NARROWEST = 50

# What decoders raise on damaged files: they promise no types.
DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    EOFError,
    AttributeError,
    LookupError,
    ArithmeticError,
    RuntimeError,
    struct.error,
    zlib.error,
    cv2.error,
)


@dataclass(frozen=True)
class Picture:
    """One opened picture.

    rgb is uint8 HW3, upright; alpha is uint8 HW, or None when the input has no transparency. icc is an RGB
    profile that rgb is in (None: sRGB), dpi (across, down). `data` are the bytes it came from and `sha256`
    their hash. `notes` are sentences about what was changed on the way in.
    """

    rgb: NDArray[np.uint8]
    alpha: NDArray[np.uint8] | None
    icc: bytes | None
    dpi: tuple[float, float] | None
    format: str
    sha256: str
    name: str
    data: bytes
    notes: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return int(self.rgb.shape[1])

    @property
    def height(self) -> int:
        return int(self.rgb.shape[0])


def open_image(
    source: bytes | Path, *, name: str = "", max_pixels: int, max_bytes: int | None = None
) -> Picture:
    """Open a JPEG, PNG, WebP, TIFF, BMP, GIF or AVIF file (HEIC where Pillow has a reader for it).

    Animated and paged files give their first frame. Raises NotAnImage for other files, TooLarge over
    `max_bytes` or over `max_pixels` (before a pixel is decoded), BadInput for empty, damaged, tiny or
    extremely narrow pictures.
    """
    data = _read(source, max_bytes) if isinstance(source, Path) else bytes(source)
    _check_bytes(len(data), max_bytes)
    try:
        found = decode(data, lambda width, height: _check_size(width, height, max_pixels))
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except UnidentifiedImageError as error:
        raise explain_unreadable(data) from error
    except MemoryError as error:
        raise TooLarge(
            "There is not enough memory for this picture.", "Scale it down and try again."
        ) from error
    except DECODER_ERRORS as error:
        log.info("%r could not be decoded: %r", name, error)
        raise cut_off() from error
    named = name or (source.name if isinstance(source, Path) else "")
    sha256 = hashlib.sha256(data).hexdigest()
    return Picture(
        found.rgb, found.alpha, found.icc, found.dpi, found.format, sha256, named, data, found.notes
    )


def resize_to_fit(rgb: NDArray[np.uint8], longest: int) -> NDArray[np.uint8]:
    """Shrink HW, HW3 or HW4 so that its longer side is at most `longest` pixels, averaging areas."""
    height, width = rgb.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return rgb
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)


def _read(path: Path, max_bytes: int | None) -> bytes:
    try:
        if path.is_file():
            _check_bytes(path.stat().st_size, max_bytes)
            return path.read_bytes()
    except (OSError, ValueError) as error:
        raise BadInput(f"{path.name} can't be read.", "Check that the file may be read.") from error
    raise BadInput(f"There is no file {path.name}.", READABLE)


def _check_bytes(size: int, max_bytes: int | None) -> None:
    if size == 0:
        raise BadInput("The file is empty.", "Choose the file again; its copy may have failed.")
    if max_bytes is not None and size > max_bytes:
        raise TooLarge(
            f"The file has {size / 1e6:.1f} MB; {max_bytes / 1e6:g} MB is the limit.",
            "Scale the picture down or save it as JPEG.",
        )


def _check_size(width: int, height: int, max_pixels: int) -> None:
    if width * height > max_pixels:
        raise _too_many_pixels(f" ({width}x{height}; the limit is {max_pixels / 1e6:g} megapixels)")
    shorter, longer = min(width, height), max(width, height)
    if shorter < SMALLEST_SIDE:
        raise BadInput(
            f"The picture is too small ({width}x{height}).",
            f"Use one with at least {SMALLEST_SIDE} pixels a side.",
        )
    if longer > NARROWEST * shorter:
        raise BadInput(
            f"The picture is too narrow ({width}x{height}).",
            f"Use one whose longer side is at most {NARROWEST} times the shorter.",
        )


def _too_many_pixels(detail: str = "") -> TooLarge:
    return TooLarge(f"The picture has too many pixels{detail}.", "Scale it down and try again.")
