"""The Webcam Style tab as a person uses it, before Chromium's fake camera (20 frames a second, a moving pie)."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import numpy as np
import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from pipelines.video import VideoReader
from tests.e2e.conftest import COUNT, SLOW
from tests.pipelines.video.films import write_film

LIVE = ".ink-live"
FLOWS = 2
"""Frames a second that a machine shows which is busy with another test."""
REFUSE = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', '%s'); };"
PROMPT = """
const camera = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = (wish) => new Promise((give) => {
  window.allow = async () => give((window.given = await camera(wish)));
});
"""
"""A permission prompt that stays open until `allow()`."""
BARE = """
delete HTMLMediaElement.prototype.captureStream;
delete HTMLVideoElement.prototype.requestVideoFrameCallback;
delete Element.prototype.requestFullscreen;
"""
"""What some browsers lack."""


def start(page: Page) -> None:
    page.locator("#live-go").click()
    expect(page.locator(f"{LIVE}[data-state=live]")).to_be_visible(timeout=SLOW)


def pick(page: Page, look: str) -> None:
    """Choose a style and wait until frames are drawn in it."""
    page.locator(f"[data-look='{look}']").click()
    expect(page.locator(LIVE)).to_have_attribute("data-style", look, timeout=SLOW)


def figure(page: Page, name: str) -> float:
    return float(page.locator(LIVE).get_attribute(f"data-{name}") or "nan")


def middle(page: Page) -> list[int]:
    """Mean colour of the live picture."""
    found = page.evaluate(
        """() => {
          const canvas = document.querySelector("[data-part=picture]");
          const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
          const sum = [0, 0, 0];
          for (let at = 0; at < data.length; at += 4) for (const band of [0, 1, 2]) sum[band] += data[at + band];
          return sum.map((each) => Math.round((4 * each) / data.length));
        }"""
    )
    return [int(each) for each in found]


def camera_is_on(page: Page) -> bool:
    script = """() => {
      const stream = document.querySelector("[data-part=source]").srcObject;
      return !!stream?.getTracks().some((track) => track.readyState === "live");
    }"""
    return bool(page.evaluate(script))


def test_nothing_is_opened_before_start_nor_left_open_after_stop(tab: Page) -> None:
    tab.wait_for_timeout(300)
    assert tab.evaluate("[opened.cameras, opened.sockets.length]") == [0, 0]
    start(tab)
    assert camera_is_on(tab)
    tab.locator("#live-go").click()
    expect(tab.locator(f"{LIVE}[data-state=idle]")).to_be_visible(timeout=SLOW)
    assert not camera_is_on(tab)
    # the socket brings the report yet, then it goes, too
    tab.wait_for_function(
        "opened.sockets.every((each) => each.readyState >= WebSocket.CLOSING)", timeout=SLOW
    )


def test_the_picture_comes_back_in_a_style_that_changes_while_it_runs(tab: Page, shots: Path) -> None:
    start(tab)
    red, green, _ = middle(tab)
    assert green > red + 60, "the fake camera is green"
    pick(tab, "painting-03")
    tab.wait_for_timeout(2500)
    assert figure(tab, "fps") > FLOWS
    assert 0 < figure(tab, "p50") < 1500
    red, green, blue = middle(tab)
    assert green < max(red, blue), "the stained glass is not"
    tab.screenshot(path=shots / "live-painting.png")
    shown = tab.evaluate("document.querySelector('[data-part=fps]').textContent")
    assert float(shown) > FLOWS
    # the longest pause between two pictures while the style changes
    tab.evaluate(
        """() => {
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
    )
    pick(tab, "painting-12")
    assert max(tab.evaluate("pauses")) < 1500


def test_nothing_moves_when_it_starts(tab: Page) -> None:
    places = """() => ["#live-go", ".ink-live .ink-frame", ".ink-pulse", ".ink-pulse canvas", "[data-part=fps]",
      "[data-part=record]", "#live-smoothing"].map((each) => {
        const box = document.querySelector(each).getBoundingClientRect();
        return [each, Math.round(box.x), Math.round(box.y), Math.round(box.height)];
      })"""
    before = tab.evaluate(places)
    start(tab)
    tab.wait_for_timeout(1500)
    assert tab.evaluate(places) == before


@pytest.mark.parametrize(
    ("tab", "told"),
    [
        (
            {},
            {
                REFUSE % "NotAllowedError": "The camera may not be used",
                REFUSE % "NotFoundError": "No camera was found",
                REFUSE % "NotReadableError": "The camera is in use",
                REFUSE % "TypeError": "The camera did not start",
                "Object.defineProperty(window, 'isSecureContext', { value: false });": "only to safe pages",
            },
        ),
        ({"locale": "zh-CN"}, {REFUSE % "NotFoundError": "没有找到摄像头"}),
    ],
    indirect=["tab"],
)
def test_what_is_wrong_with_the_camera_is_said_in_words(tab: Page, told: dict[str, str]) -> None:
    card = tab.locator(f"{LIVE} .ink-failed")
    for trouble, said in told.items():
        tab.evaluate(f"() => {{ {trouble} }}")
        tab.locator("#live-go").click()
        expect(card.locator("strong")).to_contain_text(said, timeout=SLOW)
        expect(card.locator("span")).not_to_be_empty()
        expect(tab.locator(f"{LIVE}[data-state=idle]")).to_be_visible(timeout=SLOW)


def test_a_camera_that_goes_away_is_told(tab: Page) -> None:
    start(tab)
    tab.evaluate("document.querySelector('.ink-live video').srcObject.getTracks()[0].onended()")
    expect(tab.locator(f"{LIVE} .ink-failed")).to_contain_text("The camera went away")
    assert not camera_is_on(tab)


def write_red_film(folder: Path) -> Path:
    frames = [np.full((90, 160, 3), (200, 40, 30), np.uint8) for _ in range(20)]
    return write_film(folder / "red.mp4", frames)


def test_a_film_is_the_source(tab: Page, tmp_path: Path) -> None:
    film = write_red_film(tmp_path)
    tab.locator("#live-source label", has_text="Video file").click()
    tab.locator("#live-go").click()
    expect(tab.locator(f"{LIVE} .ink-failed")).to_contain_text("Choose a video first")
    tab.locator("[data-live-file]").set_input_files(film)
    start(tab)
    tab.wait_for_timeout(1000)
    red, green, _ = middle(tab)
    assert red > 120 > green
    tab.locator("[data-live-file]").set_input_files(
        {"name": "broken.mp4", "mimeType": "video/mp4", "buffer": b"no film"}
    )
    expect(tab.locator(f"{LIVE} .ink-failed")).to_contain_text("can't play this video", timeout=SLOW)


@pytest.mark.parametrize("tab", [{"script": PROMPT}], indirect=True)
def test_a_camera_that_is_allowed_after_another_source_was_chosen_goes_off(tab: Page, tmp_path: Path) -> None:
    # given a prompt that is still open while a film is chosen instead
    tab.locator("[data-live-file]").set_input_files(write_red_film(tmp_path))
    tab.locator("#live-go").click()
    tab.wait_for_function("!!window.allow", timeout=SLOW)
    tab.locator("#live-source label", has_text="Video file").click()
    source = tab.locator("[data-part=source]")
    expect(source).to_have_attribute("src", re.compile("^blob:"), timeout=SLOW)
    # when the camera is allowed
    tab.evaluate("allow()")
    # then nothing of it is used, nor does it stay on
    tab.wait_for_function("given.getTracks().every((each) => each.readyState === 'ended')", timeout=5000)
    assert tab.evaluate("document.querySelector('[data-part=source]').srcObject") is None
    expect(source).to_have_attribute("src", re.compile("^blob:"))


@pytest.mark.parametrize("tab", [{"script": BARE}], indirect=True)
def test_a_film_goes_by_the_socket_where_the_browser_lacks_what_webrtc_wants(
    tab: Page, tmp_path: Path
) -> None:
    expect(tab.locator(f"{LIVE} [data-tool=full]")).to_be_hidden()
    tab.locator("[data-live-file]").set_input_files(write_red_film(tmp_path))
    tab.locator("#live-source label", has_text="Video file").click()
    tab.wait_for_function("inkLive.options.source === 'file'", timeout=SLOW)
    tab.evaluate("inkLive.set({ transport: 'webrtc' })")
    start(tab)
    expect(tab.locator("[data-part=said]")).to_contain_text("WebSocket goes on", timeout=SLOW)
    red, green, _ = middle(tab)
    assert red > 120 > green


def test_a_picture_that_can_not_be_sent_is_told(tab: Page) -> None:
    tab.route("**/gradio_api/upload**", lambda route: route.fulfill(status=500))
    tab.locator("#live-behind button").first.click()
    for picker in ("#live-looks", "#live-grounds"):
        tab.locator(f"{picker} [data-part=add]").set_input_files(
            {"name": "sun.png", "mimeType": "image/png", "buffer": b"any"}
        )
        expect(tab.locator(f"{picker} [data-part=told]")).to_contain_text("sun.png broke off", timeout=SLOW)


def test_a_broken_connection_is_taken_up_again(tab: Page) -> None:
    start(tab)
    tab.evaluate("opened.sockets[0].close()")
    tab.wait_for_function(
        "() => opened.sockets.length === 2 && opened.sockets[1].readyState === 1", timeout=SLOW
    )
    before = tab.evaluate("document.querySelector('.ink-live').dataset.fps")
    assert before
    tab.wait_for_timeout(1500)
    expect(tab.locator(f"{LIVE}[data-state=live]")).to_be_visible()
    assert figure(tab, "fps") > FLOWS


def test_a_server_that_is_full_is_told(tab: Page) -> None:
    def refuse(socket: WebSocketRoute) -> None:
        socket.send(
            '{"type": "error", "code": "busy", "message": "All live places are taken.", "hint": "Wait."}'
        )
        socket.close(code=4503)

    tab.route_web_socket("**/api/v1/live*", refuse)
    tab.locator("#live-go").click()
    expect(tab.locator(f"{LIVE} .ink-failed")).to_contain_text("All live places are taken", timeout=SLOW)
    assert not camera_is_on(tab)


def test_a_style_that_is_gone_is_explained_and_another_one_starts(tab: Page) -> None:
    tab.evaluate("inkLive.set({ style: 'nonesuch' })")
    tab.locator("#live-go").click()
    card = tab.locator(f"{LIVE} .ink-busy")
    expect(card).to_contain_text("There is no style called 'nonesuch'", timeout=SLOW)
    tab.locator("[data-look=painting-01]").click()
    expect(tab.locator(f"{LIVE}[data-state=live]")).to_be_visible(timeout=SLOW)
    expect(card).to_be_hidden()


def test_paintings_are_mixed(tab: Page) -> None:
    tab.locator("#live-looks [data-part=mix]").click()
    tab.locator("[data-look=painting-02]").click()
    tab.locator("[data-look=painting-05]").click()
    expect(tab.locator("#live-looks .ink-shares label")).to_have_count(3)
    blend = tab.evaluate("inkLive.options.blend")
    assert re.fullmatch(r"painting-00:1.00,painting-02:0.50,painting-05:0.50", blend)
    expect(tab.locator("[data-look=none]")).to_be_disabled()


def test_the_form_is_remembered(tab: Page) -> None:
    tab.locator("[data-look=painting-07]").click()
    tab.locator("#live-smoothing label", has_text="Strong").click()
    tab.wait_for_function("inkLive.options.smoothing === 'strong'")
    tab.reload(wait_until="domcontentloaded")
    tab.locator("body.ink-ready").wait_for(timeout=SLOW)
    tab.get_by_role("tab", name="Webcam Style").click()
    expect(tab.locator("[data-look=painting-07]")).to_have_attribute("aria-checked", "true")
    expect(tab.locator("#live-smoothing label.selected")).to_have_text("Strong", timeout=SLOW)
    tab.wait_for_function("inkLive.options.smoothing === 'strong' && inkLive.options.style === 'painting-07'")


def test_snapshot_recording_and_report_are_kept(tab: Page, address: str, shots: Path) -> None:
    pick_before_start(tab, "painting-09")
    start(tab)
    runs = tab.locator("#history-list .ink-run", has_text="Webcam Style")
    before = runs.count()
    tab.locator("[data-part=snapshot]").click()
    expect(runs).to_have_count(before + 1, timeout=SLOW)
    tab.locator("[data-part=record]").click()
    expect(tab.locator("[data-part=rec]")).to_contain_text("0:02", timeout=SLOW)
    tab.screenshot(path=shots / "live-recording.png")
    # Stop ends the recording, too: the camera is off at once, and the film is there a moment later
    tab.locator("#live-go").click()
    assert not camera_is_on(tab)
    expect(runs).to_have_count(before + 2, timeout=SLOW)
    with tab.expect_download(timeout=SLOW) as event:
        tab.locator("[data-part=report]").click()
    assert "<svg" in event.value.path().read_text(encoding="utf-8")
    run = httpx.get(f"{address}/api/v1/runs", params={"task": "webcam"}).json()["runs"][0]
    film = tmp_film(httpx.get(f"{address}/api/v1/runs/{run['id']}/files/{run['results'][0]}").content, shots)
    with VideoReader(film) as reader:
        assert max(reader.info.width, reader.info.height) == 640
        assert float(reader.info.frames / reader.info.rate) > 1.5
    pick_before_start(tab, "painting-01")
    runs.first.click()
    tab.locator("#history-open").click()
    expect(tab.locator(f"{LIVE} .ink-kept video")).to_be_visible(timeout=SLOW)
    tab.wait_for_function(
        "document.querySelector('.ink-live .ink-kept video').currentTime > 0.3", timeout=SLOW
    )
    expect(tab.locator("[data-look=painting-09]")).to_have_attribute("aria-checked", "true", timeout=SLOW)


def tmp_film(data: bytes, folder: Path) -> Path:
    path = folder / "live-recording.mp4"
    path.write_bytes(data)
    return path


def pick_before_start(page: Page, look: str) -> None:
    page.locator(f"[data-look='{look}']").click()
    expect(page.locator(f"[data-look='{look}']")).to_have_attribute("aria-checked", "true")


def test_webrtc_carries_the_picture_too(tab: Page) -> None:
    tab.locator("#live-more button").first.click()
    tab.locator("#live-transport label", has_text="WebRTC").click()
    tab.wait_for_function("inkLive.options.transport === 'webrtc'")
    start(tab)
    tab.wait_for_timeout(3000)
    assert figure(tab, "fps") > FLOWS
    assert 0 < figure(tab, "p50") < 1500
    assert tab.evaluate("!!document.querySelector('[data-part=remote]').srcObject")
    red, green, _ = middle(tab)
    assert green > red + 60


@pytest.mark.parametrize(
    "tab",
    [{"script": COUNT + "RTCPeerConnection.prototype.createOffer = async () => { throw 1; };"}],
    indirect=True,
)
def test_without_webrtc_the_socket_goes_on(tab: Page) -> None:
    tab.evaluate("inkLive.set({ transport: 'webrtc' })")
    start(tab)
    tab.wait_for_timeout(1500)
    assert figure(tab, "fps") > FLOWS
    expect(tab.locator("[data-part=said]")).to_contain_text("WebSocket goes on")


@pytest.mark.parametrize(
    "tab",
    [
        {
            "script": "HTMLVideoElement.prototype.requestVideoFrameCallback = () => 0;"
            "Object.defineProperty(document, 'hidden', { get: () => true });"
        }
    ],
    indirect=True,
)
def test_a_page_that_is_not_looked_at_goes_on(tab: Page) -> None:
    start(tab)
    tab.wait_for_timeout(2500)
    assert figure(tab, "fps") > FLOWS


def test_a_broadcast_that_can_not_be_is_explained_and_its_key_is_gone(tab: Page) -> None:
    start(tab)
    tab.locator("#live-cast button").first.click()
    tab.locator("#live-broadcast [data-part=preset]").select_option("custom")
    tab.locator("#live-broadcast [data-part=server]").fill("http://127.0.0.1/live")
    tab.locator("#live-broadcast [data-part=key]").fill("s3cret-key")
    tab.locator("#live-broadcast [data-part=go]").click()
    expect(tab.locator("[data-part=said]")).to_contain_text("rtmp://", timeout=SLOW)
    assert tab.locator("#live-broadcast [data-part=key]").input_value() == ""
    assert "s3cret-key" not in tab.content()
    assert "s3cret-key" not in tab.evaluate("JSON.stringify(localStorage)")
