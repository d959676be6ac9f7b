"""The Matting tab as a person uses it."""

from __future__ import annotations

import io
import re
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.conftest import draw_disc, encode

SLOW = 25_000
STAGE = "#stage .ink-canvas"


def drop(page: Page, data: bytes, name: str = "disc.png", kind: str = "image/png") -> None:
    """Let a file fall onto the page, as from a desktop."""
    page.evaluate(
        """([bytes, name, type]) => {
          const parcel = new DataTransfer();
          parcel.items.add(new File([new Uint8Array(bytes)], name, { type }));
          const target = document.querySelector("#stage");
          for (const kind of ["dragenter", "dragover", "drop"])
            target.dispatchEvent(new DragEvent(kind, { dataTransfer: parcel, bubbles: true, cancelable: true }));
        }""",
        [list(data), name, kind],
    )


def wait_for_result(page: Page) -> None:
    expect(page.locator(STAGE)).to_be_visible(timeout=SLOW)
    expect(page.locator("#stage a.ink-save")).to_be_visible(timeout=SLOW)


def cut_out(page: Page, name: str = "disc.png") -> None:
    """Drop a disc and wait until its run stands in the history: an earlier result may still be shown."""
    drop(page, encode(draw_disc(240, 320)), name)
    expect(page.locator("#history-list .ink-run", has_text=name).first).to_be_attached(timeout=SLOW)
    wait_for_result(page)


def download(page: Page, address: str) -> Image.Image:
    """The file behind the download button."""
    link = page.locator("#stage a.ink-save").get_attribute("href") or ""
    return Image.open(io.BytesIO(httpx.get(link if link.startswith("http") else f"{address}/{link}").content))


def newest(address: str) -> dict[str, object]:
    runs: list[dict[str, object]] = httpx.get(f"{address}/api/v1/runs").json()["runs"]
    return runs[0]


def count(address: str) -> int:
    return int(httpx.get(f"{address}/api/v1/runs").json()["total"])


def test_a_dropped_picture_is_cut_out_at_once(page: Page, address: str) -> None:
    cut_out(page, "first.png")
    expect(page.locator("#stage .ink-facts")).to_contain_text("320×240")
    expect(page.locator("#stage .ink-facts")).to_contain_text("CPU")
    result = np.asarray(download(page, address))
    assert result.shape == (240, 320, 4)
    assert result[120, 160, 3] > 200
    assert result[4, 4].tolist() == [0, 0, 0, 0]


def test_a_new_background_needs_no_new_run(page: Page, address: str) -> None:
    cut_out(page)
    before = count(address)
    page.locator("#matting-background label", has_text="White").click()
    link = page.locator("#stage a.ink-save")
    expect(link).to_have_attribute("href", re.compile("on-ffffff"), timeout=SLOW)
    white = download(page, address)
    assert white.mode == "RGB"
    assert white.getpixel((4, 4)) == (255, 255, 255)
    assert count(address) == before


def test_a_reload_keeps_the_result_and_the_run_is_in_the_history(page: Page) -> None:
    cut_out(page, "kept.png")
    page.reload()
    wait_for_result(page)
    expect(page.locator("#history-list .ink-run", has_text="kept.png").first).to_be_visible(timeout=SLOW)


def test_a_run_is_found_opened_and_run_again(page: Page, address: str) -> None:
    cut_out(page, "findme.png")
    cut_out(page, "other.png")
    page.wait_for_timeout(1000)
    page.locator("#history-search input, #history-search textarea").press_sequentially("findme", delay=60)
    rows = page.locator("#history-list .ink-run")
    expect(rows).to_have_count(1, timeout=SLOW)
    rows.first.click()
    expect(page.locator("#history-details")).to_contain_text("U²-Net small", timeout=SLOW)
    expect(page.locator("#history-details")).to_contain_text("Apache-2.0")
    before = count(address)
    page.locator("#history-again").click()
    for _ in range(300):
        if count(address) > before:
            break
        page.wait_for_timeout(200)
    assert count(address) == before + 1
    again = newest(address)
    assert again["inputs"][0]["name"] == "findme.png"  # type: ignore[index]


def test_a_run_is_deleted_after_a_question(page: Page, address: str) -> None:
    cut_out(page, "doomed.png")
    run = newest(address)["id"]
    page.locator("#history-list .ink-run", has_text="doomed.png").first.click()
    page.once("dialog", lambda dialog: dialog.dismiss())
    with page.expect_response(lambda each: "/gradio_api/" in each.url and each.request.method == "POST"):
        page.locator("#history-delete").click()
    expect(page.locator("#history-details")).to_be_visible()
    assert httpx.get(f"{address}/api/v1/runs/{run}").status_code == 200
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("#history-delete").click()
    expect(page.locator("#history-list .ink-run", has_text="doomed.png")).to_have_count(0, timeout=SLOW)
    assert httpx.get(f"{address}/api/v1/runs/{run}").status_code == 404


def test_a_second_photo_takes_the_place_of_the_first_at_work(page: Page, address: str) -> None:
    drop(page, encode(draw_disc(1200, 1600), "JPEG"), "large.jpg", "image/jpeg")
    expect(page.locator("#matting-cancel")).to_be_visible(timeout=SLOW)
    drop(page, encode(draw_disc(240, 320)), "second.png")
    expect(page.locator("#stage .ink-facts")).to_contain_text("320×240", timeout=SLOW)
    assert newest(address)["inputs"][0]["name"] == "second.png"  # type: ignore[index]
    expect(page.locator("#matting-cancel")).to_be_hidden(timeout=SLOW)
    expect(page.locator("#matting-go")).to_be_enabled()


def test_an_example_is_one_click_away(page: Page, address: str) -> None:
    page.locator("#matting-examples [data-example]").first.click()
    wait_for_result(page)
    assert download(page, address).mode == "RGBA"


def test_a_text_file_is_explained_and_the_page_lives_on(page: Page) -> None:
    drop(page, b"this is no picture", "notes.png")
    said = page.locator("#stage [role=alert]")
    expect(said).to_contain_text("not a picture", timeout=SLOW)
    cut_out(page)


def test_views_and_grounds_are_one_click_each(page: Page, shots: Path) -> None:
    cut_out(page)
    stage = page.locator("[data-view]", has=page.locator("[data-stage=matting]"))
    for view in ("cutout", "alpha", "compare"):
        page.locator(f"#stage [data-show={view}]").click()
        expect(stage).to_have_attribute("data-view", view)
        expect(page.locator("#stage [data-show][aria-pressed=true]")).to_have_attribute("data-show", view)
        page.screenshot(path=shots / f"view-{view}.png")
    for ground in ("white", "black", "green", "checker"):
        page.locator(f"#stage [data-ground={ground}]").click()
        expect(stage).to_have_attribute("data-ground", ground)
        expect(page.locator("#stage [data-ground][aria-pressed=true]")).to_have_attribute(
            "data-ground", ground
        )


def test_webp_is_made_on_demand(page: Page) -> None:
    cut_out(page)
    with page.expect_download(timeout=SLOW) as event:
        page.locator("#matting-save-webp").click()
    path = event.value.path()
    assert Image.open(path).format == "WEBP"


def test_a_model_that_is_not_there_says_what_to_do(page: Page) -> None:
    page.locator("#matting-model input").click()
    page.locator("[role=option]", has_text="MODNet").click()
    drop(page, encode(draw_disc(240, 320)))
    expect(page.locator("#stage [role=alert]")).to_contain_text("MODNet", timeout=SLOW)


def test_the_models_tab_shows_state_size_and_licence(page: Page, shots: Path) -> None:
    page.get_by_role("tab", name="Models").click()
    models = page.locator("#models")
    for words in ("U²-Net small", "BiRefNet lite", "224 MB", "MIT", "offline"):
        expect(models).to_contain_text(words, timeout=SLOW)
    page.screenshot(path=shots / "models.png")


@pytest.mark.parametrize("page", [{"locale": "zh-CN"}], indirect=True)
def test_a_chinese_browser_gets_chinese(page: Page, shots: Path) -> None:
    cut_out(page)
    expect(page.locator("#matting-go")).to_have_text("抠图")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    page.screenshot(path=shots / "chinese.png")


def test_the_language_can_be_switched(page: Page) -> None:
    page.get_by_text("中文").click()
    expect(page.locator("#matting-go")).to_have_text("抠图", timeout=SLOW)
    page.get_by_text("English").click()
    expect(page.locator("#matting-go")).to_have_text("Cut out", timeout=SLOW)
