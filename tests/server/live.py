"""A loop that only hands frames back, a server around it, and frames to send."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, FastAPI
from prometheus_client import CollectorRegistry, generate_latest

from pipelines.errors import InkframeError, InvalidOption
from pipelines.studio import Studio
from pipelines.webcam.options import LiveOptions
from server.live import add_live
from server.live_counts import Sessions
from server.live_protocol import BACK, INTO
from server.live_session import LiveLimits
from server.security import add_security
from tests.conftest import draw_disc, encode

LIVE = "/api/v1/live"
RGB = draw_disc(48, 64)
JPEG = encode(RGB, "JPEG")


@dataclass(frozen=True)
class FakeStyled:
    number: int
    captured_ms: float
    server_ms: float
    jpeg: bytes | None
    rgb: Any = None


@dataclass(frozen=True)
class FakeStats:
    received: int

    def as_dict(self) -> dict[str, Any]:
        return {
            "fps": 24.5,
            "age_p50_ms": 40.0,
            "age_p95_ms": None,
            "drops": {"decode": 3},
            "received": self.received,
        }


@dataclass
class EchoLoop:
    """Delivers each frame as it came. `hold` keeps frames back until `release`."""

    options: LiveOptions
    deliver: Callable[[Any], None]
    on_trouble: Callable[[InkframeError], None]
    encode: bool
    offered: list[int] = field(default_factory=list)
    ages: list[tuple[int, float]] = field(default_factory=list)
    taps: list[Callable[[Any, float], None]] = field(default_factory=list)
    renewed: int = 0
    closed: threading.Event = field(default_factory=threading.Event)

    def offer(self, number: int, captured_ms: float, data: bytes) -> None:
        self.offered.append(number)
        for take in list(self.taps):
            take(RGB, time.perf_counter())
        self.deliver(FakeStyled(number, captured_ms, 7.4, data, RGB))

    def offer_rgb(self, number: int, captured_ms: float, rgb: Any) -> None:
        self.offered.append(number)
        self.deliver(FakeStyled(number, captured_ms, 7.4, None, rgb))

    def change(self, options: LiveOptions) -> None:
        self.options = options
        if options.style == "gone":
            self.on_trouble(InvalidOption("There is no style called 'gone'.", "Choose one of the list."))

    def renew(self) -> None:
        self.renewed += 1

    def seen(self, number: int, age_ms: float) -> None:
        self.ages.append((number, age_ms))

    def tap(self, take: Callable[[Any, float], None]) -> Callable[[], None]:
        self.taps.append(take)
        return lambda: self.taps.remove(take)

    def stats(self) -> FakeStats:
        return FakeStats(len(self.offered))

    def close(self) -> None:
        self.closed.set()


@dataclass
class Stand:
    """A live route, the loops that it made, its sessions and its metrics."""

    app: FastAPI
    loops: list[EchoLoop]
    sessions: Sessions
    registry: CollectorRegistry

    @property
    def metrics(self) -> str:
        return generate_latest(self.registry).decode()


def make_stand(studio: Studio, **limits: Any) -> Stand:
    loops: list[EchoLoop] = []

    def open_loop(
        options: LiveOptions, deliver: Any, on_trouble: Any, *, encode: bool, on_drawer: Any
    ) -> EchoLoop:
        loops.append(EchoLoop(options, deliver, on_trouble, encode))
        return loops[-1]

    app, router, registry = FastAPI(), APIRouter(), CollectorRegistry()
    bounds = LiveLimits(**{"stats": 0.05, **limits})
    sessions = add_live(router, studio, registry, open_loop, bounds)
    app.include_router(router)
    add_security(app, studio.settings, studio.tickets)
    return Stand(app, loops, sessions, registry)


def next_text(socket: Any, kind: str, fits: Callable[[Any], bool] = lambda _: True) -> Any:
    """The next text message of a kind that a test client's socket gets."""
    for _ in range(400):
        message = socket.receive()
        if message.get("text"):
            found = json.loads(message["text"])
            if found["type"] == kind and fits(found):
                return found
    raise AssertionError(f"no {kind} came")


def send(socket: Any, **message: Any) -> None:
    socket.send_text(json.dumps(message))


def begin(socket: Any, **options: Any) -> None:
    """Send controls, and wait until the loop runs."""
    send(socket, type="controls", **options)
    next_text(socket, "stats", lambda stats: "received" in stats)


def frame(number: int, captured: float = 12.5, data: bytes = JPEG) -> bytes:
    """A message with a frame."""
    return INTO.pack(number, captured) + data


def read_back(message: bytes) -> tuple[int, float, int, bytes]:
    """Number, time, server ms and file of a frame that came back."""
    return (*BACK.unpack_from(message), message[BACK.size :])


@contextmanager
def waiting(seconds: float = 5.0) -> Iterator[Callable[[Callable[[], bool]], None]]:
    """Gives a function that waits until a condition holds."""
    turn = threading.Event()

    def until(holds: Callable[[], bool]) -> None:
        for _ in range(int(seconds / 0.005)):
            if holds():
                return
            turn.wait(0.005)
        raise AssertionError("it did not come true")

    yield until
