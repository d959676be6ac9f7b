"""The real app in a process of its own, and a headless Chromium before it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.serving import started_app

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync "
    "--disable-quic --no-first-run"
)
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def find_chromium() -> str:
    """The browser's path; skips where there is none, fails where CI promised one."""
    found = os.environ.get("INKFRAME_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")
    if not found and os.environ.get("CI"):
        pytest.fail("CI has no Chromium")
    if not found:
        pytest.skip("no Chromium on this machine; INKFRAME_CHROMIUM can name one")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=FLAGS.split())
        yield made
        made.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app as `./run.sh` starts it, without a hub and without a GPU."""
    with started_app(tmp_path_factory.mktemp("studio")) as (_, url):
        yield url


@pytest.fixture
def page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of its own; the test may ask for its size, language or colours by `indirect` parameters."""
    wishes = {"viewport": DESKTOP, "locale": "en-US"} | getattr(request, "param", {})
    context = browser.new_context(**wishes, accept_downloads=True)
    made = context.new_page()
    strangers: list[str] = []
    failures: list[str] = []
    made.on("request", lambda each: strangers.append(each.url) if is_foreign(each.url, address) else None)
    made.on("pageerror", lambda error: failures.append(str(error)))
    made.goto(address, wait_until="domcontentloaded")
    made.locator("#matting-go").wait_for(timeout=60_000)
    made.locator("body.ink-ready").wait_for(timeout=30_000)
    yield made
    context.close()
    assert strangers == [], "the page asked another host"
    assert failures == []


def is_foreign(url: str, address: str) -> bool:
    return not url.startswith((address, "data:", "blob:", "about:"))


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Where screenshots go: INKFRAME_SHOTS to keep them."""
    folder = Path(os.environ.get("INKFRAME_SHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
