"""The chunks of a PNG (PNG 3rd edition, sections 5 and 11.3): checked, or added to an encoded file."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

SIGNATURE = b"\x89PNG\r\n\x1a\n"
SIGNATURE_BYTES = len(SIGNATURE)
CHUNK_OVERHEAD = 12  # length, kind and checksum
HEADER_END = SIGNATURE_BYTES + CHUNK_OVERHEAD + 13
XMP_KEYWORD = "XML:com.adobe.xmp"
METRES_PER_INCH = 0.0254


def insert_chunks(
    png: bytes,
    *,
    icc: bytes | None = None,
    dpi: tuple[float, float] | None = None,
    xmp: bytes | None = None,
    text: Mapping[str, str] | None = None,
) -> bytes:
    """Put a profile, resolution, XMP packet and texts right behind the header, where every reader looks."""
    chunks = []
    if icc:
        chunks.append(_chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(icc)))
    if dpi:
        across, down = (round(side / METRES_PER_INCH) for side in dpi)
        chunks.append(_chunk(b"pHYs", struct.pack(">IIB", across, down, 1)))
    if xmp:
        chunks.append(_international_text(XMP_KEYWORD, xmp))
    for key, value in (text or {}).items():
        chunks.append(_text(key, value))
    return b"".join((png[:HEADER_END], *chunks, memoryview(png)[HEADER_END:]))


def has_whole_chunks(png: bytes) -> bool:
    """Whether every chunk up to IEND is as long as it says; checksums are not looked at."""
    at = SIGNATURE_BYTES
    while at + CHUNK_OVERHEAD <= len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        at += CHUNK_OVERHEAD + int(length)
        if kind == b"IEND":
            return at <= len(png)
    return False


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _text(key: str, value: str) -> bytes:
    try:
        return _chunk(b"tEXt", _keyword(key) + value.encode("latin-1"))
    except UnicodeEncodeError:
        return _international_text(key, value.encode())


def _international_text(key: str, value: bytes) -> bytes:
    uncompressed, language, translated = b"\0\0", b"\0", b"\0"
    return _chunk(b"iTXt", _keyword(key) + uncompressed + language + translated + value)


def _keyword(key: str) -> bytes:
    encoded = key.encode("latin-1")
    if not 1 <= len(encoded) <= 79:
        raise ValueError(f"A PNG keyword has 1 to 79 letters: {key!r}")
    return encoded + b"\0"


def read_declared_size(data: bytes) -> tuple[int, int] | None:
    """(width, height) in a PNG's header chunk; None where the bytes do not start with one."""
    if len(data) < 24 or not data.startswith(SIGNATURE) or data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height
