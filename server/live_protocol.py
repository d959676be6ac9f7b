"""What travels on the live socket: frames as bytes behind a small head, all else as JSON.

To the server `>Id` = number, capture time in ms of the client's clock; back `>IdH` = the same two and the
server's ms for this frame. Numbers that come back only grow.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from math import isfinite
from typing import Any, Protocol

from pipelines.errors import BadInput, InkframeError, TooLarge

INTO, BACK = struct.Struct(">Id"), struct.Struct(">IdH")
LONGEST_MS = 65_535
PICTURES = (b"\xff\xd8\xff", b"RIFF")
"""How JPEG and WebP begin."""


@dataclass(frozen=True)
class Frame:
    """A frame as it came; `data` is a picture's file, not yet looked into."""

    number: int
    captured_ms: float
    data: bytes


class Styled(Protocol):
    """A frame that is done, see pipelines.webcam.loop."""

    @property
    def number(self) -> int: ...
    @property
    def captured_ms(self) -> float: ...
    @property
    def server_ms(self) -> float: ...
    @property
    def jpeg(self) -> bytes | None: ...
    @property
    def rgb(self) -> Any: ...


def read_frame(message: bytes, most: int) -> Frame:
    """Take a binary message apart. Raises TooLarge over `most` bytes, BadInput for what is no frame."""
    if len(message) > most:
        raise TooLarge(
            f"A frame has {len(message) / 1e6:.1f} MB; {most / 1e6:.1f} MB are the limit.",
            "Send smaller frames: a longer side of 640 pixels is enough.",
        )
    if len(message) <= INTO.size or not message.startswith(PICTURES, INTO.size):
        raise BadInput(
            "A binary message is no frame.",
            "Send a number (32 bits), a time in ms (a double), both big-endian, then a JPEG or WebP file.",
        )
    number, captured = INTO.unpack_from(message)
    if not isfinite(captured):
        raise BadInput("A frame's time is no number.", "Send the milliseconds of the client's clock.")
    return Frame(number, captured, message[INTO.size :])


def write_frame(styled: Styled, jpeg: bytes) -> bytes:
    """The message that brings a finished frame to the client."""
    spent = min(max(round(styled.server_ms), 0), LONGEST_MS)
    return BACK.pack(styled.number, styled.captured_ms, spent) + jpeg


def read_text(text: str, most: int) -> dict[str, Any]:
    """A text message as the object that it must be. Raises TooLarge, BadInput."""
    if len(text) > most:
        raise TooLarge(f"A message has more than {most} characters.", "Send frames as bytes, not as text.")
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise BadInput(
            "A text message is no JSON object with a type.",
            'Send for example {"type": "controls", "style": "none"}; frames go as bytes.',
        )
    return message


def write_text(kind: str, /, **facts: Any) -> str:
    """A text message to the client."""
    return json.dumps({"type": kind, **facts}, ensure_ascii=False)


def write_error(error: InkframeError) -> str:
    """What went wrong, in the form that REST has too."""
    return write_text("error", code=error.code, message=error.message, hint=error.hint)
