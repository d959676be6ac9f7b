"""A broadcast begun on the page, taken by a real RTMP server that dies and comes back."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import SLOW
from tests.e2e.test_live_page import pick, start
from tests.pipelines.webcam.rtmp_server import ABSENT, WHY, RtmpServer, probe, rtmp_server

KEY = "live_31415926-s3cret"
LONG = bool(os.environ.get("INKFRAME_LONG_TESTS"))
ON_AIR, GONE = (30, 20) if LONG else (2, 3)
"""Seconds before the server dies, and until it is back."""
BUSY = 1 if LONG else 4
"""A machine that runs the suite does other things, too; the long run is for a quiet one."""
COUNT_PAUSES = """() => {
  window.pauses = [];
  let before = performance.now();
  const pen = CanvasRenderingContext2D.prototype, draw = pen.drawImage;
  pen.drawImage = function (...all) {
    if (this.canvas.dataset.part === "picture") {
      pauses.push(performance.now() - before);
      before = performance.now();
    }
    return draw.apply(this, all);
  };
}"""

pytestmark = pytest.mark.skipif(ABSENT, reason=WHY)


def go_live(page: Page, server: RtmpServer) -> None:
    page.locator("#live-cast button").first.click()
    page.locator("#live-broadcast [data-part=preset]").select_option("bilibili")
    page.locator("#live-broadcast [data-part=server]").fill(server.address)
    page.locator("#live-broadcast [data-part=key]").fill(KEY)
    page.locator("#live-broadcast [data-part=go]").click()


def wait_for(page: Page, state: str) -> None:
    expect(page.locator(f"#live-broadcast [data-part=state][data-state={state}]")).to_be_visible(timeout=SLOW)


def test_a_broadcast_outlives_its_server(tab: Page, tmp_path: Path, shots: Path) -> None:
    with rtmp_server(tmp_path) as server:
        # given a styled picture that is on air at Bilibili's size and rate
        start(tab)
        pick(tab, "painting-05")
        go_live(tab, server)
        wait_for(tab, "streaming")
        picture, sound = sorted(
            probe(server.address, KEY, 2), key=lambda row: row["codec_type"], reverse=True
        )
        assert (picture["codec_name"], picture["width"], picture["height"]) == ("h264", "1280", "720")
        assert picture["avg_frame_rate"] == "15/1"
        assert sound["codec_name"] == "aac"
        tab.screenshot(path=shots / "live-on-air.png")
        tab.evaluate(COUNT_PAUSES)
        tab.wait_for_timeout(1000 * ON_AIR)
        # when the server dies and comes back
        server.stop()
        expect(tab.locator("#live-broadcast [data-part=problem]")).not_to_be_empty(timeout=SLOW)
        tab.wait_for_timeout(1000 * GONE)
        tab.screenshot(path=shots / "live-server-gone.png")
        server.start()
        back = time.monotonic()
        wait_for(tab, "streaming")
        waited = time.monotonic() - back
        tab.wait_for_timeout(1000)
        longest = tab.evaluate("Math.max(...pauses)")
        # then it streams again by itself, and the page's picture never stood
        print(f"streaming {waited:.1f} s after the server; longest pause of the page {longest:.0f} ms")
        assert waited <= 5 * BUSY
        assert longest <= 500 * BUSY
        assert probe(server.address, KEY, 1)[0]["codec_name"]
        # and the key is nowhere
        assert KEY not in tab.content()
        assert KEY not in tab.evaluate("JSON.stringify([localStorage, sessionStorage])")
        tab.locator("#live-broadcast [data-part=go]").click()
        wait_for(tab, "off")
    kept = [path for path in tmp_path.parent.rglob("*") if path.is_file() and path != server.log]
    assert not [path for path in kept if KEY.encode() in path.read_bytes()]
