"""Files that are nearly right: real ones with something changed, cut, doubled or put in."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from hypothesis import strategies as st

ODD = [
    *(
        b"\0",
        b"\xff",
        b"\x80",
        b"\x7f",
        b"\0\0\0\0",
        b"\xff\xff\xff\xff",
        b"\x7f\xff\xff\xff",
        b"\xff\xff\xff\x7f",
    ),
    *(b"\xff" * 8, b"\x80" * 9 + b"\1", b"../", b"PK\3\4", b"PK\1\2", b"PK\5\6", b"\xff\xd8\xff", b"RIFF"),
]
"""Numbers at their ends, and signs that mean something."""


def overwrite(data: bytearray, at: int, piece: bytes) -> None:
    data[at : at + len(piece)] = piece


def put_in(data: bytearray, at: int, piece: bytes) -> None:
    data[at:at] = piece


def cut_here(data: bytearray, at: int, piece: bytes) -> None:
    del data[at : at + 16 * len(piece)]


def double(data: bytearray, at: int, piece: bytes) -> None:
    data[at:at] = data[at : at + 64 * len(piece)]


def flip(data: bytearray, at: int, piece: bytes) -> None:
    for place in range(at, min(at + len(piece), len(data))):
        data[place] ^= piece[0]


def end_here(data: bytearray, at: int, _: bytes) -> None:
    del data[at:]


CHANGES: list[Callable[[bytearray, int, bytes], None]] = [overwrite, put_in, cut_here, double, flip, end_here]
"""A change takes the data, a place in it, and a piece."""


def damaged(bases: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """One of the files with up to eight changes. They hang on one number, which is much faster to draw."""
    return st.builds(apply, st.sampled_from(bases), st.integers(0, 1 << 62))


def apply(base: bytes, number: int) -> bytes:
    """The file with the changes of that number; 0 leaves it as it is."""
    data, dice = bytearray(base), random.Random(number)
    for _ in range(dice.randint(1, 8) if number else 0):
        piece = dice.choice(ODD) if dice.random() < 0.5 else dice.randbytes(dice.randint(1, 8))
        dice.choice(CHANGES)(data, dice.randint(0, len(data)), piece)
    return bytes(data)
