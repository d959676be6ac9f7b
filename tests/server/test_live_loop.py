"""A socket before the loop that really draws."""

from __future__ import annotations

from fastapi.testclient import TestClient

from pipelines.image import open_image
from pipelines.studio import Studio
from tests.server.conftest import rest_app
from tests.server.live import JPEG, LIVE, begin, frame, next_text, read_back, send


def test_a_picture_left_as_it_is_comes_back_as_it_was_and_can_be_kept(studio: Studio) -> None:
    with TestClient(rest_app(studio)) as client, client.websocket_connect(LIVE) as socket:
        begin(socket, style="none")
        next_text(socket, "stats", lambda stats: not stats["preparing"])
        socket.send_bytes(frame(1))
        while not (message := socket.receive()).get("bytes"):
            pass
        assert read_back(message["bytes"])[-1] == JPEG
        # what was never opened is opened for a snapshot
        send(socket, type="snapshot")
        run = studio.history.get(next_text(socket, "saved")["run"])
        kept = studio.history.file(run.id, "snapshot.png").read_bytes()
    assert open_image(kept, max_pixels=10**6).rgb.shape == (48, 64, 3)
