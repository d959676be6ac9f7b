"""A camera's frames over the live socket, one after the other, each timed to its return."""

from __future__ import annotations

import json
import struct
import time
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

LIVE_ROUTE = "/api/v1/live"
INTO, BACK = struct.Struct(">Id"), struct.Struct(">IdH")
FULL = 4503
"""All live places are taken: the socket's way to say 503."""
PATIENCE, LOST = 60.0, 1.0
"""Seconds that a frame may take, for the first one loads a model, and after which another is sent meanwhile."""


def watch_oneself(
    guest: Any, route: str, frames: list[bytes], style: str, seconds: float, rate: float
) -> None:
    """Send frames for so long, at most so many a second, and wait for each to come back."""
    address = guest.host.replace("http", "ws", 1) + route
    try:
        with connect(address, max_size=None, compression=None) as socket:
            wishes = {"type": "controls", "style": style, "ceiling": 384, "target_fps": 15}
            socket.send(json.dumps(wishes))
            end, number, name = time.monotonic() + seconds, 0, "live: first frame"
            while time.monotonic() < end:
                begun = time.monotonic()
                number = send_until_one_is_back(socket, frames, number)
                tell(guest, name, time.monotonic() - begun)
                name = "live: frame"
                time.sleep(max(0.0, begun + 1 / rate - time.monotonic()))
    except ConnectionClosed as closed:
        if closed.rcvd is not None and closed.rcvd.code == FULL:
            tell(guest, "live: session (turned away)", 0.0)
        else:
            tell(guest, "live: session", 0.0, closed)
    except (OSError, TimeoutError, RuntimeError) as trouble:
        tell(guest, "live: session", 0.0, trouble)


def send_until_one_is_back(socket: Any, frames: list[bytes], number: int) -> int:
    """Send a frame, and further ones while none comes back, as the page does; the number of the next."""
    first, end = number, time.monotonic() + PATIENCE
    while time.monotonic() < end:
        socket.send(INTO.pack(number, 1000 * time.monotonic()) + frames[number % len(frames)])
        number += 1
        if is_back(socket, first, time.monotonic() + LOST):
            return number
    raise TimeoutError("no frame came back")


def is_back(socket: Any, first: int, end: float) -> bool:
    """Whether a frame from that number on is back in time; others and texts are passed over."""
    while (left := end - time.monotonic()) > 0:
        try:
            message = socket.recv(timeout=left)
        except TimeoutError:
            return False
        if isinstance(message, str):
            told = json.loads(message)
            if told["type"] == "error" and told["code"] != "busy":
                raise RuntimeError(f"{told['code']}: {told['message']}")
        elif BACK.unpack_from(message)[0] >= first:
            return True
    return False


def tell(guest: Any, name: str, seconds: float, trouble: BaseException | None = None) -> None:
    """Enter a row among the requests."""
    guest.environment.events.request.fire(
        request_type="WS",
        name=name,
        response_time=1000 * seconds,
        response_length=0,
        exception=trouble,
        context={},
    )
