"""Decode the bytes of a picture into upright 8-bit RGB and alpha. Pillow reads; OpenCV where it is deeper."""

from __future__ import annotations

import io
import math
import struct
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import (
    AvifImagePlugin,  # noqa: F401  (a plugin registers itself when imported; preinit imports the others)
    ExifTags,
    Image,
    ImageFile,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,  # noqa: F401
)

from pipelines.image.depth import read_deep, turn_black_to_zero
from pipelines.image.exif import read_exif
from pipelines.image.pixels import Pixels, split_image, split_values
from pipelines.image.png_chunks import has_whole_chunks, read_declared_size
from pipelines.image.tiff_tags import is_bearable

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF", "HEIF")
SEVERAL_FRAMES = "The file has several frames or pages; only the first one was used."
CHECK_LOCK = threading.Lock()

TIFF_STARTS = (b"II*\0", b"MM\0*")
TIFF_ORDERS = (b"II", b"MM")
WIDTH, HEIGHT, PHOTOMETRIC, EXTRA_SAMPLES, PROFILE = 256, 257, 262, 338, 34675
BITS, SAMPLES, PLANES, APART = 258, 277, 284, 2
STRAIGHT = (2,)
"""TIFF's ExtraSamples of an alpha that the colours are not multiplied by."""

TURNS: dict[int, Callable[[Any], Any]] = {
    2: lambda pixels: cv2.flip(pixels, 1),
    3: lambda pixels: cv2.rotate(pixels, cv2.ROTATE_180),
    4: lambda pixels: cv2.flip(pixels, 0),
    5: lambda pixels: cv2.transpose(pixels),
    6: lambda pixels: cv2.rotate(pixels, cv2.ROTATE_90_CLOCKWISE),
    7: lambda pixels: cv2.flip(cv2.transpose(pixels), -1),
    8: lambda pixels: cv2.rotate(pixels, cv2.ROTATE_90_COUNTERCLOCKWISE),
}
LYING = (5, 6, 7, 8)


@dataclass(frozen=True)
class Decoded:
    """See `image.Picture`, which has the same fields."""

    rgb: NDArray[np.uint8]
    alpha: NDArray[np.uint8] | None
    icc: bytes | None
    dpi: tuple[float, float] | None
    format: str
    notes: tuple[str, ...]


def decode(data: bytes, check: Callable[[int, int], None]) -> Decoded:
    """Decode the first frame, turned as its EXIF orientation says.

    `check(width, height)` sees the declared size before any pixel is decoded. Raises whatever `check` and the
    decoders raise: `image.open_image` maps that.
    """
    if data[:2] in TIFF_ORDERS and not is_bearable(data):
        raise UnidentifiedImageError
    try:
        image, orientation = _open(data, check)
    except UnidentifiedImageError:
        # A PNG of nothing but a header is not known to Pillow; its claim is still refused for what it is.
        declared = read_declared_size(data)
        if declared:
            check(*declared)
        return _decode_deep_tiff(data, check)
    pixels = _read_pixels(image, data)
    turn = TURNS.get(orientation, np.ascontiguousarray)
    dpi = _find_dpi(image)
    return Decoded(
        rgb=turn(pixels.rgb),
        alpha=None if pixels.alpha is None else turn(pixels.alpha),
        icc=pixels.icc,
        dpi=(dpi[1], dpi[0]) if dpi and orientation in LYING else dpi,
        format="JPEG" if image.format == "MPO" else str(image.format),
        notes=((SEVERAL_FRAMES,) if _has_frames(image) else ()) + pixels.notes,
    )


def _open(data: bytes, check: Callable[[int, int], None]) -> tuple[ImageFile.ImageFile, int]:
    """Open and check, then give the picture and its orientation (1 for TIFF: loading turns it)."""
    Image.preinit()
    known = [name for name in FORMATS if name in Image.OPEN]
    with _own_checks():
        image = Image.open(io.BytesIO(data), formats=known)
        check(*image.size)
        if isinstance(image, TiffImagePlugin.TiffImageFile):
            _refuse_deep_planes(image.tag_v2)
            image.load()
            return image, 1
        return image, _find_orientation(image)


@contextmanager
def _own_checks() -> Iterator[None]:
    """Put Pillow's warnings and pixel limit aside: ours take their place.

    Python's warning filters and Pillow's limit belong to the whole process, so one thread at a time is in
    here: for the headers only, and for TIFF, whose loading warns too.
    """
    with CHECK_LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = limit


def _find_orientation(image: ImageFile.ImageFile) -> int:
    try:
        return int(read_exif(image).get(ExifTags.Base.Orientation, 1))
    except (OSError, SyntaxError, ValueError, TypeError, LookupError, struct.error):
        return 1  # broken EXIF is no reason to refuse the picture


def _has_frames(image: ImageFile.ImageFile) -> bool:
    return image.format != "MPO" and bool(getattr(image, "is_animated", False))


def _read_pixels(image: ImageFile.ImageFile, data: bytes) -> Pixels:
    icc = image.info.get("icc_profile")
    if image.format == "PNG":
        _scale_clear_grey(image, depth=data[24], kind=data[25])
    if _is_deep_colour(image, data):
        values = read_deep(data)
        if values is not None and values.ndim == 3 and values.shape[:2] == (image.height, image.width):
            return split_values(values, icc)
    return split_image(image, icc)


def _scale_clear_grey(image: ImageFile.ImageFile, depth: int, kind: int) -> None:
    """Bring a PNG's transparent grey to the 8 bits that Pillow brings its pixels to."""
    clear = image.info.get("transparency")
    if kind == 0 and depth in (2, 4) and isinstance(clear, int):
        white = (1 << depth) - 1
        image.info["transparency"] = (clear & white) * 255 // white


def _is_deep_colour(image: ImageFile.ImageFile, data: bytes) -> bool:
    if image.format == "PNG":
        # OpenCV sets aside as much memory as a damaged chunk claims to have
        return data[24] == 16 and data[25] in (2, 6) and has_whole_chunks(data)
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        bits = set(image.tag_v2.get(ExifTags.Base.BitsPerSample, ()))
        as_it_is = image.tag_v2.get(EXTRA_SAMPLES, STRAIGHT) == STRAIGHT
        return bits == {16} and image.mode in ("RGB", "RGBA") and as_it_is
    return False


def _find_dpi(image: ImageFile.ImageFile) -> tuple[float, float] | None:
    try:
        across, down = (float(side) for side in image.info.get("dpi") or _find_exif_dpi(image))
    except (SyntaxError, ValueError, TypeError, ZeroDivisionError, struct.error):
        return None
    plausible = all(math.isfinite(side) and 1 < side <= 100_000 for side in (across, down))
    return (across, down) if plausible else None


def _find_exif_dpi(image: ImageFile.ImageFile) -> tuple[float, ...]:
    exif = read_exif(image)
    factor = 2.54 if exif.get(ExifTags.Base.ResolutionUnit, 2) == 3 else 1.0
    sides = (exif.get(ExifTags.Base.XResolution), exif.get(ExifTags.Base.YResolution))
    return tuple(float(side) * factor for side in sides if side)


def _decode_deep_tiff(data: bytes, check: Callable[[int, int], None]) -> Decoded:
    """Colour TIFFs of a depth that Pillow does not know, 32-bit float above all."""
    if data[:4] not in TIFF_STARTS:
        raise UnidentifiedImageError
    stream = io.BytesIO(data)
    tags = TiffImagePlugin.ImageFileDirectory_v2(stream.read(8))
    stream.seek(tags.next)
    with _own_checks():
        tags.load(stream)
        check(int(tags[WIDTH]), int(tags[HEIGHT]))
        _refuse_deep_planes(tags)
    values = read_deep(data)
    if values is None or math.prod(values.shape[2:]) < tags.get(SAMPLES, 1):
        raise UnidentifiedImageError  # OpenCV leaves out the alpha of deep grey
    pixels = split_values(turn_black_to_zero(values, tags.get(PHOTOMETRIC)), tags.get(PROFILE))
    return Decoded(pixels.rgb, pixels.alpha, pixels.icc, None, "TIFF", pixels.notes)


def _refuse_deep_planes(tags: TiffImagePlugin.ImageFileDirectory_v2) -> None:
    """Refuse deep colours that lie one after the other: Pillow and OpenCV read them as if they were mixed."""
    if tags.get(PLANES) == APART and tags.get(SAMPLES, 1) > 1 and max(tags.get(BITS, (1,))) > 8:
        raise UnidentifiedImageError
