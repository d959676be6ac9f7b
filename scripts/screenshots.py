"""Make the pictures of the docs from the running app: `python -m scripts.screenshots`."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect, sync_playwright

from pipelines.settings import ROOT
from tests.e2e.conftest import DESKTOP, FLAGS, PHONE, find_chromium
from tests.serving import started_app

DOCS = ROOT / "docs"
EXAMPLES = ("duck", "balloon", "dandelion")
SHOTS: dict[str, dict[str, Any]] = {
    "page.png": {"viewport": DESKTOP},
    "page-dark.png": {"viewport": DESKTOP, "color_scheme": "dark"},
    "page-zh.png": {"viewport": DESKTOP, "locale": "zh-CN"},
    "page-phone.png": {"viewport": PHONE},
}


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
        browser.close()


def take(browser: Browser, address: str, path: Path, wishes: dict[str, Any]) -> None:
    """One picture of the Matting tab with results in the history."""
    page = browser.new_context(**{"locale": "en-US", **wishes}).new_page()
    page.goto(address)
    page.locator("body.ink-ready").wait_for()
    for example in EXAMPLES[::-1]:
        page.locator(f"[data-example={example}]").click()
        expect(page.locator("#history-list .ink-run").first).to_contain_text(example, timeout=60_000)
        expect(page.locator("#stage a.ink-save")).to_be_visible(timeout=60_000)
    page.wait_for_timeout(800)
    page.screenshot(path=path)
    page.context.close()


if __name__ == "__main__":
    main()
