"""Write a zip as a stream: nothing is kept but its list, and the same files give the same bytes.

Pictures are stored, not packed: they would not shrink. Each file's checksum is read before its data, so that
every header is complete and also readers that only go forwards, and rescue tools, can read the zip. (Python's
zipfile puts the sizes behind the data when it can't go back, which several programs refuse for stored files.)
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipelines.batch.zip_layout import (
    CENTRAL,
    CENTRAL_FIXED,
    END,
    END64,
    END64_FIXED,
    END_FIXED,
    FULL_16,
    FULL_32,
    LOCAL,
    LOCAL_FIXED,
    LOCATOR,
    LOCATOR_FIXED,
    UTF8_FLAG,
    ZIP64_EXTRA,
)

PIECE = 1 << 18
EPOCH = 1 << 5 | 1
"""1 January 1980, the format's first day: the same results make the same zip at any time."""
PLAIN_FILE = 0o100644 << 16
UNIX = 3 << 8
PLAIN, WIDE = 20, 45
"""The versions of the format that a file needs (APPNOTE 4.4.3): folders, and 64-bit sizes."""


@dataclass(frozen=True)
class _Record:
    name: bytes
    crc: int
    size: int
    offset: int


def stream_zip(members: Iterable[tuple[str, Path | bytes]]) -> Iterator[bytes]:
    """Give a zip of the members, each a path inside the zip with "/" and a file or its content, in pieces.

    Each member is asked for and opened when its turn comes. Raises OSError when a file can't be read or
    changes while it is sent, ValueError for a name that leaves the zip.
    """
    records: list[_Record] = []
    at = 0
    for name, source in members:
        _check_name(name)
        with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as stream:
            record = _Record(name.encode(), *_measure(stream), at)
            header = _local_header(record)
            yield header
            yield from _send(stream, record)
        records.append(record)
        at += len(header) + record.size
    length = 0
    for record in records:
        central = _central_record(record)
        length += len(central)
        yield central
    yield _end(len(records), length, at)


def _check_name(name: str) -> None:
    parts = name.split("/")
    if not name or "\\" in name or "\0" in name or any(part in ("", ".", "..") for part in parts):
        raise ValueError(f"not a path inside a zip: {name!r}")


def _read(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(PIECE):
        yield piece


def _measure(stream: BinaryIO) -> tuple[int, int]:
    """Checksum and size; the second reading, when it is sent, comes from the system's cache."""
    crc = size = 0
    for piece in _read(stream):
        crc, size = zlib.crc32(piece, crc), size + len(piece)
    stream.seek(0)
    return crc, size


def _send(stream: BinaryIO, record: _Record) -> Iterator[bytes]:
    crc = 0
    for piece in _read(stream):
        crc = zlib.crc32(piece, crc)
        yield piece
    if crc != record.crc or stream.tell() != record.size:
        raise OSError(f"{record.name.decode()} changed while it was sent")


def _local_header(record: _Record) -> bytes:
    wide = record.size >= FULL_32
    size = FULL_32 if wide else record.size
    extra = _wide_extra(record.size, record.size) if wide else b""
    version = WIDE if wide else PLAIN
    lengths = (len(record.name), len(extra))
    fixed = LOCAL_FIXED.pack(LOCAL, version, UTF8_FLAG, 0, 0, EPOCH, record.crc, size, size, *lengths)
    return fixed + record.name + extra


def _central_record(record: _Record) -> bytes:
    size, offset = min(record.size, FULL_32), min(record.offset, FULL_32)
    sizes = (record.size, record.size) if size == FULL_32 else ()
    wide = (*sizes, record.offset) if offset == FULL_32 else sizes
    extra = _wide_extra(*wide) if wide else b""
    version = WIDE if wide else PLAIN
    head = (CENTRAL, UNIX | version, version, UTF8_FLAG, 0, 0, EPOCH, record.crc, size, size)
    return (
        CENTRAL_FIXED.pack(*head, len(record.name), len(extra), 0, 0, 0, PLAIN_FILE, offset)
        + record.name
        + extra
    )


def _wide_extra(*values: int) -> bytes:
    return struct.pack(f"<HH{len(values)}Q", ZIP64_EXTRA, 8 * len(values), *values)


def _end(count: int, length: int, start: int) -> bytes:
    """The end record, with its Zip64 form before it where a figure is too large (4.3.14 to 4.3.16)."""
    short = (min(count, FULL_16), min(count, FULL_16), min(length, FULL_32), min(start, FULL_32))
    end = END_FIXED.pack(END, 0, 0, *short, 0)
    if count < FULL_16 and length < FULL_32 and start < FULL_32:
        return end
    own = END64_FIXED.size - 12  # without its signature and this figure
    wide = END64_FIXED.pack(END64, own, UNIX | WIDE, WIDE, 0, 0, count, count, length, start)
    return wide + LOCATOR_FIXED.pack(LOCATOR, 0, start + length, 1) + end
