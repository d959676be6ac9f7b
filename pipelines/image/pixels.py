"""Take pictures of every mode apart into 8-bit RGB, alpha and an RGB profile."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, TiffImagePlugin

from pipelines.image.colour import profile_space, to_srgb
from pipelines.image.depth import to_8_bits, turn_black_to_zero

STRIP = 256


@dataclass(frozen=True)
class Pixels:
    """rgb uint8 HW3; alpha uint8 HW, None when all is opaque; icc an RGB profile, None for sRGB."""

    rgb: NDArray[np.uint8]
    alpha: NDArray[np.uint8] | None = None
    icc: bytes | None = None
    notes: tuple[str, ...] = ()


def split_image(image: Image.Image, icc: bytes | None) -> Pixels:
    """Split a picture of any Pillow mode. Colours that aren't RGB are converted to sRGB."""
    if image.mode[0] in "IF":
        values = _read_grey_values(image)
        return replace(split_values(values, icc), alpha=_find_clear(values, image.info.get("transparency")))
    if image.has_transparency_data:
        return _split_transparent(image, icc)
    if image.mode in ("CMYK", "LAB"):
        converted, note = to_srgb(image, icc)
        return Pixels(_read_strips(converted, "RGB"), notes=(note,))
    if image.mode in ("1", "L"):
        return Pixels(_read_grey(image, icc))
    return Pixels(_read_strips(image, "RGB"), icc=_keep_rgb_profile(icc))


def split_values(values: NDArray[Any], icc: bytes | None) -> Pixels:
    """Split HW, HW3 RGB or HW4 RGBA values of any depth."""
    pixels, note = to_8_bits(values)
    if pixels.ndim == 2:
        return Pixels(_read_grey(Image.fromarray(pixels), icc), notes=(note,))
    rgb = np.ascontiguousarray(pixels[..., :3])
    return Pixels(rgb, _find_alpha(pixels), _keep_rgb_profile(icc), (note,))


def _split_transparent(image: Image.Image, icc: bytes | None) -> Pixels:
    pixels = _read_strips(image, "RGBA")
    alpha = _find_alpha(pixels)
    if profile_space(icc) == "GRAY":
        return Pixels(_read_grey(Image.fromarray(np.ascontiguousarray(pixels[..., 0])), icc), alpha)
    return Pixels(np.ascontiguousarray(pixels[..., :3]), alpha, _keep_rgb_profile(icc))


def _read_grey(image: Image.Image, icc: bytes | None) -> NDArray[np.uint8]:
    grey_profile = image.mode == "L" and profile_space(icc) == "GRAY"
    return _read_strips(to_srgb(image, icc)[0] if grey_profile else image, "RGB")


def _read_grey_values(image: Image.Image) -> NDArray[Any]:
    values: NDArray[Any] = np.asarray(image)
    values = values.astype(values.dtype.newbyteorder("="), copy=False)
    tags = image.tag_v2 if isinstance(image, TiffImagePlugin.TiffImageFile) else {}
    return turn_black_to_zero(values, tags.get(ExifTags.Base.PhotometricInterpretation))


def _read_strips(image: Image.Image, mode: str) -> NDArray[np.uint8]:
    """Convert strip by strip: Pillow's own copies would take three times the picture's memory."""
    image.load()
    pixels = np.empty((image.height, image.width, len(mode)), np.uint8)
    for top in range(0, image.height, STRIP):
        bottom = min(top + STRIP, image.height)
        strip = image.crop((0, top, image.width, bottom))
        pixels[top:bottom] = np.asarray(strip if strip.mode == mode else strip.convert(mode))
    return pixels


def _find_alpha(pixels: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    if pixels.shape[2] < 4 or pixels[..., 3].min() == 255:
        return None
    return np.ascontiguousarray(pixels[..., 3])


def _find_clear(grey: NDArray[Any], clear: int | None) -> NDArray[np.uint8] | None:
    """Alpha of a deep PNG in which one grey stands for nothing."""
    opaque = np.not_equal(grey, clear) if clear is not None else np.True_
    return None if opaque.all() else np.where(opaque, 255, 0).astype(np.uint8)


def _keep_rgb_profile(icc: bytes | None) -> bytes | None:
    return icc if profile_space(icc) == "RGB" else None
