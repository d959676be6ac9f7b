"""Protocol Buffers' wire format: the fields of a message, read and written without its schema.

https://protobuf.dev/programming-guides/encoding. Enough to look into ONNX and TensorFlow files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
WIDTHS = {FIXED64: 8, FIXED32: 4}
LONGEST_VARINT = 10


class Field(NamedTuple):
    """One field: its number, its kind on the wire, and an int (varint) or the raw bytes."""

    number: int
    kind: int
    value: int | memoryview


def read_fields(message: bytes | memoryview) -> Iterator[Field]:
    """The fields in their order; nothing is copied. Raises ValueError where the bytes are no message."""
    data, at = memoryview(message), 0
    while at < len(data):
        key, at = _read_varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == VARINT:
            value, at = _read_varint(data, at)
            yield Field(number, kind, value)
            continue
        if kind == BYTES:
            size, at = _read_varint(data, at)
        elif kind in WIDTHS:
            size = WIDTHS[kind]
        else:
            raise ValueError(f"field {number} has the unknown kind {kind}")
        if number == 0 or at + size > len(data):
            raise ValueError(f"field {number} is cut off")
        yield Field(number, kind, data[at : at + size])
        at += size


def write_fields(fields: Iterable[Field]) -> bytes:
    """What `read_fields` reads."""
    parts: list[bytes | memoryview] = []
    for number, kind, value in fields:
        parts.append(_write_varint(number << 3 | kind))
        if isinstance(value, int):
            parts.append(_write_varint(value))
            continue
        if kind == BYTES:
            parts.append(_write_varint(len(value)))
        parts.append(value)
    return b"".join(parts)


def chunk(number: int, value: bytes) -> Field:
    """A field of bytes: a text or a message of its own."""
    return Field(number, BYTES, memoryview(value))


def pick_bytes(fields: Iterable[Field], number: int) -> Iterator[memoryview]:
    """The raw bytes of the fields with that number; ints are left out."""
    for field in fields:
        if field.number == number and not isinstance(field.value, int):
            yield field.value


def read_varints(packed: bytes | memoryview) -> list[int]:
    """Whole numbers that stand packed in one field of bytes. Raises ValueError where one is cut off."""
    data, at, numbers = memoryview(packed), 0, []
    while at < len(data):
        value, at = _read_varint(data, at)
        numbers.append(value)
    return numbers


def _read_varint(data: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(LONGEST_VARINT):
        if at >= len(data):
            raise ValueError("a number is cut off")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << 7 * shift
        if byte < 0x80:
            return value, at
    raise ValueError("a number is too long")


def _write_varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
