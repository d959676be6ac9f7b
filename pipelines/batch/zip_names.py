"""Read the names in a zip, whose encoding it seldom says.

A name is, in this order: UTF-8 where the flag or Info-ZIP's Unicode field says so (APPNOTE 4.4.4, 4.6.9);
what most of the zip's other names are, see `guess_encoding`; else GBK where it reads as Chinese; else cp437,
the zip format's own.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Literal

from pipelines.batch.zip_layout import UNIX_HOSTS, UTF8_FLAG, Member, find_extra

Encoding = Literal["utf-8", "gb18030", "cp437"]

UNICODE_PATH = 0x7075
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
    unsaid = [member for member in members if not member.name.isascii() and _read_said(member) is None]
    if not unsaid:
        return "utf-8"
    if all(_decode(member.name, "utf-8") is not None for member in unsaid):
        windows = all(member.host not in UNIX_HOSTS for member in unsaid)
        return "gb18030" if windows and all(_is_plain_chinese(member.name) for member in unsaid) else "utf-8"
    chinese = sum(_reads_as_chinese(member.name) for member in unsaid)
    return "gb18030" if chinese * 2 >= len(unsaid) else "cp437"


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
    wide = [letter for letter in text if not letter.isascii()]
    common = sum(_is_common(letter) for letter in wide)
    return common * 2 > len(wide) and any("一" <= letter <= "鿿" for letter in wide)


def _is_plain_chinese(name: bytes) -> bool:
    text = _decode(name, "gb18030")
    return text is not None and all(letter.isascii() or _is_common(letter) for letter in text)


def _is_common(letter: str) -> bool:
    try:
        return bool(letter.encode("gb2312"))
    except UnicodeEncodeError:
        return False
