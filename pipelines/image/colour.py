"""Colour profiles: what space a profile describes, and the way to sRGB for pictures that aren't RGB."""

from __future__ import annotations

import io

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
