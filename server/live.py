"""WS /api/v1/live: a camera's frames in, redrawn frames out, the newest always first."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

from fastapi import APIRouter
from prometheus_client import CollectorRegistry
from starlette.websockets import WebSocket, WebSocketDisconnect

from pipelines.errors import Busy, InkframeError
from pipelines.studio import Studio
from server.live_counts import LiveCounts, Sessions
from server.live_outbox import Outbox
from server.live_protocol import write_error
from server.live_session import LiveLimits, LiveSession, OpenLoop

LIVE = "/api/v1/live"
IDLE, FULL = 4408, 4503
"""Codes that a socket is closed with; those from 4000 up are ours."""
LAST_WORDS = 1.0
"""Seconds to say why a socket is closed."""
SHARE = 2000
"""Characters of a text that count like one more message: the event loop itself takes it apart."""


class Idle(InkframeError):
    """No frame came for a long time."""

    code, status = "idle", 408


def add_live(
    router: APIRouter,
    studio: Studio,
    registry: CollectorRegistry,
    open_loop: OpenLoop | None = None,
    limits: LiveLimits | None = None,
) -> Sessions:
    """The route, and its lines in /metrics."""
    from server.live_loop import bind_loop
    from server.live_wishes import bind_wishes

    bounds = limits or LiveLimits(sessions=studio.settings.live_sessions)
    sessions = Sessions(bounds.sessions)
    registry.register(LiveCounts(sessions))
    opener, wishes = open_loop or bind_loop(studio), bind_wishes(studio)

    @router.websocket(LIVE)
    async def live(socket: WebSocket) -> None:
        await socket.accept()
        session = LiveSession(Outbox(), opener, bounds, wishes)
        if not sessions.enter(session):
            busy = Busy("All live places are taken.", "Close another Webcam Style page, or try again later.")
            await _dismiss(socket, busy, FULL)
            session.close()
            return
        try:
            await converse(socket, session)
        finally:
            ended = session.close()
            ended.add_done_callback(lambda _: sessions.leave(session))
            await asyncio.shield(asyncio.wrap_future(ended))

    return sessions


async def converse(socket: WebSocket, session: LiveSession) -> None:
    """Read, write and watch until one of the three ends."""
    session.tell("hello", options=session.stats()["options"])
    tasks = [asyncio.create_task(each(socket, session)) for each in (_read, _write, _watch)]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    except (WebSocketDisconnect, TimeoutError, asyncio.TimeoutError, OSError):
        pass  # a client that is gone, or reads no more
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _read(socket: WebSocket, session: LiveSession) -> None:
    """Hand messages on. A flood is not read faster than a real camera sends: the rest waits at the client's."""
    begun, count = time.monotonic(), 0
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        count += 1
        if message.get("bytes") is not None:
            session.take_bytes(message["bytes"])
        elif message.get("text") is not None:
            session.take_text(message["text"])
            count += len(message["text"]) // SHARE
        now = time.monotonic()
        if now - begun >= 1.0:
            begun, count = now, 0
        elif count >= session.limits.a_second:
            await asyncio.sleep(begun + 1.0 - now)


async def _write(socket: WebSocket, session: LiveSession) -> None:
    while True:
        message = await session.outbox.take()
        send = socket.send_text(message) if isinstance(message, str) else socket.send_bytes(message)
        await asyncio.wait_for(send, session.limits.stuck)


async def _watch(socket: WebSocket, session: LiveSession) -> None:
    """Tell how it goes; end a session that sends no frames."""
    limits = session.limits
    while session.idle_seconds < limits.idle:
        await asyncio.sleep(limits.stats)
        session.tell_stats()
    minutes = limits.idle / 60
    await _dismiss(socket, Idle(f"No frame came for {minutes:g} minutes.", "Press Start to go on."), IDLE)


async def _dismiss(socket: WebSocket, error: InkframeError, code: int) -> None:
    with suppress(asyncio.TimeoutError, TimeoutError, WebSocketDisconnect, RuntimeError):
        await asyncio.wait_for(socket.send_text(write_error(error)), LAST_WORDS)
        await asyncio.wait_for(socket.close(code, error.code), LAST_WORDS)
