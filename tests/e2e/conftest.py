"""The real app in a process of its own, and a headless Chromium before it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from tests.serving import started_app

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is Chromium without what belongs to a window: the same pages in nine tenths of the time."""
FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync "
    "--disable-quic --no-first-run --process-per-site"
)
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
USUAL: dict[str, Any] = {"viewport": DESKTOP, "locale": "en-US", "permissions": ["camera"]}
"""A profile in which nothing else is wished for."""

SLOW = 60_000
"""Milliseconds after which what should happen did not."""
CAMERA = "--use-fake-device-for-media-stream --use-fake-ui-for-media-stream"
COUNT = """
window.opened = { cameras: 0, sockets: [] };
const camera = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = (wish) => { window.opened.cameras += 1; return camera(wish); };
window.WebSocket = class extends WebSocket {
  constructor(address) { super(address); window.opened.sockets.push(this); }
};
"""
"""What the live tab opens, counted."""


def find_chromium() -> str:
    """The browser's path; skips where there is none, fails where CI promised one."""
    found = os.environ.get("INKFRAME_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")
    if not found and os.environ.get("CI"):
        pytest.fail("CI has no Chromium")
    if not found:
        pytest.skip("no Chromium on this machine; INKFRAME_CHROMIUM can name one")
    return found


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A Chromium with a camera. While it is open an event loop runs in this thread, so it ends with this folder."""
    path = find_chromium()
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=[*FLAGS.split(), *CAMERA.split()])
        yield made
        made.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app as `./run.sh` starts it, without a hub and without a GPU."""
    with started_app(tmp_path_factory.mktemp("studio")) as (_, url):
        yield url


@pytest.fixture(scope="module")
def shared(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """A profile for all tests of a file that wish for none of their own, and a page in it that stays open: with it
    stays the process that has fetched and compiled the app, so that the next page takes half the work."""
    context = browser.new_context(**USUAL)
    context.new_page().goto(f"{address}/healthz")
    yield context
    context.close()


@contextmanager
def profile(browser: Browser, shared: BrowserContext, wishes: dict[str, Any]) -> Iterator[BrowserContext]:
    """The shared profile, emptied afterwards, or one made by these wishes."""
    if wishes:
        context = browser.new_context(**USUAL | wishes)
        yield context
        context.close()
        return
    yield shared
    first, *others = shared.pages
    for each in others:
        each.close()
    first.evaluate("localStorage.clear()")
    shared.clear_cookies()


def visit(browser: Browser, url: str, **wishes: Any) -> Page:
    """A page that is ready, in a profile of its own, which moves little; close its context."""
    page = browser.new_context(**USUAL | {"reduced_motion": "reduce"} | wishes).new_page()
    page.goto(url, wait_until="domcontentloaded")
    page.locator("body.ink-ready").wait_for(timeout=SLOW)
    return page


@contextmanager
def watched_page(context: BrowserContext, address: str) -> Iterator[Page]:
    """A new page of this profile that is told on when it asks another host or fails."""
    page = context.new_page()
    strangers: list[str] = []
    failures: list[str] = []
    page.on("request", lambda each: strangers.append(each.url) if is_foreign(each.url, address) else None)
    page.on("pageerror", lambda error: failures.append(str(error)))
    refused = collect_refusals(page)
    yield page
    page.close()
    assert strangers == [], "the page asked another host"
    assert failures == []
    assert refused == [], "a security header stands in the page's way"


@pytest.fixture
def page(
    browser: Browser, address: str, shared: BrowserContext, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """A page of its own; the test may ask for its size, language or colours by `indirect` parameters."""
    wishes = getattr(request, "param", {})
    with profile(browser, shared, wishes) as context, watched_page(context, address) as made:
        made.goto(address, wait_until="domcontentloaded")
        made.locator("#matting-go").wait_for(timeout=60_000)
        made.locator("body.ink-ready").wait_for(timeout=30_000)
        yield made


def collect_refusals(page: Page) -> list[str]:
    """What the browser does not do because of a security header of ours; the list grows while the page is used."""
    refused: list[str] = []
    page.on("console", lambda each: refused.append(each.text) if "olicy" in each.text else None)
    return refused


def is_foreign(url: str, address: str) -> bool:
    return not url.startswith((address, "data:", "blob:", "about:"))


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Where screenshots go: INKFRAME_SHOTS to keep them."""
    folder = Path(os.environ.get("INKFRAME_SHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def tab(
    browser: Browser, address: str, shared: BrowserContext, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """The tab, open; `indirect` parameters may change the profile, and `script` what the browser can do."""
    wishes = dict(getattr(request, "param", {}))
    script = str(wishes.pop("script", COUNT))
    with profile(browser, shared, wishes) as context, watched_page(context, address) as page:
        page.add_init_script(script)
        page.goto(address, wait_until="domcontentloaded")
        page.locator("body.ink-ready").wait_for(timeout=SLOW)
        page.get_by_role("tab", name=re.compile("^(Webcam Style|实时风格)$")).click()
        page.locator("#live-go").wait_for(timeout=SLOW)
        yield page
