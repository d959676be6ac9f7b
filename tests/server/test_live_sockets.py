"""The live socket over a real server: clients that do not read, are cut off, or flood it, and the real loop."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
import uvicorn
from fastapi import APIRouter, FastAPI
from prometheus_client import CollectorRegistry
from websockets.sync.client import ClientConnection, connect

from pipelines.studio import Studio
from server.live import add_live
from server.live_session import LiveLimits
from tests.conftest import draw_disc, encode
from tests.server.live import BACK, LIVE, Stand, frame, make_stand, read_back, waiting

FAT = encode(draw_disc(48, 64), "JPEG") + bytes(300_000)


@contextmanager
def served(app: Any) -> Iterator[int]:
    """The port on which uvicorn serves the app, as Inkframe runs it."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    with waiting() as until:
        until(lambda: server.started)
    yield int(server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def stand(studio: Studio) -> Stand:
    return make_stand(studio, stuck=0.3)


@pytest.fixture
def port(stand: Stand) -> Iterator[int]:
    with served(stand.app) as made:
        yield made


def open_live(port: int) -> ClientConnection:
    return connect(f"ws://127.0.0.1:{port}{LIVE}", compression=None, max_size=None)


def read_frame(client: ClientConnection) -> tuple[int, float, int, bytes]:
    while True:
        message = client.recv(10)
        if isinstance(message, bytes):
            return read_back(message)


def raw_client(port: int) -> socket.socket:
    """A client that has shaken hands, and does with its socket what it likes."""
    made = socket.create_connection(("127.0.0.1", port))
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.sendall(
        f"GET {LIVE} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    assert b"101" in made.recv(64)
    return made


def masked(data: bytes) -> bytes:
    """A binary frame as a client sends it, with a mask of zeros."""
    return bytes([0x82, 0x80 | 127]) + struct.pack(">Q", len(data)) + bytes(4) + data


def test_a_frame_comes_back_over_a_real_socket(port: int) -> None:
    with open_live(port) as client:
        client.send(json.dumps({"type": "controls"}))
        for number in (1, 2):
            client.send(frame(number))
        assert read_frame(client)[0] in (1, 2)


def test_a_client_that_never_reads_loses_its_session_and_holds_nobody_up(stand: Stand, port: int) -> None:
    lazy = raw_client(port)
    for number in range(1, 60):
        lazy.sendall(masked(frame(number, data=FAT)))
    with open_live(port) as other, waiting(10) as until:
        other.send(frame(1))
        until(lambda: len(stand.loops) == 2)
        other.send(frame(2))
        assert read_frame(other)[0] in (1, 2)
        until(lambda: len(stand.sessions.list()) == 1)
    lazy.close()


def test_a_socket_that_is_cut_ends_its_session(stand: Stand, port: int) -> None:
    cut = raw_client(port)
    cut.sendall(masked(frame(1)))
    with waiting() as until:
        until(lambda: len(stand.loops) == 1)
        cut.sendall(masked(frame(2))[:30])
        cut.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        cut.close()
        assert stand.loops[0].closed.wait(5)
        until(lambda: stand.sessions.list() == ())


def test_sessions_do_not_hear_of_each_other(stand: Stand, port: int) -> None:
    with open_live(port) as first, open_live(port) as second, waiting() as until:
        for client in (first, second):
            client.send(json.dumps({"type": "controls"}))
        until(lambda: len(stand.loops) == 2)
        first.send(frame(11))
        second.send(frame(22))
        assert (read_frame(first)[0], read_frame(second)[0]) == (11, 22)


def test_the_real_loop_draws_newest_frames_and_survives_what_is_no_picture(studio: Studio) -> None:
    app, router = FastAPI(), APIRouter()
    add_live(router, studio, CollectorRegistry(), limits=LiveLimits(stats=0.05))
    app.include_router(router)
    huge = encode(np.zeros((4320, 7680, 3), np.uint8), "JPEG")
    picture = encode(draw_disc(96, 128), "JPEG")
    seen: list[int] = []
    errors: set[str] = set()
    with served(app) as port, open_live(port) as client:
        client.send(json.dumps({"type": "controls", "style": "none", "smoothing": "off"}))
        bad = {10: huge, 11: picture[:200], 12: b"\xff\xd8\xff" + bytes(100)}
        for number in range(1, 200):
            client.send(frame(number, float(number), bad.get(number, picture)))
            message = client.recv(10)
            if isinstance(message, bytes):
                number_back, captured, _, data = read_back(message)
                assert captured == number_back
                assert data.startswith(b"\xff\xd8")
                seen.append(number_back)
            elif json.loads(message)["type"] == "error":
                errors.add(json.loads(message)["code"])
            if number > 20 and len(seen) > 10 and errors:
                break
        assert seen == sorted(set(seen))
        assert not set(bad) & set(seen)
        assert len(seen) > 10
        assert errors == {"too_large"}
        client.send(json.dumps({"type": "controls", "style": "nonesuch"}))
        told = None
        while told is None or told["type"] != "error":
            message = client.recv(10)
            told = json.loads(message) if isinstance(message, str) else None
        assert told["code"] == "invalid_option"
        assert "nonesuch" in told["message"]
        client.send(frame(1000, 1.0, picture))
        while (number := read_frame(client)[0]) < 1000:
            pass  # one that was under way when the look was refused
        assert number == 1000
    assert BACK.size == 14
