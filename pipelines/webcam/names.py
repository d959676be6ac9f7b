"""Names that users give to their own styles and backgrounds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import PurePath

from pipelines.errors import InvalidOption
from pipelines.webcam.look_rows import BUILTIN
from pipelines.webcam.options import BLUR, NONE

LONGEST = 40
REFUSED = re.compile(r"[,:/\\#<>\"]")
"""What separates names in a blend, or means something in a path, a colour or a page."""
OTHER_NAMES = {"identity": NONE}
TAKEN = frozenset({*OTHER_NAMES, *(row.id for row in BUILTIN), BLUR})


def clean_name(text: str) -> str:
    """A name as it is kept: without space around it, and one space where there were more.

    Raises InvalidOption for one that is empty, too long, taken by the app, or has signs that mean something else.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name or len(name) > LONGEST or REFUSED.search(name) or not name.isprintable():
        raise InvalidOption(
            f"A picture can't be called {name[:LONGEST]!r}.",
            f'Use 1 to {LONGEST} characters, none of them , : / \\ # < > ".',
        )
    if name.lower() in TAKEN:
        raise InvalidOption(
            f"{name!r} is the name of something that comes with the app.", "Choose another name."
        )
    return name


def find_name(file: str, taken: Sequence[str], otherwise: str = "Style") -> str:
    """A name from a file's: what no name may hold is left out, and a number makes it a new one."""
    plain = REFUSED.sub(" ", PurePath(unicodedata.normalize("NFC", file)).stem)
    stem = " ".join("".join(each if each.isprintable() else " " for each in plain).split()) or otherwise
    known = TAKEN | {name.casefold() for name in taken}
    names = (stem[:LONGEST].strip(), *(f"{stem[: LONGEST - 4].strip()} {number}" for number in range(2, 999)))
    return next(name for name in names if name.casefold() not in known)
