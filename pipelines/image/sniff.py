"""Say why a file is not a picture that Inkframe reads, by looking at its first bytes."""

from __future__ import annotations

from pipelines.errors import BadInput, InkframeError, NotAnImage

READABLE = "Use a JPEG, PNG, WebP, TIFF, BMP, GIF or AVIF file."

PICTURE_STARTS = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM")
TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")

OTHER_KINDS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "This is a PDF, not a picture.", "Export the page as PNG or JPEG and use that file."),
    (b"PK\x03\x04", "This is an archive, not a picture.", "Unpack it and use one of its pictures."),
    (b"<!doctype html", "This is a web page, not a picture.", "Save the picture itself and use that file."),
    (b"<html", "This is a web page, not a picture.", "Save the picture itself and use that file."),
)


def explain_unreadable(data: bytes) -> InkframeError:
    """Build the error for bytes (at least one) that no decoder recognises."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in head and head.startswith(b"<"):
        return NotAnImage("SVG drawings are not read.", "Export the drawing as PNG and use that file.")
    if is_heif(data):
        return NotAnImage("HEIC pictures can't be read here.", "Save the picture as JPEG or PNG first.")
    for start, message, hint in OTHER_KINDS:
        if head.startswith(start.lower()):
            return NotAnImage(message, hint)
    if data.startswith(TIFF_STARTS):
        return BadInput(
            "This kind of TIFF can't be read, or it is damaged.", "Save it as PNG or as 8-bit RGB TIFF first."
        )
    if data.startswith(PICTURE_STARTS) or is_webp(data) or data[4:12] in (b"ftypavif", b"ftypavis"):
        return cut_off()
    return NotAnImage("This file is not a picture.", READABLE)


def cut_off() -> BadInput:
    """Build the error for a picture whose bytes end too early or are damaged."""
    return BadInput(
        "The picture is cut off or damaged.", "Open the original, save it again and use that file."
    )


def is_heif(data: bytes) -> bool:
    """Whether an ISO media file names a HEIF brand (what phones call HEIC)."""
    return data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS


def is_webp(data: bytes) -> bool:
    """Whether the bytes start a RIFF container with WebP in it."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"
