"""The whole page for a screen reader, on a phone and in both languages: every tab before there is work, while there is
some, after it and when it fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import draw_disc, encode
from tests.e2e import test_batch_page as batch
from tests.e2e import test_matting_page as matting
from tests.e2e import test_video_page as video
from tests.e2e.conftest import DESKTOP, PHONE, SLOW, visit
from tests.e2e.looking import BAR, PANEL, Seen, bring_axe, look, strangers, unfold

pytestmark = pytest.mark.timeout(600)
FILES = {
    "disc.png",
    "a.png",
    "broken.png",
    "trip.zip",
    "before.png",
    "one.png",
    "cutout.png",
    "snapshot.png",
    "manifest.csv",
    "manifest.json",
}

RUN = re.compile(r"outputs_\d{14}(-\d+)?")
BUSY = """() => {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotReadableError"));
}"""
"""From now on another program has the camera."""


OTHER = {"en-US": "zh-CN", "zh-CN": "en-US"}
PLACES = {"en-US": "/?lang=en", "zh-CN": "/zh"}


@pytest.fixture(scope="module", params=PLACES)
def seen(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[tuple[str, Seen]]:
    """A page in a language that goes through all of it, in an app that has worked before and a browser that asks for
    the other language."""
    lang = request.param
    httpx.post(f"{address}/api/v1/batch", files={"archive": ("before.png", encode(draw_disc(90, 120)))})
    page, found = visit(browser, address + PLACES[lang], locale=OTHER[lang]), Seen()
    bring_axe(page)
    for tab in page.locator(BAR).evaluate_all("all => all.map((each) => each.dataset.tabId)"):
        page.set_viewport_size(DESKTOP)
        page.locator(f"{BAR}[data-tab-id={tab}]").evaluate("each => each.click()")
        for state in STATES[tab](page):
            # the header and the history are the same in all tabs
            look(page, found, f"{tab} {state}", lang, PANEL if found.wide else "body")
            page.set_viewport_size(DESKTOP)
    yield lang, found
    page.context.close()


def open_all(page: Page) -> Iterator[str]:
    page.wait_for_timeout(300)
    unfold(page)
    yield "at first"


def fail_and_cut_out(page: Page) -> Iterator[str]:
    yield from open_all(page)
    matting.drop(page, b"no picture", "broken.png")
    expect(page.locator("#stage [role=alert]")).to_be_visible(timeout=SLOW)
    yield "failed"
    matting.drop(page, encode(draw_disc(240, 320)))
    matting.wait_for_result(page)
    page.locator("#history-list .ink-run").first.click()
    expect(page.locator("#history-details")).to_be_visible(timeout=SLOW)
    yield "done, with its details"
    page.locator("#history-close").click()


def run_a_batch(page: Page) -> Iterator[str]:
    yield from open_all(page)
    pictures = {"a.png": batch.picture(1), "broken.png": b"no picture"}
    batch.start(page, {"trip.zip": batch.pack(pictures)}, "trip.zip")
    yield "begun"
    expect(page.locator("#batch-card [data-status=done]").first).to_be_visible(timeout=SLOW)
    expect(page.locator("#batch-troubles section")).to_be_visible(timeout=SLOW)
    yield "done, with a trouble"


def draw(page: Page) -> Iterator[str]:
    yield from open_all(page)
    choose = page.locator("#cartoon-photo input[type=file]")
    choose.set_input_files(
        {"name": "disc.png", "mimeType": "image/png", "buffer": encode(draw_disc(90, 120))}
    )
    expect(page.locator("#cartoon-stage a.ink-save")).to_be_visible(timeout=SLOW)
    expect(page.locator("#cartoon-stage .ink-facts")).to_contain_text("Inkframe")
    yield "done"


def make_a_film(page: Page) -> Iterator[str]:
    yield from open_all(page)
    video.give(page, video.picture("one.png"))
    video.wait_for_preview(page)
    yield "with a picture"
    video.set_seconds(page, 1)
    video.make(page, "one.png")
    yield "done"


def go_live(page: Page) -> Iterator[str]:
    yield from open_all(page)
    page.locator("#live-go").click()
    expect(page.locator(".ink-live[data-state=live]")).to_be_visible(timeout=SLOW)
    page.locator("[data-part=snapshot]").click()
    page.wait_for_timeout(2000)
    yield "live"
    page.locator("#live-go").click()
    expect(page.locator(".ink-live[data-state=idle]")).to_be_visible(timeout=SLOW)
    page.evaluate(BUSY)
    page.locator("#live-go").click()
    expect(page.locator(".ink-live[data-trouble]")).to_be_visible(timeout=SLOW)
    yield "without a camera"


STATES: dict[str, Callable[[Page], Iterator[str]]] = {
    "matting": fail_and_cut_out,
    "batch": run_a_batch,
    "cartoon": draw,
    "video": make_a_film,
    "webcam": go_live,
    "models": open_all,
}
"""What is done in each tab; after each part of it the page is looked at."""


def test_axe_finds_nothing_grave(seen: tuple[str, Seen]) -> None:
    assert sorted(seen[1].findings) == []


def test_a_phone_never_scrolls_sideways(seen: tuple[str, Seen]) -> None:
    assert len(seen[1].wide) == 15
    assert max(seen[1].wide.values()) <= PHONE["width"]


def test_nothing_is_in_the_other_language(seen: tuple[str, Seen]) -> None:
    lang, found = seen
    assert len(found.words) > 300
    assert strangers(lang, {RUN.sub("", word) for word in found.words}, FILES) == []
