"""One thing found in a batch's input, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Literal

RowStatus = Literal["done", "failed", "skipped"]


@dataclass(frozen=True)
class Entry:
    """A file of the input. `path` is relative, with "/" and no "..": `trip/day 1/IMG_1.jpg`.

    `output` is where its result goes: `path` with the result's ending, made unique in the batch. `open` gives
    its bytes as a new binary stream; it may raise an InkframeError (damaged, too large). `fault` is "" for a
    picture to be done, else why it never can be (not a picture, encrypted, a link...): then it is only a row.
    `notes` say what was changed (a name that was decoded as GBK, an output renamed because two had one name).
    """

    path: str
    output: str
    size: int
    open: Callable[[], BinaryIO]
    fault: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """What the manifest says of one file of the input; `number` is its place in the input, from 0.

    `status` "skipped" is a file that is no picture. `output` is "" unless done. `reused` is where the same
    picture with the same settings had been done before. Sizes in px, 0 when unknown; `seconds` of work.
    """

    number: int
    source: str
    status: RowStatus
    output: str = ""
    sha256: str = ""
    width: int = 0
    height: int = 0
    reason: str = ""
    seconds: float = 0.0
    model: str = ""
    version: str = ""
    device: str = ""
    reused: str = ""
    notes: tuple[str, ...] = ()
