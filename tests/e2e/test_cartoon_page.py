"""The Cartoon tab as a person uses it; the nets draw plain greys, or come from a stand-in hub."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from pipelines.video import VideoReader
from tests.cartoon_studio import TITLE, draw_sitter
from tests.conftest import draw_disc, encode
from tests.fakes import shade
from tests.pipelines.video.films import write_film
from tests.published_nets import draw_repos
from tests.serving import started_app, started_command
from tests.stand_in_hub import StandInHub

SLOW = 30_000
STAGE = "#cartoon-stage"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("studio")
    with started_command(["-m", "tests.cartoon_studio"], folder) as (_, url):
        yield url


@pytest.fixture
def tab(page: Page) -> Page:
    page.get_by_role("tab", name=re.compile("^(Cartoon|卡通)$")).click()
    page.locator("#cartoon-go").wait_for()
    return page


def give(page: Page, rgb: np.ndarray, name: str = "sitter.png") -> None:
    """Choose a file and wait for its drawing."""
    data = {"name": name, "mimeType": "image/png", "buffer": encode(rgb)}
    page.locator("#cartoon-photo input[type=file]").set_input_files(data)
    expect(page.locator("#history-list .ink-run", has_text=name).first).to_be_attached(timeout=SLOW)
    wait_for_result(page)


def wait_for_result(page: Page) -> None:
    expect(page.locator(f"{STAGE} .ink-canvas")).to_be_visible(timeout=SLOW)
    expect(page.locator(f"{STAGE} a.ink-save")).to_be_visible(timeout=SLOW)


def wait_for_preview(page: Page) -> None:
    expect(page.locator(f"{STAGE} .ink-facts")).to_contain_text("Preview", timeout=SLOW)


def shown(page: Page) -> np.ndarray:
    """The drawing on the stage."""
    return fetch(page, page.locator(f"{STAGE} .ink-result").get_attribute("src") or "")


def saved(page: Page) -> np.ndarray:
    """The file behind the download button."""
    return fetch(page, page.locator(f"{STAGE} a.ink-save").get_attribute("href") or "")


def fetch(page: Page, link: str) -> np.ndarray:
    address = (
        link if link.startswith("http") else f"{page.url.split('?')[0].removesuffix('zh').rstrip('/')}/{link}"
    )
    return np.asarray(Image.open(io.BytesIO(httpx.get(address).content)))


def choose(page: Page, place: str, words: str) -> None:
    """Pick a row of a drop-down."""
    page.locator(f"{place} input").click()
    page.locator("[role=option]", has_text=words).click()


def count(address: str) -> int:
    return int(httpx.get(f"{address}/api/v1/runs").json()["total"])


def expect_grey(page: Page, grey: int, at: tuple[int, int] = (-20, -20)) -> None:
    """Wait until the drawing on the stage has that grey there, by a few levels (the preview is a JPEG)."""
    for _ in range(100):
        found = int(shown(page)[at][0])
        if abs(found - grey) <= 4:
            return
        page.wait_for_timeout(200)
    assert found == grey


def test_a_photo_is_drawn_at_once_and_its_net_is_named(tab: Page) -> None:
    give(tab, draw_sitter())
    expect(tab.locator(f"{STAGE} .ink-facts")).to_contain_text(TITLE)
    expect(tab.locator(f"{STAGE} .ink-facts")).to_contain_text("400×300")
    drawn = saved(tab)
    assert drawn.shape == (300, 400, 3)
    assert drawn[60, 60, 0] == shade("anime") + 10
    assert drawn[280, 380, 0] == shade("anime")


def test_each_style_is_one_click(tab: Page, address: str) -> None:
    give(tab, draw_disc(90, 120), "styles.png")
    for name, style in (("3D film", "3d"), ("Sketch", "sketch"), ("Poster", "design")):
        before = count(address)
        tab.locator("#cartoon-style label", has_text=name).click()
        expect_grey(tab, shade(style))
        wait_for_result(tab)
        assert (saved(tab) == shade(style)).all()
        assert count(address) == before + 1


def test_the_pictures_of_the_styles_show_the_photo(tab: Page) -> None:
    swatches = "document.querySelector('#cartoon-swatches style').textContent"
    assert "styles.jpg" in tab.evaluate(swatches)
    give(tab, draw_disc(90, 120))
    tab.wait_for_function(f"{swatches}.includes('data:image/jpeg')", timeout=SLOW)


def test_a_mix_shows_at_once_and_is_kept_when_asked(tab: Page, address: str) -> None:
    give(tab, draw_disc(90, 120), "mixed.png")
    before = count(address)
    choose(tab, "#cartoon-style-b", "Sketch")
    wait_for_preview(tab)
    expect_grey(tab, (shade("anime") + shade("sketch")) // 2)
    tab.locator("#cartoon-mix input[type=range]").focus()
    tab.keyboard.press("End")
    tab.locator("#cartoon-mix input[type=range]").dispatch_event("pointerup")
    expect_grey(tab, shade("sketch"))
    assert count(address) == before
    tab.locator(f"{STAGE} button.ink-save").click()
    wait_for_result(tab)
    assert (saved(tab) == shade("sketch")).all()
    assert count(address) == before + 1


def test_faces_are_shown_switched_and_styled(tab: Page) -> None:
    give(tab, draw_sitter(), "faces.png")
    row = tab.locator("#cartoon-faces li")
    expect(row).to_have_count(1)
    tab.locator(f"{STAGE} [data-show=faces]").click()
    box = tab.locator(f"{STAGE} [data-mark='1']")
    expect(box).to_be_visible()
    expect(box.locator("i")).to_have_count(5)
    # a click on the box switches the face off
    box.click(position={"x": 60, "y": 60})
    wait_for_preview(tab)
    expect_grey(tab, shade("anime"), (60, 60))
    expect(row.locator("input")).not_to_be_checked()
    row.locator("input").check()
    row.locator("[data-name=style]").select_option("sketch")
    expect_grey(tab, shade("sketch") + 10, (60, 60))
    row.locator("[data-name=strength]").select_option("0.6")
    blue = 0.6 * (shade("sketch") + 10)
    expect_grey(tab, round(blue), (60, 60))
    tab.locator("#cartoon-go").click()
    wait_for_result(tab)
    run = httpx.get(tab.url.split("?")[0].rstrip("/") + "/api/v1/runs").json()["runs"][0]
    assert run["settings"]["faces"] == "all,1=sketch@0.6"
    # another photo's faces are drawn plainly again
    give(tab, draw_sitter(side=100), "next.png")
    expect(row.locator("[data-name=style]")).to_have_value("")
    assert saved(tab)[50, 50, 0] == shade("anime") + 10


def test_no_face_is_said(tab: Page) -> None:
    give(tab, draw_disc(90, 120), "nobody.png")
    expect(tab.locator(f"{STAGE} .ink-notes")).to_contain_text("No face was found")
    expect(tab.locator("#cartoon-faces")).to_contain_text("No face was found")


def test_all_styles_come_as_one_sheet(tab: Page) -> None:
    give(tab, draw_disc(90, 120), "sheet.png")
    tab.locator("#cartoon-sheet").click()
    expect(tab.locator(f"{STAGE} a.ink-save")).to_have_attribute(
        "href", re.compile(r"sheet\.png"), timeout=SLOW
    )
    with tab.expect_download(timeout=SLOW) as event:
        tab.locator(f"{STAGE} a.ink-save").click()
    assert event.value.suggested_filename == "sheet-all-styles.png"
    sheet = Image.open(event.value.path())
    assert sheet.width > 4 * 120
    expect(tab.locator(f"{STAGE} [data-show=compare]")).to_be_disabled()


def test_a_run_is_opened_and_run_again(tab: Page, address: str) -> None:
    give(tab, draw_disc(90, 120), "opened.png")
    tab.locator("#cartoon-style label", has_text="Sketch").click()
    expect_grey(tab, shade("sketch"))
    wait_for_result(tab)
    give(tab, draw_disc(60, 120), "later.png")
    rows = tab.locator("#history-list .ink-run", has_text="opened.png")
    expect(rows).to_have_count(2, timeout=SLOW)
    rows.nth(1).click()
    expect(tab.locator("#history-details")).to_contain_text("Anime", timeout=SLOW)
    before = count(address)
    tab.locator("#history-again").click()
    expect(rows).to_have_count(3, timeout=SLOW)
    assert count(address) == before + 1
    expect(tab.locator("#cartoon-style input:checked")).to_have_value("anime")
    assert (saved(tab) == shade("anime")).all()


def test_a_sheet_is_run_again_as_a_sheet(tab: Page, address: str) -> None:
    give(tab, draw_disc(90, 120), "twice.png")
    tab.locator("#cartoon-sheet").click()
    sheets = tab.locator("#history-list .ink-run", has_text="twice.png")
    expect(sheets).to_have_count(2, timeout=SLOW)
    sheets.first.click()
    expect(tab.locator("#history-details")).to_contain_text("All styles", timeout=SLOW)
    tab.locator("#history-again").click()
    expect(sheets).to_have_count(3, timeout=SLOW)
    newest = httpx.get(f"{address}/api/v1/runs").json()["runs"][0]
    assert newest["results"] == ["sheet.png"]


def test_a_result_is_sent_to_another_tab_and_back(tab: Page, address: str) -> None:
    give(tab, draw_disc(90, 120), "sent.png")
    tab.locator("#history-list .ink-run", has_text="sent.png").first.click()
    tab.locator("#history-send-matting").click()
    expect(tab.locator("#matting-go")).to_be_visible(timeout=SLOW)
    runs = tab.locator("#history-list .ink-run", has_text="sent.png")
    expect(runs).to_have_count(2, timeout=SLOW)
    assert [run["task"] for run in httpx.get(f"{address}/api/v1/runs").json()["runs"][:2]] == [
        "matting",
        "cartoon",
    ]
    runs.first.click()
    expect(tab.locator("#history-details [data-task=matting]")).to_be_visible(timeout=SLOW)
    tab.locator("#history-send-cartoon").click()
    expect(runs).to_have_count(3, timeout=SLOW)
    expect(tab.locator("#cartoon-go")).to_be_visible()
    wait_for_result(tab)
    assert saved(tab).shape == (90, 120, 4)  # a cut-out's alpha stays


def test_a_reload_keeps_the_drawing(tab: Page) -> None:
    give(tab, draw_sitter(), "kept.png")
    tab.reload()
    tab.locator("body.ink-ready").wait_for()
    tab.get_by_role("tab", name="Cartoon").click()
    wait_for_result(tab)
    expect(tab.locator("#cartoon-faces li")).to_have_count(1)


def test_a_film_is_drawn_shown_and_fetched(tab: Page, address: str, tmp_path: Path, shots: Path) -> None:
    film = write_film(tmp_path / "dance.mp4", [draw_disc(120, 160)] * 8, sound="aac")
    tab.locator("#cartoon-style label", has_text="Sketch").click()
    tab.locator("#cartoon-film-box button").first.click()
    tab.locator("#cartoon-film-go").click()
    expect(tab.locator(".toast-body")).to_contain_text("Add a film first", timeout=SLOW)
    tab.locator("#cartoon-film input[type=file]").set_input_files(film)
    expect(tab.locator("#cartoon-film")).to_contain_text("dance", timeout=SLOW)
    tab.locator("#cartoon-film-go").click()
    row = tab.locator("#cartoon-films article", has_text="dance.mp4")
    expect(row).to_have_attribute("data-status", "done", timeout=2 * SLOW)
    expect(row).to_contain_text("8 of 8 frames")
    row.locator("[data-act=show]").click()
    expect(tab.locator(f"{STAGE} video")).to_be_visible(timeout=SLOW)
    expect(tab.locator(f"{STAGE} .ink-facts")).to_contain_text(TITLE)
    tab.screenshot(path=shots / "cartoon-film.png")
    with tab.expect_download(timeout=SLOW) as event:
        row.locator("[data-act=download]").click()
    assert event.value.suggested_filename == "dance-cartoon.mp4"
    with VideoReader(event.value.path()) as drawn:
        first = next(iter(drawn)).rgb
    assert np.abs(first.astype(int) - shade("sketch")).max() <= 6
    # the history has it, plays it, and draws it again
    runs = tab.locator("#history-list .ink-run", has_text="dance.mp4")
    expect(runs).to_have_count(1, timeout=SLOW)
    runs.click()
    expect(tab.locator("#history-details")).to_contain_text("Sketch", timeout=SLOW)
    tab.locator("#history-again").click()
    expect(tab.locator("#cartoon-films article")).to_have_count(2, timeout=SLOW)
    expect(runs).to_have_count(2, timeout=2 * SLOW)


def test_webp_is_made_on_demand(tab: Page) -> None:
    give(tab, draw_disc(90, 120))
    with tab.expect_download(timeout=SLOW) as event:
        tab.locator("#cartoon-save-webp").click()
    assert Image.open(event.value.path()).format == "WEBP"


def test_an_example_is_one_click_away(tab: Page) -> None:
    tab.locator("#cartoon-examples [data-example]").first.click()
    wait_for_result(tab)


def test_what_is_no_picture_is_explained_and_a_style_alone_is_no_trouble(tab: Page) -> None:
    tab.locator("#cartoon-style label", has_text="Sketch").click()
    expect(tab.locator(f"{STAGE} .ink-empty")).to_be_visible()
    data = {"name": "notes.png", "mimeType": "image/png", "buffer": b"no picture"}
    tab.locator("#cartoon-photo input[type=file]").set_input_files(data)
    expect(tab.locator(f"{STAGE} [role=alert]")).to_contain_text("not a picture", timeout=SLOW)
    give(tab, draw_disc(90, 120))
    assert (saved(tab) == shade("sketch")).all()


def test_nets_that_are_not_here_are_explained(tab: Page) -> None:
    tab.locator("#cartoon-photo").scroll_into_view_if_needed()
    tab.locator("button", has_text="More").locator("visible=true").first.click()
    choose(tab, "#cartoon-net", "0 of 7")
    data = {"name": "a.png", "mimeType": "image/png", "buffer": encode(draw_disc(90, 120))}
    tab.locator("#cartoon-photo input[type=file]").set_input_files(data)
    expect(tab.locator(f"{STAGE} [role=alert]")).to_contain_text("DCT-Net anime", timeout=SLOW)


def test_a_published_net_comes_from_the_hub_and_draws(browser: Browser, tmp_path: Path, shots: Path) -> None:
    with (
        StandInHub(draw_repos(["3d"])) as hub,
        started_app(tmp_path, hub.url) as (_, url),
    ):
        made = browser.new_context(locale="en-US").new_page()
        made.goto(url)
        made.locator("body.ink-ready").wait_for(timeout=SLOW)
        # given a style that is fetched on the Models page
        made.get_by_role("tab", name="Models").click()
        row = made.locator(".ink-model", has_text="DCT-Net 3D")
        row.get_by_role("button", name="Download").click()
        expect(row).to_contain_text("Ready", timeout=3 * SLOW)
        # when a photo is drawn in it
        made.get_by_role("tab", name="Cartoon").click()
        made.locator("#cartoon-style label", has_text="3D film").click()
        give(made, draw_disc(240, 320), "hub.png")
        # then the page says which net it was
        expect(made.locator(f"{STAGE} .ink-facts")).to_contain_text("DCT-Net 3D (ModelScope, Apache-2.0)")
        assert saved(made).shape == (240, 320, 3)
        made.locator(".ink-more:visible button").first.click()
        expect(made.locator("#cartoon-net")).to_be_visible()
        made.locator("#cartoon-net input").click()
        expect(made.locator("[role=option]", has_text="1 of 7 styles")).to_be_visible()
        made.screenshot(path=shots / "cartoon-hub.png")
        made.context.close()
