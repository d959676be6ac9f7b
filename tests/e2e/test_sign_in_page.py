"""The page behind a sign-in: the form lets a browser in, and every tab works with nothing but its cookie."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pipelines.settings import ROOT
from tests.conftest import draw_disc, encode
from tests.e2e.conftest import DESKTOP, collect_refusals
from tests.e2e.test_matting_page import drop, wait_for_result
from tests.serving import started_command

SLOW = 60_000
START = [str(ROOT / "cli.py"), "start", "--device", "cpu", "--offline", "--token", "s3cret"]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app with a token."""
    with started_command(START, tmp_path_factory.mktemp("guarded")) as (_, url):
        yield url


@pytest.fixture
def visitor(browser: Browser, guarded: str) -> Iterator[Page]:
    """The sign-in form."""
    context = browser.new_context(viewport=DESKTOP, locale="en-US")
    context.grant_permissions(["camera"])
    page = context.new_page()
    refused = collect_refusals(page)
    page.goto(f"{guarded}/?tab=matting")
    yield page
    context.close()
    assert refused == [], "a security header stands in the page's way"


def test_the_token_opens_every_tab(visitor: Page, shots: Path) -> None:
    page = visitor
    page.screenshot(path=shots / "sign-in.png")
    page.get_by_label("Token").fill("wrong")
    page.get_by_role("button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Token").fill("s3cret")
    page.get_by_role("button").click()
    page.locator("body.ink-ready").wait_for(timeout=SLOW)
    assert page.url.endswith("/?tab=matting")

    drop(page, encode(draw_disc(96, 128)))
    wait_for_result(page)
    picture = page.locator("#history-list .ink-run img").first
    assert picture.evaluate("each => each.decode().then(() => each.naturalWidth)") > 0

    for name in ("Batch Matting", "Cartoon", "Image → Video", "Models", "Webcam Style"):
        page.get_by_role("tab", name=name, exact=True).click()
    page.locator("#live-go").click()
    expect(page.locator(".ink-live[data-state=live]")).to_be_visible(timeout=SLOW)
    page.locator("#live-go").click()

    page.get_by_role("link", name="Sign out").click()
    expect(page.get_by_label("Token")).to_be_visible(timeout=SLOW)
    page.goto(page.url.split("/login")[0])
    expect(page.get_by_label("Token")).to_be_visible(timeout=SLOW)
