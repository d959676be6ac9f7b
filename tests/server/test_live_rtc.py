"""WebRTC between two peers of this process: frames go up and come back by it, wishes by the socket."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from websockets.asyncio.client import connect

from app import quieten
from pipelines.errors import InkframeError
from pipelines.studio import Studio
from server.live_rtc import Peer
from tests.server.live import LIVE, begin, frame, make_stand, next_text, send
from tests.server.test_live_sockets import served

pytest.importorskip("aiortc")

OFFER = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n"
"""Enough for what does not really answer."""


class Camera:
    """A browser's side: sends a red picture, keeps what comes back."""

    def __init__(self) -> None:
        import av
        from aiortc import RTCConfiguration, RTCPeerConnection, VideoStreamTrack

        class Red(VideoStreamTrack):  # type: ignore[misc]
            async def recv(self) -> Any:
                pts, base = await self.next_timestamp()
                rgb = np.zeros((96, 128, 3), np.uint8)
                rgb[..., 0] = 220
                made = av.VideoFrame.from_ndarray(rgb, format="rgb24")
                made.pts, made.time_base = pts, base
                return made

        self.link = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.link.addTrack(Red())
        self.came: asyncio.Future[np.ndarray] = asyncio.get_running_loop().create_future()
        self.link.on("track", lambda track: asyncio.ensure_future(self._look(track)))

    async def _look(self, track: Any) -> None:
        picture = await track.recv()
        if not self.came.done():
            self.came.set_result(picture.to_ndarray(format="rgb24"))


async def call(port: int) -> np.ndarray:
    from aiortc import RTCSessionDescription

    camera = Camera()
    await camera.link.setLocalDescription(await camera.link.createOffer())
    async with connect(f"ws://127.0.0.1:{port}{LIVE}") as socket:
        await socket.send(json.dumps({"type": "offer", "sdp": camera.link.localDescription.sdp}))
        async for message in socket:
            told = json.loads(message)
            if told["type"] == "answer":
                break
        await camera.link.setRemoteDescription(RTCSessionDescription(told["sdp"], "answer"))
        await socket.send(json.dumps({"type": "controls"}))
        try:
            return await asyncio.wait_for(camera.came, 15)
        finally:
            await camera.link.close()


def test_frames_go_and_come_by_webrtc(studio: Studio) -> None:
    stand = make_stand(studio)
    with served(stand.app) as port, ThreadPoolExecutor(1) as thread:
        # in a thread of its own: Playwright's event loop may still run in this one
        rgb = thread.submit(asyncio.run, call(port)).result()
        assert stand.loops[0].closed.wait(10)
    assert stand.loops[0].encode is False
    assert rgb.shape == (96, 128, 3)
    red, green, blue = rgb.reshape(-1, 3).mean(0)
    assert red > 150 > max(green, blue) + 50


@pytest.mark.parametrize("sdp", [None, 3, "", "rubbish", "v=0\r\n", OFFER, "x" * 100_000])
def test_an_offer_that_is_none_is_refused_and_frames_go_by_the_socket(studio: Studio, sdp: Any) -> None:
    stand = make_stand(studio)
    with TestClient(stand.app) as client, client.websocket_connect(LIVE) as socket:
        send(socket, type="offer", sdp=sdp)
        assert next_text(socket, "error")["code"] == "bad_input"
        begin(socket)
        assert stand.loops[0].encode is True
        socket.send_bytes(frame(1))
        next_text(socket, "stats", lambda stats: stats["received"] == 1)


class Listener:
    """In the place of a session: keeps the shapes of what came, and why others did not."""

    def __init__(self) -> None:
        self.came: list[tuple[int, ...]] = []
        self.refused: list[str] = []

    def take_rgb(self, captured_ms: float, rgb: np.ndarray) -> None:
        self.came.append(rgb.shape)

    def refuse(self, error: InkframeError) -> None:
        self.refused.append(error.code)


class Vast:
    """A frame whose pixels would be 805 MB as RGB."""

    width = height = 16_383

    def to_ndarray(self, **_: object) -> np.ndarray:
        raise AssertionError("its pixels were taken")


def test_a_vast_frame_is_refused_before_its_pixels_are_taken_and_the_next_one_comes() -> None:
    import av

    session = Listener()

    async def hand_on() -> None:
        peer = Peer(session)  # type: ignore[arg-type]
        work = asyncio.ensure_future(peer._hand_on())
        for each in (Vast(), av.VideoFrame(64, 48, "rgb24")):
            peer._arrived.put(each)
            before = len(session.refused) + len(session.came)
            while len(session.refused) + len(session.came) == before and not work.done():
                await asyncio.sleep(0.005)
        await peer.close()
        await work

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, asyncio.wait_for(hand_on(), 20)).result()
    assert session.refused == ["too_large"]
    assert session.came == [(48, 64, 3)]


def test_frames_that_can_not_be_decoded_do_not_fill_the_log(caplog: pytest.LogCaptureFixture) -> None:
    for name in ("httpx", "modelscope", "modelscope_hub", "PIL", "aioice", "aiortc"):
        caplog.set_level(logging.INFO, logger=name)  # and back at the end
    quieten()
    assert not logging.getLogger("aiortc.rtcrtpreceiver").isEnabledFor(logging.WARNING)


def test_an_offer_comes_first_or_not_at_all(studio: Studio) -> None:
    stand = make_stand(studio)
    with TestClient(stand.app) as client, client.websocket_connect(LIVE) as socket:
        begin(socket)
        send(socket, type="offer", sdp=OFFER)
        assert next_text(socket, "error")["code"] == "busy"


class Answerer:
    """In the place of a Peer: opens nothing, and answers in `seconds`, closes in `closing`."""

    made: list[Answerer]
    seconds = closing = 0.0

    def __init__(self, session: Any) -> None:
        self.closed = threading.Event()
        self.offer = ""
        self.made.append(self)

    async def answer(self, offer: str) -> str:
        self.offer = offer
        await asyncio.sleep(self.seconds)
        return "v=0\r\n"

    async def close(self) -> None:
        await asyncio.sleep(self.closing)
        self.closed.set()

    def show(self, styled: Any) -> None: ...


@pytest.fixture
def answerers(monkeypatch: pytest.MonkeyPatch) -> list[Answerer]:
    made: list[Answerer] = []
    monkeypatch.setattr(Answerer, "made", made, raising=False)
    monkeypatch.setattr("server.live_rtc.Peer", Answerer)
    return made


def test_one_offer_stands_and_is_ended_with_the_session(studio: Studio, answerers: list[Answerer]) -> None:
    stand = make_stand(studio)
    with TestClient(stand.app) as client:
        with client.websocket_connect(LIVE) as socket:
            send(socket, type="offer", sdp=OFFER)
            next_text(socket, "answer")
            send(socket, type="offer", sdp=OFFER)
            assert next_text(socket, "error")["code"] == "busy"
            assert [each.closed.is_set() for each in answerers] == [False]
        assert answerers[0].closed.wait(5)


def test_sound_is_not_answered_and_offline_nobody_outside_is_called_up(
    studio: Studio, answerers: list[Answerer]
) -> None:
    assert studio.settings.offline
    near, far = (f"a=candidate:1 1 udp 1 {host} 9 typ host\r\n" for host in ("192.168.1.7", "8.8.8.8"))
    stand = make_stand(studio)
    with TestClient(stand.app) as client, client.websocket_connect(LIVE) as socket:
        send(socket, type="offer", sdp=OFFER + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n")
        assert "one video" in next_text(socket, "error")["message"]
        send(socket, type="offer", sdp=OFFER + near + far)
        next_text(socket, "answer")
    assert [each.offer for each in answerers] == [OFFER + near]


def test_an_answer_that_nobody_waits_for_any_more_is_closed(
    studio: Studio, answerers: list[Answerer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Answerer, "seconds", 60.0)
    monkeypatch.setattr("server.live_rtc.STUCK", 0.05)
    stand = make_stand(studio)
    with TestClient(stand.app) as client, client.websocket_connect(LIVE) as socket:
        send(socket, type="offer", sdp=OFFER)
        next_text(socket, "error")
        assert answerers[0].closed.wait(5)
        monkeypatch.setattr(Answerer, "seconds", 0.0)
        send(socket, type="offer", sdp=OFFER)
        next_text(socket, "answer")


def test_what_closes_slowly_is_closed_all_the_same(
    studio: Studio, answerers: list[Answerer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Answerer, "closing", 0.3)
    stand = make_stand(studio)
    with TestClient(stand.app) as client:
        with client.websocket_connect(LIVE) as socket:
            send(socket, type="offer", sdp=OFFER)
            next_text(socket, "answer")
            monkeypatch.setattr("server.live_rtc.STUCK", 0.05)
        assert answerers[0].closed.wait(5)


def test_an_answer_that_takes_too_long_is_refused_and_closed(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = threading.Event()

    async def agree(*_: object) -> None:
        await asyncio.sleep(60)

    async def close(*_: object) -> None:
        closed.set()

    monkeypatch.setattr(Peer, "_agree", agree)
    monkeypatch.setattr(Peer, "close", close)
    monkeypatch.setattr("server.live_rtc.PATIENCE", 0.05)
    stand = make_stand(studio)
    with TestClient(stand.app) as client, client.websocket_connect(LIVE) as socket:
        send(socket, type="offer", sdp=OFFER)
        assert next_text(socket, "error")["code"] == "bad_input"
        assert closed.is_set()
