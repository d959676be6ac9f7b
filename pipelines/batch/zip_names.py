"""Read the names in a zip, whose encoding it seldom says.

A name is, in this order: UTF-8 where the flag or Info-ZIP's Unicode field says so (APPNOTE 4.4.4, 4.6.9);
what most of the zip's other names are, see `guess_encoding`; else GBK where it reads as Chinese; else cp437,
the zip format's own.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from typing import Literal

from pipelines.batch.zip_layout import UNICODE_PATH, UNIX_HOSTS, UTF8_FLAG, Member, find_extra

Encoding = Literal["utf-8", "gb18030", "cp437"]

CHINESE = re.compile("[一-鿿]")
READ_AS = {
    "gb18030": "Its name was read as Chinese (GBK).",
    "cp437": "Its name was read as DOS text (cp437).",
}
NAME_DAMAGED = "Its name is damaged; unreadable letters became �."


def decode_name(member: Member, guess: Encoding = "utf-8") -> tuple[str, tuple[str, ...]]:
    """The name as text, and a note where it had to be guessed. `guess` is what `guess_encoding` said."""
    said = _read_said(member)
    return decode_bytes(member.name, guess) if said is None else said


def decode_bytes(name: bytes, guess: Encoding = "utf-8") -> tuple[str, tuple[str, ...]]:
    """The same for a name of which nothing else is known."""
    if name.isascii():
        return name.decode("ascii"), ()
    for encoding in _order(name, guess):
        text = _decode(name, encoding)
        if text is not None:
            note = READ_AS.get(encoding)
            return text, (note,) if note else ()
    return name.decode("cp437"), (READ_AS["cp437"],)


def guess_encoding(members: Iterable[Member]) -> Encoding:
    """The encoding that fits the names of a zip that do not say theirs.

    One name that can't be UTF-8 speaks against UTF-8 for all: "一" in GBK is a Cyrillic letter in UTF-8.
    Names of DOS and Windows that are both are GBK: there, programs that write UTF-8 set the flag.
    """
    unsaid = chinese = 0
    unicode = windows = True
    for member in members:
        name = member.name
        if name.isascii() or _read_said(member) is not None:
            continue
        unsaid += 1
        chinese += _reads_as_chinese(name)
        unicode = unicode and _decode(name, "utf-8") is not None
        windows = windows and member.host not in UNIX_HOSTS and _is_plain_chinese(name)
    if not unsaid or unicode:
        return "gb18030" if unsaid and windows else "utf-8"
    return "gb18030" if chinese * 2 >= unsaid else "cp437"


def _read_said(member: Member) -> tuple[str, tuple[str, ...]] | None:
    """The name where the zip says that it is UTF-8."""
    field = find_extra(member.extra, UNICODE_PATH)
    if field is not None and len(field) > 5 and field[0] == 1:
        text = _decode(field[5:], "utf-8")
        if text is not None and int.from_bytes(field[1:5], "little") == zlib.crc32(member.name):
            return text, ()
    if not member.flags & UTF8_FLAG:
        return None
    text = _decode(member.name, "utf-8")
    if text is not None:
        return text, ()
    if _reads_as_chinese(member.name):
        return None  # programs that set the flag and write the system's own encoding
    return member.name.decode("utf-8", "replace"), (NAME_DAMAGED,)


def _order(name: bytes, guess: Encoding) -> list[Encoding]:
    """The encodings to try, the likely one first; GBK only where it reads as Chinese."""
    likely: list[Encoding] = [guess, "utf-8", "gb18030"]
    return [each for each in likely if each != "gb18030" or _reads_as_chinese(name)]


def _decode(data: bytes, encoding: Encoding) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _reads_as_chinese(name: bytes) -> bool:
    """Whether it is GBK with Chinese characters, most of them common ones (GB2312).

    Accented letters of other encodings make valid GBK pairs with the letter behind them, but rare ones.
    """
    text = _decode(name, "gb18030")
    if text is None:
        return False
    wide, common = _count_wide(text)
    return common * 2 > wide and CHINESE.search(text) is not None


def _is_plain_chinese(name: bytes) -> bool:
    text = _decode(name, "gb18030")
    if text is None:
        return False
    wide, common = _count_wide(text)
    return wide == common


def _count_wide(text: str) -> tuple[int, int]:
    """How many letters are beyond ASCII, and how many of those are in GB2312, which has two bytes for each.

    No loop over letters: names may be long, and many.
    """
    narrow = len(text.encode("ascii", "ignore"))
    return len(text) - narrow, (len(text.encode("gb2312", "ignore")) - narrow) // 2
