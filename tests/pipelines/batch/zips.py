"""Zips that the tests of a batch's input share, good and bad, made from nothing."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

from pipelines.batch.entry import Entry
from pipelines.batch.sources import Given, Limits, read_entries
from pipelines.errors import InkframeError
from tests.conftest import draw_disc, encode

JPEG = encode(draw_disc(16, 24), "JPEG")
PNG = encode(draw_disc(16, 24), "PNG")


def make_zip(members: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip by Python's own writer; a name may come twice."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as target:
        for name, data in members:
            target.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def make_raw_zip(
    members: Iterable[tuple[bytes, bytes]], *, flags: int = 0, host: int = 0, method: int = 0
) -> bytes:
    """A zip of stored data whose names, flags, host and claimed method are what they are said to be."""
    body, central = bytearray(), bytearray()
    records = list(members)
    for name, data in records:
        sizes = struct.pack("<III", zlib.crc32(data), len(data), len(data))
        head = struct.pack("<HHHH", flags, method, 0, 33) + sizes + struct.pack("<HH", len(name), 0)
        central += b"PK\1\2" + struct.pack("<BBH", 20, host, 20) + head
        central += struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name
        body += b"PK\3\4" + struct.pack("<H", 20) + head + name + data
    count = len(records) & 0xFFFF
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(central), len(body), 0)
    return bytes(body + central) + b"PK\5\6" + end


def make_special(name: str, mode: int, data: bytes) -> bytes:
    """A zip with one file of a Unix kind: a link, a device."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        info = zipfile.ZipInfo(name)
        info.create_system, info.external_attr = 3, (mode | 0o777) << 16
        target.writestr(info, data)
    return out.getvalue()


def make_link(name: str, target: str) -> bytes:
    return make_special(name, stat.S_IFLNK, target.encode())


class OneWay(io.RawIOBase):
    """A sink that can't go back: zipfile then writes sizes behind the data."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.written += data
        return len(data)


def make_streamed_zip(members: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with each file's size and checksum behind its data."""
    sink = OneWay()
    with zipfile.ZipFile(sink, "w", method) as target:
        for name, data in members:
            target.writestr(zipfile.ZipInfo(name), data, method)
    return bytes(sink.written)


def read_all(folder: Path, data: bytes, suffix: str = ".png", **limits: int) -> list[Entry]:
    """Everything that is in a zip."""
    path = folder / "given.zip"
    path.write_bytes(data)
    return list(read_entries([Given(path, path.name)], Limits(**limits), suffix))


def content(entry: Entry) -> bytes | str:
    """A file's bytes, or the sentence that says why there are none."""
    try:
        with entry.open() as stream:
            return stream.read()
    except InkframeError as error:
        return error.message
