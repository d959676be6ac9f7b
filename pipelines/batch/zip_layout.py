"""The records of a zip file (PKWARE's APPNOTE 6.3.10, section 4.3), read one at a time and never trusted."""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pipelines.batch.faults import LONG_NAME

LOCAL, CENTRAL, END, END64, LOCATOR = b"PK\3\4", b"PK\1\2", b"PK\5\6", b"PK\6\6", b"PK\6\7"
LOCAL_FIXED = struct.Struct("<4sHHHHHIIIHH")
CENTRAL_FIXED = struct.Struct("<4sHHHHHHIIIHHHHHII")
END_FIXED = struct.Struct("<4sHHHHIIH")
END64_FIXED = struct.Struct("<4sQHHIIQQQQ")
LOCATOR_FIXED = struct.Struct("<4sIQI")
LONGEST_COMMENT = 0xFFFF
FULL_16, FULL_32 = 0xFFFF, 0xFFFFFFFF
LONGEST_NAME = 4096
"""Bytes; the format allows 65,535, and no system opens a path of more."""
ZIP64_EXTRA, UNICODE_PATH = 0x0001, 0x7075
KEPT_EXTRAS = (ZIP64_EXTRA, UNICODE_PATH)
MOST_EXTRAS = 64
"""Extra fields of one file that are looked at; programs write less than ten."""

ENCRYPTED_FLAG, LATER_FLAG, UTF8_FLAG = 1 << 0, 1 << 3, 1 << 11
"""LATER: sizes and checksum stand behind the data, not before it."""
UNIX_HOSTS = (3, 19)


@dataclass(frozen=True)
class Member:
    """One file of a zip as its records claim it. `offset` is where its local header is in the file."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    extra: bytes = b""
    host: int = 0
    mode: int = 0
    fault: str = ""

    @property
    def is_folder(self) -> bool:
        return self.name.endswith(b"/") or stat.S_ISDIR(self.mode)

    @property
    def is_link(self) -> bool:
        return stat.S_ISLNK(self.mode)

    @property
    def is_special(self) -> bool:
        """Whether it is neither a file, nor a folder, nor a link: a device, a pipe."""
        return stat.S_IFMT(self.mode) not in (0, stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK)

    @property
    def encrypted(self) -> bool:
        return bool(self.flags & ENCRYPTED_FLAG)


@dataclass(frozen=True)
class Directory:
    """Where the central directory is; `shift` is what was put before the zip (cut off, when negative)."""

    start: int
    end: int
    shift: int
    count: int
    split: bool


def measure(stream: BinaryIO) -> int:
    """Bytes of an open file."""
    return stream.seek(0, os.SEEK_END)


def find_directory(stream: BinaryIO) -> Directory | None:
    """Find the central directory through the end record; None when there is none that fits the file."""
    size = measure(stream)
    base = max(0, size - LONGEST_COMMENT - END_FIXED.size)
    stream.seek(base)
    tail = stream.read()
    at = tail.rfind(END, 0, max(0, len(tail) - END_FIXED.size + len(END)))
    if at < 0:
        return None
    _, disk, first, _, count, length, offset, _ = END_FIXED.unpack_from(tail, at)
    end, wide = base + at, _read_end64(stream, base + at)
    if wide is not None:
        end, disk, first, count, length, offset = wide
    start = end - length
    if start < 0:
        return None
    split = (disk, first) not in ((0, 0), (FULL_16, FULL_16))
    return Directory(start, end, start - offset, count, split)


def _read_end64(stream: BinaryIO, end: int) -> tuple[int, int, int, int, int, int] | None:
    """(own position, disk, first disk, count, length, offset) of the Zip64 end record; it ends at its locator."""
    at = end - LOCATOR_FIXED.size
    locator = _read_fixed(stream, at, LOCATOR_FIXED, LOCATOR)
    if locator is None:
        return None
    for place in (locator[2], at - END64_FIXED.size):
        found = _read_fixed(stream, place, END64_FIXED, END64)
        if found is not None:
            return (place, found[4], found[5], found[7], found[8], found[9])
    return None


def _read_fixed(stream: BinaryIO, at: int, layout: struct.Struct, start: bytes) -> tuple[int, ...] | None:
    if not 0 <= at < 1 << 62:
        return None
    stream.seek(at)
    data = stream.read(layout.size)
    if len(data) < layout.size or not data.startswith(start):
        return None
    return layout.unpack(data)


def read_directory(stream: BinaryIO, directory: Directory) -> Iterator[Member]:
    """Read the central directory record by record; ends early where it is broken."""
    at = directory.start
    while at < directory.end:
        found = read_central(stream, at, directory.shift)
        if found is None:
            return
        member, at = found
        yield member


def read_central(stream: BinaryIO, at: int, shift: int) -> tuple[Member, int] | None:
    """Read the central record at a position: the file, and where the record ends. None when there is none."""
    fixed = _read_fixed(stream, at, CENTRAL_FIXED, CENTRAL)
    if fixed is None:
        return None
    _, made_by, _, flags, method, _, _, crc, packed, size, *lengths, _, _, attributes, offset = fixed
    name_length, extra_length, comment_length = lengths
    named = _read_name(stream, name_length, extra_length)
    if named is None:
        return None
    name, extra, fault = named
    size, packed, offset = _widen(extra, size, packed, offset)
    host = made_by >> 8
    mode = attributes >> 16 if host in UNIX_HOSTS else 0
    member = Member(name, flags, method, crc, packed, size, offset + shift, extra, host, mode, fault)
    return member, at + CENTRAL_FIXED.size + name_length + extra_length + comment_length


def read_local(stream: BinaryIO, at: int) -> tuple[Member, int] | None:
    """Read the local header at a position: the file, and where its data begins. None when there is none."""
    fixed = _read_fixed(stream, at, LOCAL_FIXED, LOCAL)
    if fixed is None:
        return None
    _, _, flags, method, _, _, crc, packed, size, name_length, extra_length = fixed
    named = _read_name(stream, name_length, extra_length)
    if named is None:
        return None
    name, extra, fault = named
    size, packed, _ = _widen(extra, size, packed, 0)
    member = Member(name, flags, method, crc, packed, size, at, extra, fault=fault)
    return member, at + LOCAL_FIXED.size + name_length + extra_length


def _read_name(stream: BinaryIO, name_length: int, extra_length: int) -> tuple[bytes, bytes, str] | None:
    """Name, those extra fields that are used, and a fault; None where the file ends before.

    A list of files may hold 13 GB of names and extra fields in a zip of a few megabytes.
    """
    name, extra = stream.read(name_length), stream.read(extra_length)
    if len(name) + len(extra) < name_length + extra_length:
        return None
    used = {kind: content for kind in KEPT_EXTRAS if (content := find_extra(extra, kind)) is not None}
    kept = b"".join(struct.pack("<HH", kind, len(content)) + content for kind, content in used.items())
    return (name, kept, "") if name_length <= LONGEST_NAME else (_shorten(name), kept, LONG_NAME)


def _shorten(name: bytes) -> bytes:
    """Start and end of a name, in ASCII, so that it says nothing of the encoding of the others."""
    short = name[:80] + b"..." + name[-20:]
    return bytes(letter if letter < 0x80 else ord("_") for letter in short)


def find_extra(extra: bytes, wanted: int) -> bytes | None:
    """The content of one extra field (4.5.1), None when it is not there."""
    return next((content for kind, content in _split_extra(extra) if kind == wanted), None)


def _split_extra(extra: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    for _ in range(MOST_EXTRAS):
        if at + 4 > len(extra):
            return
        kind, length = struct.unpack_from("<HH", extra, at)
        yield kind, extra[at + 4 : at + 4 + length]
        at += 4 + length


def _widen(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Replace each value that is full by its 64-bit one (4.5.3); they stand in this order."""
    wide, at, values = find_extra(extra, ZIP64_EXTRA) or b"", 0, []
    for value in (size, packed, offset):
        if value == FULL_32 and at + 8 <= len(wide):
            value = struct.unpack_from("<Q", wide, at)[0]
            at += 8
        values.append(value)
    return values[0], values[1], values[2]
