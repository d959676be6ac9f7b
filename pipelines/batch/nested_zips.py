"""Zips inside a zip: unpacked into nameless files, the last few kept."""

from __future__ import annotations

import io
import shutil
import tempfile
import threading
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, BinaryIO

from pipelines.batch.zip_layout import Member
from pipelines.batch.zip_methods import PIECE
from pipelines.batch.zip_stream import Archive, open_member
from pipelines.history.writing import writing

KEPT = 4
"""Copies at a time; files are done in their order, so an older one is hardly asked for again."""


class NestedZips:
    """Opens the zips inside one zip as streams that can seek. Copies are files without a name in `scratch`."""

    def __init__(self, archive: Archive, scratch: Path | None) -> None:
        self._archive = archive
        self.scratch = scratch
        self._lock = threading.Lock()
        self._copies: OrderedDict[int, _Copy] = OrderedDict()

    def __reduce__(self) -> tuple[Any, ...]:
        return NestedZips, (self._archive, self.scratch)

    def open(self, member: Member) -> BinaryIO:
        """Raises BadInput when the inner zip is damaged, DiskFull."""
        with self._lock:
            copy = self._copies.pop(member.offset, None) or self._unpack(member)
            self._copies[member.offset] = copy
            if len(self._copies) > KEPT:
                self._copies.popitem(last=False)
        return io.BufferedReader(_View(copy), PIECE)

    def _unpack(self, member: Member) -> _Copy:
        folder = self.scratch or Path(tempfile.gettempdir())
        with open_member(self._archive, member) as source, writing(folder):
            file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  (a copy closes it)
            copy = _Copy(file)
            shutil.copyfileobj(source, file, PIECE)
            file.flush()
        return copy


class _Copy:
    """A file that several streams read; closed when the last of them is gone."""

    def __init__(self, file: IO[bytes]) -> None:
        self.lock = threading.Lock()
        self.file = file

    def __del__(self) -> None:
        with suppress(OSError):
            self.file.close()


class _View(io.RawIOBase):
    """A stream over a copy with a position of its own."""

    def __init__(self, copy: _Copy) -> None:
        self._copy = copy
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        with self._copy.lock:
            if whence == io.SEEK_CUR:
                offset += self._at
            elif whence == io.SEEK_END:
                offset += self._copy.file.seek(0, io.SEEK_END)
        self._at = max(0, offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        with self._copy.lock:
            self._copy.file.seek(self._at)
            data = self._copy.file.read(len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
