"""The live socket by hand-made messages: random bytes, frames that are nearly right, JSON, floods, cut lines."""

from __future__ import annotations

import json
import socket
import struct
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from scripts.fuzz.damage import damaged
from scripts.fuzz.requests import JSON
from scripts.fuzz.stand import Stand
from scripts.fuzz.texts import TEXT
from tests.conftest import draw_disc, encode

HEAD = struct.Struct(">Id")
KINDS = (
    "controls",
    "offer",
    "report",
    "renew",
    "snapshot",
    "record",
    "broadcast",
    "sound",
    "seen",
    "hello",
    "x",
)
FIELDS = (
    *(
        "style",
        "blend",
        "strength",
        "background",
        "target_fps",
        "smoothing",
        "floor",
        "ceiling",
        "quality",
        "on",
    ),
    *(
        "sdp",
        "kind",
        "lang",
        "preset",
        "server",
        "key",
        "width",
        "height",
        "fps",
        "kbit_s",
        "pcm",
        "frames",
        "type",
    ),
)
FLOOD = 300
JPEG = encode(draw_disc(48, 64), "JPEG")


def prepare_socket(stand: Stand, _: Path) -> tuple[st.SearchStrategy[Any], Any]:
    """Each case is one client: what it sends, and how it leaves."""
    number, time = st.integers(0, (1 << 32) - 1), st.floats()
    frame = st.builds(lambda at, ms, data: HEAD.pack(at, ms) + data, number, time, damaged([JPEG]))
    wish = st.fixed_dictionaries(
        {"type": st.sampled_from(KINDS)}, optional=dict.fromkeys(FIELDS[:-1], JSON | TEXT | st.booleans())
    )
    few = st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=3)
    kind = st.builds(lambda kind, given: {**given, "type": kind}, st.sampled_from(KINDS), few)
    text = st.builds(json.dumps, wish | kind | JSON) | st.text(max_size=60)
    message = frame | text | st.binary(max_size=200)
    ends = st.sampled_from(["close", "cut", "flood", "leave"])
    address = stand.address.replace("http", "ws") + "/api/v1/live"

    def speak(given: tuple[list[bytes | str], str]) -> None:
        messages, end = given
        with suppress(WebSocketException, OSError, TimeoutError):
            line = connect(address, open_timeout=20, close_timeout=2, max_size=None, compression=None)
            try:
                for each in messages * (FLOOD if end == "flood" else 1):
                    line.send(each if isinstance(each, bytes) else each.encode("utf-8", "replace").decode())
                listen(line)
            finally:
                leave(line, end)

    return st.tuples(st.lists(message, max_size=6), ends), speak


def listen(line: ClientConnection) -> None:
    """Read what there is for a moment."""
    with suppress(TimeoutError):
        for _ in range(20):
            line.recv(timeout=0.02)


def leave(line: ClientConnection, end: str) -> None:
    """Say goodbye, or cut the line without a word."""
    if end == "cut":
        line.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.socket.close()
    else:
        line.close()
