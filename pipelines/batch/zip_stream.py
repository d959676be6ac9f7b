"""Unpack one file of a zip as a stream: in small pieces, never more than it said, checked at its end."""

from __future__ import annotations

import io
import lzma
import zlib
from collections.abc import Callable, Generator, Iterator
from typing import Any, BinaryIO

from pipelines.batch.faults import CUT_OFF, DAMAGED
from pipelines.batch.file_opening import unreadable
from pipelines.batch.zip_layout import Member, read_local
from pipelines.batch.zip_methods import METHODS, PIECE
from pipelines.errors import BadInput

Archive = Callable[[], BinaryIO]
"""Opens the zip anew, as a stream that can seek."""


def open_member(archive: Archive, member: Member) -> BinaryIO:
    """Open one file of a zip that is packed by one of METHODS.

    Raises BadInput, here or while it is read: damaged, cut off, checksum wrong. No more than `member.size`
    bytes ever come out.
    """
    stream = archive()
    try:
        found = read_local(stream, member.offset)
        if found is None:
            raise BadInput(DAMAGED)
        stream.seek(found[1])
    except (OSError, BadInput) as error:
        stream.close()
        if isinstance(error, OSError):
            raise unreadable(error) from error
        raise
    return io.BufferedReader(Unpacking(stream, unpack(stream, member)), PIECE)


def unpack(stream: BinaryIO, member: Member) -> Generator[bytes, None, None]:
    """Unpack from where the stream stands; raise BadInput when size or checksum are not what the zip says."""
    crc = size = 0
    try:
        for piece in METHODS[member.method](_read_packed(stream, member.packed), member):
            crc, size = zlib.crc32(piece, crc), size + len(piece)
            if size > member.size:
                break
            if piece:
                yield piece
    except (zlib.error, lzma.LZMAError, EOFError, ValueError) as error:
        raise BadInput(DAMAGED) from error
    except OSError as error:  # bz2 has no error of its own
        raise (unreadable(error) if error.errno else BadInput(DAMAGED)) from error
    if (size, crc) != (member.size, member.crc):
        raise BadInput(DAMAGED)


def _read_packed(stream: BinaryIO, left: int) -> Iterator[bytes]:
    while left > 0:
        piece = stream.read(min(PIECE, left))
        if not piece:
            raise BadInput(CUT_OFF)
        left -= len(piece)
        yield piece


class Unpacking(io.RawIOBase):
    """A file over an iterator of pieces; closes the stream that they come from."""

    def __init__(self, stream: BinaryIO, pieces: Generator[bytes, None, None]) -> None:
        self._stream = stream
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            self._rest = memoryview(next(self._pieces, b""))
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def readall(self) -> bytes:
        rest, self._rest = self._rest, memoryview(b"")
        return b"".join([rest, *self._pieces])

    def close(self) -> None:
        if not self.closed:
            self._pieces.close()
            self._stream.close()
        super().close()
