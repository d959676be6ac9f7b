"""Colour profiles: what space a profile describes, and the way to sRGB and back."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

CONVERTED = "The picture's colours were converted to sRGB by its colour profile."
CONVERTED_PLAIN = "The picture's colours were converted to sRGB without a colour profile."
PROFILE_HEADER = 128


def profile_space(icc: bytes | None) -> str:
    """Name the data colour space of an ICC profile ("RGB", "CMYK", "GRAY", ...); "" for none or a broken one.

    The header holds it in bytes 16 to 19 (ICC.1, 7.2.8).
    """
    if not icc or len(icc) <= PROFILE_HEADER or icc[36:40] != b"acsp":
        return ""
    return icc[16:20].decode("latin-1").strip().upper()


def to_srgb(image: Image.Image, icc: bytes | None) -> tuple[Image.Image, str]:
    """Convert a CMYK, Lab, YCbCr or grey picture to sRGB, and say in a sentence how.

    The profile decides where it fits the picture; else Lab goes by Pillow's own Lab profile and the rest by
    Pillow's plain arithmetic.
    """
    try:
        source = _find_profile(image, icc)
        if source is not None:
            return _convert(image, source), CONVERTED
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        pass  # a broken profile: the plain way below is all that is left
    return image.convert("RGB"), CONVERTED_PLAIN


def in_srgb(rgb: NDArray[np.uint8], icc: bytes | None) -> NDArray[np.uint8]:
    """Colours of a profile, None for sRGB, as a screen without colour management shows them right.

    RGB uint8 HW3; as they are for a profile that can't be used.
    """
    return _between(rgb, icc, forth=False)


def from_srgb(rgb: NDArray[np.uint8], icc: bytes | None) -> NDArray[np.uint8]:
    """The way back: sRGB colours as values of a profile. See `in_srgb`."""
    return _between(rgb, icc, forth=True)


def _between(rgb: NDArray[np.uint8], icc: bytes | None, *, forth: bool) -> NDArray[np.uint8]:
    if icc is None:
        return rgb
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        if "sRGB" in ImageCms.getProfileDescription(profile):
            return rgb
        screen = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
        source, target = (screen, profile) if forth else (profile, screen)
        found = ImageCms.profileToProfile(Image.fromarray(rgb), source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return rgb  # a broken profile says nothing, and one of a scanner has no way back
    return rgb if found is None else np.asarray(found)


def _find_profile(image: Image.Image, icc: bytes | None) -> ImageCms.ImageCmsProfile | None:
    fits = {"CMYK": "CMYK", "L": "GRAY", "LAB": "LAB"}
    if icc and profile_space(icc) == fits.get(image.mode):
        return ImageCms.ImageCmsProfile(io.BytesIO(icc))
    if image.mode == "LAB":
        return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    return None


def _convert(image: Image.Image, source: ImageCms.ImageCmsProfile) -> Image.Image:
    target = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    flags = ImageCms.Flags.BLACKPOINTCOMPENSATION
    found = ImageCms.profileToProfile(image, source, target, intent, "RGB", False, flags)
    if found is None:
        raise ValueError("no picture came back")
    return found
