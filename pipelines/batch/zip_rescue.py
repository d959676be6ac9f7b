"""Find the files of a zip whose central directory is gone, by the headers in front of each file's data."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from pipelines.batch.faults import CUT_OFF, DAMAGED
from pipelines.batch.limits import Budget
from pipelines.batch.zip_layout import CENTRAL, LATER_FLAG, LOCAL, Member, measure, read_central, read_local
from pipelines.batch.zip_methods import PIECE

HEADERS = re.compile(re.escape(LOCAL) + b"|" + re.escape(CENTRAL))
DESCRIPTOR = re.compile(rb"PK\x07\x08")
"""Checksum and sizes that stand behind the data (APPNOTE 4.3.9); its signature is optional, and usual."""
FIRST_CHUNK, LARGEST_CHUNK = 1 << 12, 1 << 20
LATEST_VERSION = 63
STORED, DEFLATED = 0, 8


def rescue_members(stream: BinaryIO, budget: Budget) -> Iterator[Member]:
    """Walk through the whole file and give what its headers tell, damaged ones with a fault.

    Records of the central directory that are still there name the files whose data was not found.
    Raises TooLarge.
    """
    end, at, found = measure(stream), 0, set[bytes]()
    while (at := _find(HEADERS, stream, at)) >= 0:
        budget.add_record()
        local, central = read_local(stream, at), read_central(stream, at, 0)
        if local is not None and _is_likely(stream, at, local[0]):
            member, next_at = _settle(stream, *local, end, budget)
            found.add(member.name)
            yield member
            at = max(next_at, at + 1)
        elif central is not None:
            member, at = central
            if member.name not in found:
                yield replace(member, fault=DAMAGED)
        else:
            at += 1


def _find(mark: re.Pattern[bytes], stream: BinaryIO, at: int) -> int:
    """Position of the next mark of four bytes, -1 when there is none."""
    length = FIRST_CHUNK
    while True:
        stream.seek(at)
        chunk = stream.read(length)
        hit = mark.search(chunk)
        if hit:
            return at + hit.start()
        if len(chunk) < length:
            return -1
        at += length - len(LOCAL) + 1
        length = min(4 * length, LARGEST_CHUNK)


def _is_likely(stream: BinaryIO, at: int, member: Member) -> bool:
    """Four bytes can be there by chance; a header also has a version that exists and a name."""
    stream.seek(at + 4)
    return stream.read(1)[0] <= LATEST_VERSION and member.name != b"" and not member.fault


def _settle(stream: BinaryIO, member: Member, start: int, end: int, budget: Budget) -> tuple[Member, int]:
    """Find out sizes that stand behind the data, and where to look for the next header."""
    if member.flags & LATER_FLAG and not member.packed and not member.is_folder:
        settled = _find_sizes(stream, member, start, budget)
        return (replace(member, fault=DAMAGED), start) if settled is None else settled
    after = start + member.packed
    if after > end:
        return replace(member, fault=CUT_OFF), start
    stream.seek(after)
    following = stream.read(2)
    return member, after if following in (b"", b"PK") else start


def _find_sizes(stream: BinaryIO, member: Member, start: int, budget: Budget) -> tuple[Member, int] | None:
    if member.method == STORED:
        return _find_stored_end(stream, member, start, budget)
    return _find_deflated_end(stream, member, start, budget) if member.method == DEFLATED else None


def _find_stored_end(
    stream: BinaryIO, member: Member, start: int, budget: Budget
) -> tuple[Member, int] | None:
    """Stored data ends where a descriptor stands that tells just this length, in 32 or 64 bits."""
    at = start
    while (at := _find(DESCRIPTOR, stream, at)) >= 0:
        budget.add_record()
        size = at - start
        stream.seek(at + 4)
        crc, said = stream.read(4), stream.read(16)
        if said.startswith(size.to_bytes(8, "little") * 2) or said[:8] == size.to_bytes(8, "little")[:4] * 2:
            budget.add_scanned(size)
            return replace(member, packed=size, size=size, crc=int.from_bytes(crc, "little")), at
        at += 1
    budget.add_scanned(measure(stream) - start)
    return replace(member, fault=CUT_OFF), start


def _find_deflated_end(
    stream: BinaryIO, member: Member, start: int, budget: Budget
) -> tuple[Member, int] | None:
    """Deflated data ends itself: unpack it to see where."""
    inner, packed, size, crc = zlib.decompressobj(-zlib.MAX_WBITS), 0, 0, 0
    stream.seek(start)
    try:
        while not inner.eof:
            piece = inner.unconsumed_tail or stream.read(PIECE)
            fresh = 0 if inner.unconsumed_tail else len(piece)
            out = inner.decompress(piece, PIECE) if piece else inner.flush()
            budget.add_scanned(fresh + len(out))
            packed += fresh
            size, crc = size + len(out), zlib.crc32(out, crc)
            if not piece:
                break
    except zlib.error:
        return None
    if not inner.eof:
        return replace(member, fault=CUT_OFF), start
    packed -= len(inner.unused_data)
    return replace(member, packed=packed, size=size, crc=crc), start + packed
