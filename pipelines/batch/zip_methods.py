"""The compressions of zip files that are read (APPNOTE 4.4.5): packed pieces in, small unpacked pieces out."""

from __future__ import annotations

import bz2
import lzma
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from pipelines.batch.faults import CUT_OFF, DAMAGED
from pipelines.batch.zip_layout import Member
from pipelines.errors import BadInput

PIECE = 1 << 16
LZMA_MEMORY = 128 << 20
"""Bytes; the strongest setting of the usual programs takes 65 MB."""
LZMA_ENDS_FLAG = 1 << 1
"""The data marks its own end (APPNOTE 4.4.4)."""
LZMA_HEAD, LZMA_PROPERTIES = 4, 5


def store(packed: Iterator[bytes], member: Member) -> Iterator[bytes]:
    """Bytes that are not packed at all."""
    return packed


def inflate(packed: Iterator[bytes], member: Member) -> Iterator[bytes]:
    """Unpack deflate, method 8, piece by piece (RFC 1951). Raises what a member that is cut off or damaged does."""
    inner = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in packed:
        while piece and not inner.eof:
            yield inner.decompress(piece, PIECE)
            piece = inner.unconsumed_tail
    yield inner.flush()
    if not inner.eof:
        raise BadInput(CUT_OFF)


def bunzip(packed: Iterator[bytes], member: Member) -> Iterator[bytes]:
    """Unpack bzip2, method 12, piece by piece."""
    return _decompress(packed, bz2.BZ2Decompressor())


def unlzma(packed: Iterator[bytes], member: Member) -> Iterator[bytes]:
    """LZMA in a zip is an .lzma file with another header (APPNOTE 5.8)."""
    first = next(packed, b"")
    if len(first) < LZMA_HEAD + LZMA_PROPERTIES or first[2] != LZMA_PROPERTIES:
        raise BadInput(DAMAGED)
    size = -1 if member.flags & LZMA_ENDS_FLAG else member.size
    inner = lzma.LZMADecompressor(lzma.FORMAT_ALONE, LZMA_MEMORY)
    inner.decompress(first[LZMA_HEAD : LZMA_HEAD + LZMA_PROPERTIES] + struct.pack("<q", size), 0)
    yield from _decompress(_before(first[LZMA_HEAD + LZMA_PROPERTIES :], packed), inner)


def _before(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _decompress(
    packed: Iterator[bytes], inner: bz2.BZ2Decompressor | lzma.LZMADecompressor
) -> Iterator[bytes]:
    while not inner.eof:
        piece = next(packed, None) if inner.needs_input else b""
        if piece is None:
            raise BadInput(CUT_OFF)
        yield inner.decompress(piece, PIECE)


METHODS: Mapping[int, Callable[[Iterator[bytes], Member], Iterator[bytes]]] = MappingProxyType(
    {0: store, 8: inflate, 12: bunzip, 14: unlzma}
)
NAMES = MappingProxyType(
    {1: "Shrink", 6: "Implode", 9: "Deflate64", 10: "Implode", 93: "Zstandard", 95: "XZ", 98: "PPMd"}
)
AES = 99
"""Stands where the compression should, when a file is encrypted by WinZip's or 7-Zip's AES."""


def name_method(method: int) -> str:
    """What a compression that is not read is called."""
    return NAMES.get(method, f"method {method}")
