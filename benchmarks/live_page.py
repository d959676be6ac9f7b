"""The live tab in Chromium on the same machine, beside Gradio's own streaming: frames a second and their age.

The camera is a canvas that writes the time into its pictures; it is read back from what the page shows, so that
every way is measured alike, from capture to display. Styled pictures can't be read: for those the page's own
figures are taken, before Chromium's fake camera.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.serving import APP, served
from benchmarks.table import Report

SCRIPT = Path(__file__).with_name("live_page.js")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync "
    "--disable-quic --no-first-run --use-fake-device-for-media-stream --use-fake-ui-for-media-stream"
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SECONDS, QUICK_SECONDS, WARM_UP = 12.0, 3.0, 4.0


@dataclass(frozen=True)
class Case:
    """One row. `camera`: frames a second of the canvas, 0 for the browser's fake camera and the page's figures."""

    title: str
    camera: int
    style: str = "none"
    transport: str = "websocket"
    target_fps: float = 30.0


CASES = (
    Case("WebSocket, no style, 60 fps camera", 60),
    Case("WebRTC, no style, 20 fps camera", 20, transport="webrtc"),
    Case("WebSocket, a painting, fake camera, 15 wanted", 0, "painting-05", target_fps=15.0),
    Case("WebSocket, cartoon, fake camera, 20 wanted", 0, "cartoon-anime", target_fps=20.0),
)
PICTURE = "[data-part=picture]"
PEER = "Gradio streaming, no style, 60 fps camera"


def run(data: Path | None, *, quick: bool = False, only: str | None = None) -> Report:
    """`data` is not used; `only` a part of a row's title."""
    from playwright.sync_api import sync_playwright

    report, rows = Report(), {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS.split())
        for title, measure in list_rows(QUICK_SECONDS if quick else SECONDS):
            if only is None or only in title:
                rows[title] = measure(browser)
        browser.close()
    report.figures["page"] = rows
    head = ("in Chromium", "drawn at", "frames a second", "age p50 (ms)", "age p95 (ms)")
    names = ("drawn", "fps", "age_p50_ms", "age_p95_ms")
    if rows:
        report.add_table(
            "Live page, camera 640x480",
            head,
            [
                (title, *("-" if row[name] is None else row[name] for name in names))
                for title, row in rows.items()
            ],
        )
    return report


def list_rows(seconds: float) -> list[tuple[str, Any]]:
    """What is measured, in its order; each row's server runs alone."""
    rows: list[tuple[str, Any]] = [(PEER, lambda browser: measure_gradio(browser, seconds))]
    for case in CASES:
        rows.append((case.title, lambda browser, case=case: measure_case(browser, case, seconds)))
    return rows


def measure_case(browser: Any, case: Case, seconds: float) -> dict[str, Any]:
    """One way of the live tab."""
    with (
        tempfile.TemporaryDirectory() as folder,
        served(APP, folder) as (_, address),
        opened(browser, address, case.camera) as page,
    ):
        page.locator("body.ink-ready").wait_for(timeout=60_000)
        page.get_by_role("tab", name="Webcam Style").click()
        page.locator("#live-go").wait_for(timeout=60_000)
        wishes = {"style": case.style, "transport": case.transport, "target_fps": case.target_fps}
        page.evaluate("(wishes) => inkLive.set(wishes)", wishes)
        page.locator("#live-go").click()
        page.locator(".ink-live[data-state=live]").wait_for(timeout=60_000)
        if case.camera:
            return watch(page, PICTURE, seconds)
        return take_own_figures(page, seconds) | read_size(page, PICTURE)


def take_own_figures(page: Any, seconds: float) -> dict[str, Any]:
    """The medians of what the dashboard says, once the size has settled."""
    page.wait_for_timeout(3000 * WARM_UP)
    rows: list[Sequence[float]] = []
    for _ in range(max(2, round(seconds))):
        page.wait_for_timeout(1000)
        data = page.evaluate("({...document.querySelector('.ink-live').dataset})")
        rows.append([float(data[name]) for name in ("fps", "p50", "p95")])
    fps, p50, p95 = (sorted(column)[len(rows) // 2] for column in zip(*rows, strict=True))
    return {"fps": fps, "age_p50_ms": p50, "age_p95_ms": p95}


def measure_gradio(browser: Any, seconds: float) -> dict[str, Any]:
    """Gradio's own way, with the same camera."""
    with (
        tempfile.TemporaryDirectory() as folder,
        served(["benchmarks/workers/gradio_stream.py"], folder) as (_, address),
        opened(browser, address, 60) as page,
    ):
        page.get_by_text("Click to Access Webcam").click(timeout=60_000)
        page.locator("#camera .capture-button").click(timeout=60_000)
        page.locator("#shown img").wait_for(timeout=60_000)
        return watch(page, "#shown img", seconds)


def watch(page: Any, selector: str, seconds: float) -> dict[str, Any]:
    """Read the camera's time from what is shown; no age where hardly a frame came. Raises Playwright's Error when
    hardly a time makes sense, as in a mirrored picture."""
    page.wait_for_timeout(1000 * WARM_UP)
    page.evaluate("(selector) => bench.watch(selector)", selector)
    page.wait_for_timeout(1000 * seconds)
    figures: dict[str, Any] = page.evaluate("bench.figures()")
    return figures | read_size(page, selector)


def read_size(page: Any, selector: str) -> dict[str, str]:
    """Of the picture that is shown, in its own pixels."""
    width, height = page.evaluate(
        """(selector) => {
          const shown = document.querySelector(selector);
          return [shown.naturalWidth || shown.width, shown.naturalHeight || shown.height];
        }""",
        selector,
    )
    return {"drawn": f"{width}x{height}"}


@contextmanager
def opened(browser: Any, address: str, camera: int) -> Iterator[Any]:
    """A page before a camera."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    context.grant_permissions(["camera"])
    page = context.new_page()
    page.add_init_script(SCRIPT.read_text(encoding="utf-8"))
    if camera:
        page.add_init_script(f"bench.camera({camera});")
    page.goto(address, wait_until="domcontentloaded")
    yield page
    context.close()


def find_browser() -> str:
    """Raises FileNotFoundError without a Chromium."""
    found = os.environ.get("INKFRAME_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), "")
    if not found:
        raise FileNotFoundError("This benchmark needs Chromium; INKFRAME_CHROMIUM can name one.")
    return found
