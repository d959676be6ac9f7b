"""What is the user's own in the Webcam Style tab: styles, backgrounds, and styles that are trained."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.conftest import draw_disc, encode
from tests.e2e.conftest import PHONE, SLOW
from tests.e2e.test_live_page import LIVE, middle, start

BLUE = np.full((90, 120, 3), (20, 40, 230), np.uint8)


def picture(name: str, rgb: np.ndarray) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": encode(rgb)}


def open_fold(page: Page, fold: str) -> None:
    page.locator(f"#{fold} button").first.click()


def wait_for_colour(page: Page, red: int, green: int, blue: int) -> None:
    """Wait until the live picture's mean is close to a colour."""
    for _ in range(120):
        if np.abs(np.subtract(middle(page), (red, green, blue))).max() < 30:
            return
        page.wait_for_timeout(250)
    pytest.fail(f"the picture is {middle(page)}")


def test_an_own_style_is_renamed_kept_and_told_when_it_goes(tab: Page) -> None:
    # given a style that is drawn
    tab.locator("#live-looks [data-part=add]").set_input_files(picture("my: disc.png", draw_disc(90, 120)))
    expect(tab.locator("[data-look='my disc']")).to_have_attribute("aria-checked", "true", timeout=SLOW)
    start(tab)
    expect(tab.locator(LIVE)).to_have_attribute("data-style", "my disc", timeout=SLOW)
    # when it is renamed by the keyboard alone, at first to what no name can be
    for name in ("a,b", "红 disc"):
        tab.locator("[data-look='my disc']").focus()
        tab.keyboard.press("Tab")
        tab.keyboard.press("Enter")
        tab.keyboard.type(name)
        tab.keyboard.press("Enter")
        if name == "a,b":
            expect(tab.locator(".toast-body").first).to_contain_text("can't be called 'a,b'", timeout=SLOW)
    # then it is drawn under its new name, also after a reload
    own = tab.locator("[data-look='红 disc']")
    expect(own).to_have_attribute("aria-checked", "true", timeout=SLOW)
    expect(tab.locator(LIVE)).to_have_attribute("data-style", "红 disc", timeout=SLOW)
    tab.reload(wait_until="domcontentloaded")
    tab.locator("body.ink-ready").wait_for(timeout=SLOW)
    tab.get_by_role("tab", name="Webcam Style").click()
    expect(own).to_have_attribute("aria-checked", "true", timeout=SLOW)
    # and when it goes while it is drawn, that is said and the picture goes on
    start(tab)
    own.hover()
    tab.locator("[data-remove='红 disc']").click()
    expect(tab.locator("#live-looks [data-part=told]")).to_contain_text("红 disc is gone", timeout=SLOW)
    expect(tab.locator(LIVE)).to_have_attribute("data-style", "none", timeout=SLOW)
    expect(tab.locator(f"{LIVE}[data-state=live]")).to_be_visible()


def test_what_stands_behind_changes_while_it_runs(tab: Page) -> None:
    # given the camera's moving pie, in which there is nobody
    start(tab)
    open_fold(tab, "live-behind")
    tab.locator("#live-grounds [data-part=use]").click()
    expect(tab.locator(LIVE)).to_have_attribute("data-style", "matting", timeout=SLOW)
    # when a picture stands behind, then a colour, then the picture again by the keyboard
    tab.locator("#live-grounds [data-part=add]").set_input_files(picture("blue: wall.png", BLUE))
    wall = tab.locator("[data-name='blue wall']")
    expect(wall).to_have_attribute("aria-checked", "true", timeout=SLOW)
    wait_for_colour(tab, 20, 40, 230)
    tab.locator("#live-grounds [data-part=colour]").fill("#cc2200")
    wait_for_colour(tab, 204, 34, 0)
    tab.locator("[data-ground=colour]").focus()
    tab.keyboard.press("ArrowRight")
    wait_for_colour(tab, 20, 40, 230)
    # then it is remembered, in a fold that nobody opens, until it is removed
    tab.reload(wait_until="domcontentloaded")
    tab.locator("body.ink-ready").wait_for(timeout=SLOW)
    tab.get_by_role("tab", name="Webcam Style").click()
    start(tab)
    wait_for_colour(tab, 20, 40, 230)
    open_fold(tab, "live-behind")
    tab.locator("[data-remove='blue wall']").focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("#live-grounds [data-part=told]")).to_contain_text("blue wall is gone", timeout=SLOW)
    expect(tab.locator("[data-ground=blur]")).to_have_attribute("aria-checked", "true")
    expect(tab.locator(f"{LIVE}[data-state=live]")).to_be_visible()


@pytest.mark.parametrize(
    "tab", [{"viewport": PHONE, "locale": "zh-CN", "color_scheme": "dark"}], indirect=True
)
def test_a_training_is_begun_cancelled_and_taken_off_the_list(tab: Page) -> None:
    open_fold(tab, "live-mine")
    tab.locator("#live-mine-go").click()
    expect(tab.locator(".toast-body").first).to_contain_text("请先提供要学习的图片", timeout=SLOW)
    # when a training begins
    tab.locator("#live-mine-picture input[type=file]").set_input_files(picture("sun.png", draw_disc(90, 120)))
    tab.locator("#live-mine-picture img").wait_for(timeout=SLOW)
    tab.locator("#live-mine-effort label").first.click()
    tab.locator("#live-mine-go").click()
    # then the picture is a style at once, and the training is listed
    expect(tab.locator("[data-look=sun]")).to_have_attribute("aria-checked", "true", timeout=SLOW)
    card = tab.locator("#live-mine-list .ink-job")
    expect(card).to_contain_text("sun", timeout=SLOW)
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    # and it can be given up, gone on with and taken off the list; the style stays
    for wish, stands in (("cancel", True), ("resume", False), ("cancel", True)):
        card.locator(f"[data-act={wish}]").click(timeout=SLOW)
        cancelled = tab.locator("#live-mine-list .ink-job[data-status=cancelled]")
        expect(cancelled).to_have_count(int(stands), timeout=SLOW)
    tab.on("dialog", lambda dialog: dialog.accept())
    card.locator("[data-act=delete]").click()
    expect(card).to_have_count(0, timeout=SLOW)
    expect(tab.locator("[data-look=sun]")).to_have_count(1)
