"""WebRTC as a second way for the frames: the socket only carries the offer, the wishes and the figures.

There is no server to ask for addresses: both ends offer those of their own machine, so that nothing is told
outside the network.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine, Mapping
from fractions import Fraction
from typing import Any, TypeVar

from pipelines.errors import BadInput, Busy, TooLarge
from server.live_offer import read_offer
from server.live_protocol import Styled
from server.live_session import LiveSession

log = logging.getLogger(__name__)

T = TypeVar("T")
CLOCK = 90_000
"""Ticks a second of a video's time stamps."""
PATIENCE = 10.0
"""Seconds for an answer; one that is not found by then never is."""
STUCK = 2 * PATIENCE
"""Seconds after which the event loop itself is given up."""
NAME = "webrtc"
"""Under which it hangs on the session."""


class Newest:
    """One place between tasks of the event loop: the newest item, or the end."""

    def __init__(self) -> None:
        self._item: Any = None
        self._there = asyncio.Event()
        self.over = False

    def put(self, item: Any) -> None:
        """Take an item in the place of one that nobody took."""
        self._item = item
        self._there.set()

    def end(self) -> None:
        """Say that nothing will come any more; whoever waits is woken."""
        self.over = True
        self._there.set()

    async def take(self) -> Any:
        """The newest, once there is one; None at the end."""
        await self._there.wait()
        if self.over:
            return None
        self._there.clear()
        return self._item


class Peer:
    """One browser's connection. Lives in the event loop; only `show` is called from elsewhere."""

    def __init__(self, session: LiveSession) -> None:
        from aiortc import RTCConfiguration, RTCPeerConnection

        self._session, self._home = session, asyncio.get_running_loop()
        self._arrived, self._styled = Newest(), Newest()
        self._tasks: list[asyncio.Task[None]] = []
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._connection.on("track", self._follow)

    async def answer(self, offer: str) -> str:
        """The answer to a browser's offer, both SDP. Raises BadInput, also where none is found in PATIENCE."""
        try:
            await asyncio.wait_for(self._agree(offer), PATIENCE)
        except Exception as error:  # whatever a broken SDP makes of the library
            log.info("an offer was refused: %r", error)
            raise BadInput(
                "The browser's WebRTC offer can't be answered.", "Choose WebSocket as the connection."
            ) from error
        return str(self._connection.localDescription.sdp)

    def show(self, styled: Styled) -> None:
        """Send a finished frame; the newest wins."""
        self._home.call_soon_threadsafe(self._styled.put, styled.rgb)

    async def close(self) -> None:
        self._arrived.end()
        self._styled.end()
        for task in self._tasks:
            task.cancel()
        await self._connection.close()

    async def _agree(self, offer: str) -> None:
        from aiortc import RTCSessionDescription

        await self._connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        ways = [each for each in self._connection.getTransceivers() if each.kind == "video"]
        ways[0].sender.replaceTrack(_make_track(self._styled))
        ways[0].direction = "sendrecv"
        await self._connection.setLocalDescription(await self._connection.createAnswer())

    def _follow(self, track: Any) -> None:
        if track.kind == "video":
            self._tasks += [asyncio.ensure_future(self._drain(track)), asyncio.ensure_future(self._hand_on())]

    async def _drain(self, track: Any) -> None:
        """Take every frame as it comes: what waits in the track would be old."""
        from aiortc.mediastreams import MediaStreamError

        try:
            while True:
                self._arrived.put(await track.recv())
        except MediaStreamError:
            log.debug("a browser's video has ended")

    async def _hand_on(self) -> None:
        while (frame := await self._arrived.take()) is not None:
            try:
                rgb = await asyncio.to_thread(_read_pixels, frame)
            except TooLarge as error:
                self._session.refuse(error)
            else:
                self._session.take_rgb(time.perf_counter() * 1000, rgb)


def _read_pixels(frame: Any) -> Any:
    """RGB uint8 HWC. Raises TooLarge before memory is taken for it."""
    from pipelines.webcam.stages import check_size

    check_size((frame.width, frame.height))
    return frame.to_ndarray(format="rgb24")


def _make_track(styled: Newest) -> Any:
    """The video that goes back."""
    import av
    from aiortc import MediaStreamTrack
    from aiortc.mediastreams import MediaStreamError

    class StyledTrack(MediaStreamTrack):
        kind = "video"
        begun = time.perf_counter()

        async def recv(self) -> Any:
            rgb = await styled.take()
            if rgb is None:
                raise MediaStreamError
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            frame.pts = int((time.perf_counter() - self.begun) * CLOCK)
            frame.time_base = Fraction(1, CLOCK)
            return frame

    return StyledTrack()


def take_offer(session: LiveSession, message: Mapping[str, Any], *, offline: bool) -> None:
    """The wish "offer": {"sdp"} is answered by "answer": {"sdp"}, and the session's frames go that way.

    Raises BadInput for an offer that can't be answered, Busy for one that comes late or is a session's second.
    """
    offer, home = read_offer(message.get("sdp"), offline=offline), session.outbox.home
    if session.loop is not None:
        raise Busy("The session runs already.", "Send the offer before all else.")
    if NAME in session.endings:
        raise Busy("The session has a WebRTC connection already.", "Open another session for another offer.")

    async def connect() -> tuple[Peer, str]:
        peer = Peer(session)
        try:
            return peer, await peer.answer(offer)
        except BaseException:
            await peer.close()
            raise

    peer, answer = _run(connect(), home)
    session.show, session.encodes = peer.show, False
    session.endings[NAME] = lambda: _run(_close(peer), home)
    session.tell("answer", sdp=answer)


async def _close(peer: Peer) -> None:
    """Close to the end, also when nobody waits for it any more: its sockets would stay open."""
    await asyncio.shield(peer.close())


def _run(work: Coroutine[Any, Any, T], home: asyncio.AbstractEventLoop) -> T:
    """Have the event loop do something, from another thread; what takes longer than STUCK is cancelled."""
    future = asyncio.run_coroutine_threadsafe(work, home)
    try:
        return future.result(STUCK)
    except BaseException:  # nobody would take over what it opens
        future.cancel()
        raise
