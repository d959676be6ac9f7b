"""The size of a JPEG or WebP picture by its first bytes, so that what is too large is never decoded."""

from __future__ import annotations

FRAME_STARTS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG markers that carry the picture's size (ITU-T T.81, table B.1)."""
STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
JPEG_END = b"\xff\xd9"
MOST_STEPS = 4096
"""Segments and filler bytes before a JPEG's frame header; a picture with 100 MB of colour profiles has 1,600."""
PADDING = 64
"""Bytes after a JPEG's end within which that end is looked for: some cameras pad."""


def read_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in px; None for what is neither whole JPEG nor WebP."""
    if is_jpeg(data):
        return read_jpeg_size(data) if JPEG_END in data[-PADDING:] else None
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        whole = int.from_bytes(data[4:8], "little") + 8 <= len(data)
        return read_webp_size(data) if whole else None
    return None


def is_jpeg(data: bytes) -> bool:
    """By its first bytes."""
    return data[:2] == b"\xff\xd8"


def read_jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Walk the segments up to the frame header; None where it is not among the first MOST_STEPS."""
    place = 2
    for _ in range(MOST_STEPS):
        if place + 9 > len(data) or data[place] != 0xFF:
            return None
        marker = data[place + 1]
        if marker in FRAME_STARTS:
            height = int.from_bytes(data[place + 5 : place + 7], "big")
            return int.from_bytes(data[place + 7 : place + 9], "big"), height
        alone = marker in STANDALONE or marker == 0xFF
        filler = 1 if marker == 0xFF else 2
        place += filler if alone else 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return None


def read_webp_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of the three kinds of WebP (RFC 9649, sections 2.5 to 2.7)."""
    kind, body = data[12:16], data[20:30]
    if len(body) < 10:
        return None
    if kind == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        sides = int.from_bytes(body[6:8], "little"), int.from_bytes(body[8:10], "little")
        return sides[0] & 0x3FFF, sides[1] & 0x3FFF
    return None
