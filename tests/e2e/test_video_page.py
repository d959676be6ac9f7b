"""The Image → Video tab as a person uses it."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from pipelines.video import VideoReader
from tests.conftest import draw_disc, encode
from tests.pipelines.image_to_video.test_music import write_clicks
from tests.pipelines.video.films import write_film

SLOW = 30_000
STAGE = "#video-stage"
RED, BLUE, YELLOW = (210, 30, 30), (30, 30, 210), (210, 210, 30)


@pytest.fixture
def tab(page: Page) -> Page:
    page.get_by_role("tab", name=re.compile("^(Image → Video|图片转视频)$")).click()
    page.locator("#video-go").wait_for()
    return page


def picture(name: str, colour: tuple[int, int, int] = RED) -> dict[str, object]:
    """A file to choose: 120x90, all of one colour but for a frame of green."""
    rgb = draw_disc(90, 120, colour)
    rgb[20:70, 20:100] = colour
    return {"name": name, "mimeType": "image/png", "buffer": encode(rgb)}


def give(page: Page, *files: dict[str, object]) -> None:
    """Choose files, and wait until they are in the strip."""
    before = page.locator(".ink-thumb").count()
    page.locator("#video-files [data-pick=choose]").set_input_files(list(files))
    expect(page.locator(".ink-thumb")).to_have_count(before + len(files), timeout=SLOW)


def names(page: Page) -> list[str]:
    return list(page.locator(".ink-thumb").evaluate_all("all => all.map((each) => each.title)"))


def wait_for_preview(page: Page) -> None:
    expect(page.locator(f"{STAGE} .ink-facts")).to_contain_text(re.compile("Preview|预览"), timeout=SLOW)
    expect(page.locator("[data-plan=work]")).to_be_visible(timeout=SLOW)


def set_seconds(page: Page, seconds: float) -> None:
    page.locator("#video-duration input").fill(str(seconds))
    page.locator("#video-duration input").press("Enter")


def make(page: Page, title: str) -> Locator:
    """Make the film and wait until it stands on the stage; gives its card."""
    page.locator("#video-go").click()
    card = page.locator("#video-films article", has_text=title).first
    expect(card).to_have_attribute("data-status", "done", timeout=SLOW)
    expect(page.locator(f"{STAGE} video[controls]")).to_be_visible(timeout=SLOW)
    return card


def test_one_photo_becomes_a_film_that_plays(tab: Page, shots: Path) -> None:
    give(tab, picture("one.png"))
    expect(tab.locator("#video-plan")).to_contain_text("5.0 s · 120×90 · 25 fps", timeout=SLOW)
    wait_for_preview(tab)
    expect(tab.locator(f"{STAGE} .ink-trial video")).to_be_visible()
    set_seconds(tab, 2)
    expect(tab.locator("#video-plan")).to_contain_text("2.0 s", timeout=SLOW)
    card = make(tab, "one.png")
    expect(card).to_contain_text("50 of 50 frames")
    video = tab.locator(f"{STAGE} video")
    tab.wait_for_function("document.querySelector('#video-stage video').currentTime > 0.2", timeout=SLOW)
    assert video.evaluate("video => [video.videoWidth, video.duration]") == [120, 2]
    tab.screenshot(path=shots / "video-one.png")
    with tab.expect_download(timeout=SLOW) as event:
        tab.locator(f"{STAGE} a.ink-save").click()
    assert event.value.suggested_filename == "one-zoom-in.mp4"
    with tab.expect_download(timeout=SLOW) as event:
        card.locator("[data-act=download]").click()
    with VideoReader(event.value.path()) as film:
        assert (film.info.width, film.info.frames, film.info.rate) == (120, 50, 25)


def test_three_photos_and_music_become_a_film_in_the_dragged_order(
    tab: Page, tmp_path: Path, shots: Path
) -> None:
    give(tab, picture("a.png"), picture("b.png", BLUE), picture("c.png", YELLOW))
    thumbs = tab.locator(".ink-thumb")
    thumbs.nth(2).drag_to(thumbs.nth(0))
    assert names(tab) == ["c.png", "a.png", "b.png"]
    # by its buttons, too; and a picture may have seconds and a movement of its own
    thumbs.nth(1).click()
    tab.locator("#video-strip [data-act=right]").click()
    assert names(tab) == ["c.png", "b.png", "a.png"]
    tab.locator("[data-own=seconds]").fill("0.5")
    tab.locator("[data-own=motion]").select_option("still")
    expect(thumbs.nth(2)).to_contain_text("0.5 s")
    set_seconds(tab, 1)
    tab.locator("#video-transition input").click()
    tab.locator("[role=option]", has_text="Cut").click()
    tab.locator("#video-group-music button").first.click()
    tab.locator("#video-music input[type=file]").set_input_files(
        write_clicks(tmp_path / "song.wav", 3, [1.0])
    )
    expect(tab.locator("#video-music")).to_contain_text("song", timeout=SLOW)
    expect(tab.locator("#video-plan")).to_contain_text("2.5 s", timeout=SLOW)
    make(tab, "c.png + 2")
    tab.screenshot(path=shots / "video-three.png")
    with tab.expect_download(timeout=SLOW) as event:
        tab.locator(f"{STAGE} a.ink-save").click()
    assert event.value.suggested_filename == "c-film.mp4"
    with VideoReader(event.value.path()) as film:
        frames = [frame.rgb[45, 60].astype(int) for frame in film]
        assert film.info.sound
    assert len(frames) == 62 or len(frames) == 63
    for at, colour in ((5, YELLOW), (30, BLUE), (58, RED)):
        assert np.abs(frames[at] - colour).max() < 24
    forget_and_bring_back(tab)


def forget_and_bring_back(tab: Page) -> None:
    """When something else was done, the history brings pictures, order, own wishes and form back."""
    thumbs = tab.locator(".ink-thumb")
    tab.locator("#video-strip [data-act=clear]").click()
    expect(thumbs).to_have_count(0)
    set_seconds(tab, 9)
    tab.locator("#history-list .ink-run", has_text="c.png").click()
    expect(tab.locator("#history-details")).to_contain_text("Cut", timeout=SLOW)
    tab.locator("#history-open").click()
    expect(thumbs).to_have_count(3, timeout=SLOW)
    assert names(tab) == ["c.png", "b.png", "a.png"]
    expect(thumbs.nth(2)).to_contain_text("0.5 s")
    expect(tab.locator("#video-duration input")).to_have_value("1")
    expect(tab.locator("#video-music")).to_contain_text("song")
    expect(tab.locator(f"{STAGE} video[controls]")).to_be_visible()
    runs = tab.locator("#history-list .ink-run", has_text="c.png")
    tab.locator("#history-again").click()
    expect(runs).to_have_count(2, timeout=SLOW)


def test_a_style_grows_in(tab: Page, shots: Path) -> None:
    give(tab, picture("sea.png", BLUE))
    set_seconds(tab, 1)
    tab.locator("#video-group-style button").first.click()
    tab.locator("#video-style input").click()
    tab.locator("[role=option]", has_text="Crimson and gold").click()
    wait_for_preview(tab)
    make(tab, "sea.png")
    tab.screenshot(path=shots / "video-style.png")
    with tab.expect_download(timeout=SLOW) as event:
        tab.locator(f"{STAGE} a.ink-save").click()
    with VideoReader(event.value.path()) as film:
        first, *_, last = (frame.rgb[45, 60].astype(int) for frame in film)
    assert np.abs(first - BLUE).max() < 24 < np.abs(last - first).max()


def test_a_film_is_cancelled_and_gone_on_with(tab: Page, shots: Path) -> None:
    give(tab, picture("long.png"))
    set_seconds(tab, 900)
    expect(tab.locator("#video-plan")).to_contain_text("900 s", timeout=SLOW)
    tab.locator("#video-go").click()
    card = tab.locator("#video-films article", has_text="long.png").first
    expect(card).to_contain_text("frames/s", timeout=SLOW)
    tab.screenshot(path=shots / "video-running.png")
    card.locator("[data-act=cancel]").click()
    expect(card).to_have_attribute("data-status", "cancelled", timeout=SLOW)
    card.locator("[data-act=resume]").click()
    expect(card).to_have_attribute("data-status", "running", timeout=SLOW)
    card.locator("[data-act=cancel]").click()
    expect(card).to_have_attribute("data-status", "cancelled", timeout=SLOW)
    tab.once("dialog", lambda dialog: dialog.accept())
    card.locator("[data-act=delete]").click()
    expect(tab.locator("#video-films article", has_text="long.png")).to_have_count(0, timeout=SLOW)


def test_a_film_becomes_a_smoother_one(tab: Page, tmp_path: Path) -> None:
    film = write_film(tmp_path / "dance.mp4", [draw_disc(90, 120)] * 8)
    tab.locator("#video-group-slow button").first.click()
    tab.locator("#video-film input[type=file]").set_input_files(film)
    expect(tab.locator("#video-film")).to_contain_text("dance", timeout=SLOW)
    tab.locator("#video-slow-go").click()
    card = tab.locator("#video-films article", has_text="dance.mp4")
    expect(card).to_have_attribute("data-status", "done", timeout=SLOW)
    expect(tab.locator(f"{STAGE} video[controls]")).to_be_visible(timeout=SLOW)
    # the history makes it again, also where neither tab nor fold was opened yet
    tab.reload()
    tab.locator("body.ink-ready").wait_for()
    runs = tab.locator("#history-list .ink-run", has_text="dance.mp4")
    runs.click()
    expect(tab.locator("#history-details")).to_contain_text("Times as many frames", timeout=SLOW)
    tab.locator("#history-again").click()
    expect(runs).to_have_count(2, timeout=SLOW)
    # and goes on to where else films are taken
    tab.locator("#history-send-cartoon").click()
    expect(tab.locator("#cartoon-film")).to_contain_text("dance", timeout=SLOW)
    expect(tab.locator("#cartoon-film-go")).to_be_visible()


def test_bad_input_is_told_and_nothing_is_lost(tab: Page) -> None:
    tab.locator("#video-go").click()
    expect(tab.locator(".toast-body")).to_contain_text("Add a picture first", timeout=SLOW)
    notes = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no picture"}
    tab.locator("#video-files [data-pick=choose]").set_input_files([notes])
    expect(tab.locator("#video-files .ink-trouble")).to_contain_text("notes.txt")
    bad = {"name": "bad.png", "mimeType": "image/png", "buffer": b"no picture"}
    tab.locator("#video-files [data-pick=choose]").set_input_files(
        [picture("a.png"), bad, picture("z.png", BLUE)]
    )
    expect(tab.locator(".ink-thumb")).to_have_count(2, timeout=SLOW)
    expect(tab.locator("#video-strip .ink-trouble")).to_contain_text("bad.png is left out", timeout=SLOW)
    wait_for_preview(tab)
    tab.locator("#video-group-file button").first.click()
    tab.locator("#video-fps input").fill("many")
    tab.locator("#video-fps input").press("Enter")
    expect(tab.locator("#video-plan [role=alert]")).to_contain_text("fps can't be 'many'", timeout=SLOW)
    tab.locator("#video-fps input").fill("24")
    tab.locator("#video-fps input").press("Enter")
    expect(tab.locator("#video-plan")).to_contain_text("24 fps", timeout=SLOW)
    set_seconds(tab, 3000)
    expect(tab.locator("#video-plan [role=alert]")).to_contain_text("100.0 minutes long", timeout=SLOW)
    assert names(tab) == ["a.png", "z.png"]


def test_a_reload_keeps_form_and_pictures_and_another_tab_s_result_joins_them(
    tab: Page, address: str
) -> None:
    data = {"image": ("cut.png", encode(draw_disc(90, 120)))}
    assert httpx.post(f"{address}/api/v1/matting", files=data, timeout=60).status_code == 200
    tab.locator("#video-examples [data-example]").first.click()
    expect(tab.locator(".ink-thumb")).to_have_count(1, timeout=SLOW)
    give(tab, picture("kept.png"))
    tab.locator("#video-aspect label", has_text="1:1").click()
    expect(tab.locator("#video-plan")).to_contain_text(re.compile(r"(\d+)×\1"), timeout=SLOW)
    tab.reload()
    tab.locator("body.ink-ready").wait_for()
    tab.get_by_role("tab", name="Image → Video").click()
    expect(tab.locator(".ink-thumb")).to_have_count(2, timeout=SLOW)
    assert names(tab)[1] == "kept.png"
    expect(tab.locator("#video-aspect input:checked")).to_have_value("1:1")
    tab.locator("#history-list .ink-run", has_text="cut.png").first.click()
    tab.locator("#history-send-video").click()
    expect(tab.locator(".ink-thumb")).to_have_count(3, timeout=SLOW)
    assert names(tab)[2] == "cut.png"
    wait_for_preview(tab)
