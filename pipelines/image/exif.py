"""A picture's EXIF, which is a TIFF directory of its own and may claim as much as one."""

from __future__ import annotations

from PIL import Image

from pipelines.image.tiff_tags import is_bearable

START = b"Exif\0\0"
TEXT = "Raw profile type exif"
"""Where ImageMagick puts a PNG's EXIF: three lines, then hexadecimal digits."""


def read_exif(image: Image.Image) -> Image.Exif:
    """The EXIF of an opened picture, empty where it claims more than it can hold. Raises ValueError."""
    if image.format == "PNG" and "exif" not in image.info:
        image.load()  # a PNG's texts may stand behind its pixels
    block = image.info.get("exif")
    if block is None and TEXT in image.info:
        block = bytes.fromhex("".join(image.info[TEXT].split("\n")[3:]))
    while block and block.startswith(START):
        block = block[len(START) :]
    return image.getexif() if is_bearable(block or b"") else Image.Exif()
