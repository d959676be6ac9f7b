"""Make the pictures of the docs from the running app: `python -m scripts.screenshots`."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from pipelines.settings import ROOT
from tests.e2e.conftest import DESKTOP, FLAGS, PHONE, find_chromium
from tests.e2e.test_batch_page import drop, number_done, pack
from tests.serving import started_app
from ui.examples import example_file

DOCS = ROOT / "docs"
MEMBERS = 28
EXAMPLES = ("duck", "balloon", "dandelion")
SHOTS: dict[str, dict[str, Any]] = {
    "page.png": {"viewport": DESKTOP},
    "page-dark.png": {"viewport": DESKTOP, "color_scheme": "dark"},
    "page-zh.png": {"viewport": DESKTOP, "locale": "zh-CN"},
    "page-phone.png": {"viewport": PHONE},
}

TABS = {
    "cartoon.png": ("cartoon", "#cartoon-examples [data-example=astronaut]", "#cartoon-stage a.ink-save"),
    "video.png": ("video", "#video-examples [data-example=duck]", "[data-plan=work]"),
    "models.png": ("models", "", "#models .ink-model"),
}
"""Further tabs: what is clicked in each, if anything, and what is there when it may be taken."""
PATIENCE = 120_000
"""Milliseconds for anything to be done, also on a machine that has other work."""


def main() -> None:
    """Cut the app's own examples out, then take every picture of SHOTS."""
    with (
        tempfile.TemporaryDirectory() as folder,
        started_app(Path(folder)) as (_, address),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS.split())
        for name, wishes in SHOTS.items():
            take(browser, address, DOCS / name, wishes)
            print(DOCS / name)
        take_batch(browser, address, DOCS / "batch.png")
        print(DOCS / "batch.png")
        for name, (tab, example, done) in TABS.items():
            take_tab(browser, address, DOCS / name, tab, example, done)
            print(DOCS / name)
        browser.close()
        camera = film_camera(Path(folder) / "camera.mjpeg")
        take_live(playwright, address, DOCS / "webcam.png", camera)
        print(DOCS / "webcam.png")


def open_page(browser: Browser, address: str, **wishes: Any) -> Page:
    """A fresh page of a desktop that speaks English, unless it is wished otherwise."""
    page = browser.new_context(**{"locale": "en-US", "viewport": DESKTOP, **wishes}).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    page.locator("body.ink-ready").wait_for()
    return page


def take(browser: Browser, address: str, path: Path, wishes: dict[str, Any]) -> None:
    """One picture of the Matting tab with results in the history."""
    page = open_page(browser, address, **wishes)
    for example in EXAMPLES[::-1]:
        page.locator(f"[data-example={example}]").click()
        expect(page.locator("#history-list .ink-run").first).to_contain_text(example, timeout=PATIENCE)
        expect(page.locator("#stage a.ink-save")).to_be_visible(timeout=PATIENCE)
    page.wait_for_timeout(800)
    page.screenshot(path=path)
    page.context.close()


def take_tab(browser: Browser, address: str, path: Path, tab: str, example: str, done: str) -> None:
    """A tab with one of its examples."""
    page = open_page(browser, f"{address}/?tab={tab}")
    if example:
        page.locator(example).click()
    page.locator(done).first.wait_for(timeout=PATIENCE)
    page.wait_for_timeout(5_000)
    page.screenshot(path=path)
    page.context.close()


def take_batch(browser: Browser, address: str, path: Path) -> None:
    """The Batch Matting tab with a batch half done: crops of the examples in folders, one of them broken."""
    page = open_page(browser, f"{address}/?tab=batch")
    drop(page, {"holiday.zip": pack(draw_holiday())})
    page.locator("#batch-go").click()
    while number_done(page) < MEMBERS // 2:
        page.wait_for_timeout(100)
    page.screenshot(path=path)
    page.context.close()


def film_camera(path: Path) -> Path:
    """What Chromium's camera is to see: a walk over an example, as JPEG files one behind the other."""
    with Image.open(example_file("astronaut")) as image:
        whole = image.convert("RGB").resize((760, 760))
    with path.open("wb") as film:
        for step in range(100):
            inset = abs(step - 50)
            whole.crop((inset, 10, inset + 640, 490)).save(film, "JPEG", quality=90)
    return path


def take_live(playwright: Playwright, address: str, path: Path, camera: Path) -> None:
    """The Webcam Style tab at work."""
    flags = (
        "--use-fake-device-for-media-stream --use-fake-ui-for-media-stream "
        f"--use-file-for-fake-video-capture={camera}"
    )
    browser = playwright.chromium.launch(
        executable_path=find_chromium(), args=[*FLAGS.split(), *flags.split()]
    )
    page = open_page(browser, f"{address}/?tab=webcam", permissions=["camera"])
    page.locator("[data-look=painter-vangogh-cafe]").click()
    page.locator("#live-go").click()
    page.wait_for_timeout(15_000)
    page.screenshot(path=path)
    browser.close()


def draw_holiday() -> dict[str, bytes]:
    """Members of a zip: each example in several crops, and one file cut off."""
    members: dict[str, bytes] = {}
    for number in range(MEMBERS):
        name = EXAMPLES[number % len(EXAMPLES)]
        with Image.open(example_file(name)) as image:
            inset = 4 * number
            crop = image.convert("RGB").crop((inset, inset, image.width - inset, image.height - inset))
        stream = io.BytesIO()
        crop.save(stream, "JPEG", quality=90)
        data = stream.getvalue()
        members[f"holiday/day {number % 4 + 1}/{name} {number:02d}.jpg"] = (
            data if number != 5 else data[:3000]
        )
    return members


if __name__ == "__main__":
    main()
