"""The page as a whole: at rest, by keyboard alone, at its address, after a reload."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.conftest import draw_disc, encode
from tests.e2e.conftest import visit, watched_page
from tests.e2e.looking import BAR

SLOW = 30_000
STORED = "localStorage.getItem('inkframe.matting')"
COUNT_FRAMES = """
window.frames_asked = 0;
const frame = window.requestAnimationFrame;
window.requestAnimationFrame = (call) => { window.frames_asked += 1; return frame(call); };
"""
RESTED = """() => {
  const before = window.frames_before;
  window.frames_before = window.frames_asked;
  return before === window.frames_asked;
}"""
RESTING = 1000
"""Milliseconds in which no script asks for a frame to draw."""
OPEN = f"{BAR}[aria-selected=true]"


@pytest.fixture(scope="module")
def result(address: str) -> str:
    """A cut-out in the history."""
    files = {"image": ("disc.png", encode(draw_disc(240, 320)), "image/png")}
    answer = httpx.post(f"{address}/api/v1/matting", files=files, data={"refine": "off"}, timeout=60)
    return str(answer.headers["x-run-id"])


def test_a_page_that_nobody_touches_rests(shared: BrowserContext, address: str) -> None:
    with watched_page(shared, address) as page:
        page.add_init_script(COUNT_FRAMES)
        page.goto(address, wait_until="domcontentloaded")
        page.locator("body.ink-ready").wait_for(timeout=SLOW)
        assert page.evaluate("window.frames_asked") > 0
        page.wait_for_function(RESTED, polling=RESTING, timeout=SLOW)


def test_by_keyboard_alone(page: Page, result: str) -> None:
    # given the tabs, arrows turn
    page.locator(f"{BAR}[data-tab-id=matting]").focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(page.locator(OPEN)).to_have_attribute("data-tab-id", "cartoon")
    page.keyboard.press("Home")
    expect(page.locator(OPEN)).to_have_attribute("data-tab-id", "matting")
    # a choice moves by arrows
    page.locator("#matting-refine input").nth(1).focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#matting-refine input").first).to_be_checked()
    # when an example is picked and the primary button pressed, it is cut out, and the focus is still there
    page.locator("#matting-examples [data-example]").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#stage a.ink-save")).to_be_visible(timeout=SLOW)
    expect(page.locator("#matting-go")).to_be_enabled(timeout=SLOW)
    page.locator("#matting-go").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#matting-go")).to_be_disabled(timeout=SLOW)
    expect(page.locator("#matting-go")).to_be_focused(timeout=SLOW)
    expect(page.locator("#stage a.ink-save")).to_be_visible(timeout=SLOW)
    expect(page.locator("#ink-voice")).to_contain_text("U²-Net", timeout=SLOW)
    # the slider between before and after, a fold, a run of the history
    page.locator("#stage .ink-slide").press("ArrowRight")
    expect(page.locator("[style*='--split: 50.5%'] .ink-slide")).to_have_count(1)
    page.locator(".ink-in button.label-wrap").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#matting-edge")).to_be_visible()
    page.locator(f"[data-run='{result}']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#history-details")).to_be_visible(timeout=SLOW)
    # Escape closes the details, then the panel
    for place in ("#history-details", "#history-search"):
        page.locator("#history-search textarea").focus()
        page.keyboard.press("Escape")
        expect(page.locator(place)).not_to_be_in_viewport(timeout=SLOW)
    expect(page.locator("#history .toggle-button")).to_be_focused()
    expect(page.locator("#history .toggle-button")).to_have_attribute("aria-expanded", "false")


def test_the_address_names_the_tab_and_the_system_the_colours(browser: Browser, address: str) -> None:
    page = visit(browser, f"{address}/?tab=cartoon&lang=zh-CN", locale="en-US", color_scheme="dark")
    expect(page.locator(OPEN)).to_have_attribute("data-tab-id", "cartoon")
    expect(page.locator("body")).to_have_class(re.compile("dark"))
    page.locator(f"{BAR}[data-tab-id=video]").click()
    expect(page).to_have_url(f"{address}/zh?tab=video")
    page.go_back()
    expect(page.locator(OPEN)).to_have_attribute("data-tab-id", "cartoon")
    page.get_by_text("English", exact=True).click()
    expect(page.locator(OPEN)).to_have_text("Cartoon", timeout=SLOW)
    page.goto(f"{address}/?tab=%3Cb%3E", wait_until="domcontentloaded")
    expect(page.locator(OPEN)).to_have_attribute("data-tab-id", "matting", timeout=SLOW)
    expect(page).to_have_url(re.compile(r"/$"))
    page.context.close()


def test_settings_survive_a_reload_until_they_are_put_back(page: Page) -> None:
    # given settings, a closed history and a dark page
    for choice in (
        page.locator("#matting-refine label").first,
        page.locator("#matting-background label").nth(1),
    ):
        before = page.evaluate(STORED)
        choice.click()
        page.wait_for_function(f"(before) => {STORED} !== before", arg=before)
    page.locator("[data-theme]").click()
    page.locator("#history .toggle-button").click()
    page.wait_for_timeout(500)
    page.evaluate("localStorage.setItem('inkframe.batch', 'nonsense')")
    # when the page is loaded again
    page.reload(wait_until="domcontentloaded")
    page.locator("body.ink-ready").wait_for(timeout=SLOW)
    # then all are there, and what was damaged is as at first
    expect(page.locator("#matting-refine input").first).to_be_checked(timeout=SLOW)
    expect(page.locator("#matting-background input").nth(1)).to_be_checked()
    expect(page.locator("body")).to_have_class(re.compile("dark"))
    expect(page.locator("#history.open")).to_have_count(0)
    page.locator(f"{BAR}[data-tab-id=batch]").click()
    expect(page.locator("#batch-refine input").nth(1)).to_be_checked()
    # and they can be put back
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("[data-forget]").click()
    expect(page.locator("#history.open")).to_have_count(1, timeout=SLOW)
    expect(page.locator("#matting-refine input").nth(1)).to_be_checked()
    assert "dark" not in (page.locator("body").get_attribute("class") or "")
