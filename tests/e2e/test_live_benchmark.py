"""The live page's benchmark reads the time back from what is shown, and says so where it can't."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Error

from benchmarks.live_page import SCRIPT

SHOW = """(side) => {
  document.body.innerHTML = "<canvas id=shown width=640 height=480></canvas>";
  const pen = document.querySelector("#shown").getContext("2d");
  pen.setTransform(side, 0, 0, 1, side < 0 ? 640 : 0, 0);
  const draw = () => { requestAnimationFrame(draw); bench.write(pen); };
  draw();
  bench.watch("#shown");
}"""


def look(browser: Browser, side: int) -> dict[str, Any]:
    """What the benchmark finds of a page that shows the time at once; `side` -1 mirrors it."""
    page = browser.new_page()
    try:
        page.evaluate(SCRIPT.read_text(encoding="utf-8"))
        page.evaluate(SHOW, side)
        page.wait_for_function("bench.rows.length > 10", timeout=60_000)
        found: dict[str, Any] = page.evaluate("bench.figures()")
        return found
    finally:
        page.close()


def test_the_time_is_read_back(browser: Browser) -> None:
    found = look(browser, 1)
    assert found["fps"] > 0
    assert found["age_p50_ms"] < 2000


def test_a_mirrored_picture_is_no_figure(browser: Browser) -> None:
    with pytest.raises(Error, match="can't be read back"):
        look(browser, -1)
