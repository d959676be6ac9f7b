"""Look through a TIFF's tags before a decoder does, whose work grows with what they claim to hold."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

BIG = b"+"
MOST_TAGS = 4096
"""libtiff's own bound; files have a few dozen."""
MOST_NUMBERS = 600_000
"""Numbers in all tags. A strip has two, and 64 megapixels in planes with a strip a row have 340,000."""
SHARED = 1 << 16
"""Bytes that tags may hold in common: a resolution across and down."""
WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8}
PLAIN_BYTES = (1, 2, 7)
"""Types that are taken as they are, without an object for each value."""
WHOLE = {3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 13: "I", 16: "Q"}
SUB_DIRECTORIES = (34665, 34853, 40965)
"""EXIF, GPS and interoperability, which Pillow reads along."""


class Tag(NamedTuple):
    """What one entry of a directory claims: `values` of a type, `size` bytes of them."""

    number: int
    kind: int
    values: int
    size: int
    at: int
    """Where its value is in the file."""


def is_bearable(data: bytes) -> bool:
    """Whether a TIFF's first directory claims no more than a file of its size can honestly hold.

    True for what is damaged in another way: the decoders tell that.
    """
    order = "<" if data[:2] == b"II" else ">"
    # Pillow knows a BigTIFF of only one of the two byte orders, and reads the other like an ordinary TIFF
    return all(_is_bearable(data, order, wide) for wide in {data[2:3] == BIG, BIG in data[2:4]})


def _is_bearable(data: bytes, order: str, wide: bool) -> bool:
    numbers = size = 0
    for seen, tag in enumerate(_read_tags(data, order, wide)):
        size += tag.size
        numbers += 0 if tag.kind in PLAIN_BYTES else tag.values
        if seen >= MOST_TAGS or numbers > MOST_NUMBERS or size > len(data) + SHARED:
            return False
    return True


def _read_tags(data: bytes, order: str, wide: bool) -> Iterator[Tag]:
    """The tags of the first directory and of those below it, each directory once."""
    waiting = [_read_number(data, order + ("Q" if wide else "I"), 8 if wide else 4)]
    seen = set[int]()
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        for tag in _read_directory(data, place, order, wide):
            yield tag
            if tag.number in SUB_DIRECTORIES and tag.kind in WHOLE:
                waiting.append(_read_number(data, order + WHOLE[tag.kind], tag.at))


def _read_directory(data: bytes, start: int, order: str, wide: bool) -> Iterator[Tag]:
    """The tags of one directory, up to the first that the file does not hold: there decoders stop too."""
    entry = struct.Struct(order + ("HHQ" if wide else "HHI"))
    room, offset, count = (8, "Q", "Q") if wide else (4, "I", "H")
    first = start + struct.calcsize(order + count)
    for index in range(_read_number(data, order + count, start)):
        place = first + index * (entry.size + room)
        if place + entry.size + room > len(data):
            return
        number, kind, values = entry.unpack_from(data, place)
        size, at = WIDTHS.get(kind, 0) * values, place + entry.size
        if size > room:
            at = _read_number(data, order + offset, at)
        if at + size > len(data):
            return
        yield Tag(number, kind, values if kind in WIDTHS else 0, size, at)


def _read_number(data: bytes, layout: str, at: int) -> int:
    """A whole number, 0 where the file ends before it."""
    if not 0 <= at <= len(data) - struct.calcsize(layout):
        return 0
    return int(struct.unpack_from(layout, data, at)[0])
