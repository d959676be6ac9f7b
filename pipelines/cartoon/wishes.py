"""What is wished for each face, as a short text: `all`, `off`, `1,3`, `1=anime,2=sketch@0.6`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.errors import InvalidOption

ONE = re.compile(r"(\d{1,3})(?:=([\w-]+))?(?:@(\d(?:\.\d+)?))?")
HINT = "Use all, off, or numbers such as 1,3 or 1=anime,2=sketch@0.6."


@dataclass(frozen=True)
class Wish:
    """How one face is drawn; "" and None: as the whole picture."""

    style: str = ""
    strength: float | None = None


@dataclass(frozen=True)
class Wishes:
    """`every`: whether faces that are not named are drawn. `named` by the face's number, from 1."""

    every: bool
    named: dict[int, Wish]

    def of(self, number: int) -> Wish | None:
        """The wish for a face; None where it is not to be drawn."""
        return self.named.get(number, Wish() if self.every else None)


def read_wishes(text: str, styles: Sequence[str]) -> Wishes:
    """Read the text. `all,2=sketch` draws every face, the second as a sketch. Raises InvalidOption."""
    every, named = False, {}
    for part in text.replace(" ", "").split(","):
        if part in ("all", "off"):
            every = part == "all"
        else:
            number, wish = _read_one(part, styles)
            named[number] = wish
    return Wishes(every, named)


def _read_one(part: str, styles: Sequence[str]) -> tuple[int, Wish]:
    found = ONE.fullmatch(part)
    if not found or int(found[1]) == 0:
        raise InvalidOption(f"faces can't be {part!r}.", HINT)
    style, strength = found[2] or "", found[3]
    if style and style not in styles:
        raise InvalidOption(f"There is no style {style!r}.", f"Use one of: {', '.join(styles)}.")
    if strength is not None and float(strength) > 1:
        raise InvalidOption(f"A face's strength can't be {strength}.", "Use a number from 0 to 1.")
    return int(found[1]), Wish(style, None if strength is None else float(strength))
