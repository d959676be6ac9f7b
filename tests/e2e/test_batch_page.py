"""The Batch Matting tab as a person uses it."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Download, Locator, Page, expect

from tests.conftest import draw_disc, encode
from tests.e2e.conftest import PHONE

SLOW = 60_000
WHOLE = 150_000
DONE, CARD = "#batch-card [data-status=done]", "#batch-card .ink-job"
COUNT = "#batch-card [data-count=done]"


def picture(number: int) -> bytes:
    """A JPEG of its own, so that no batch finds it done already."""
    return encode(draw_disc(180 + number, 240), "JPEG")


def pack(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def turn_to_batch(page: Page) -> None:
    page.get_by_role("tab").nth(1).click()
    expect(page.locator("#batch-go")).to_be_visible(timeout=SLOW)


def drop(page: Page, files: dict[str, bytes]) -> None:
    """Let files fall onto the page, as from a desktop."""
    page.evaluate(
        """(files) => {
          const parcel = new DataTransfer();
          for (const [name, text] of files) {
            const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
            parcel.items.add(new File([bytes], name));
          }
          const target = document.querySelector("#batch-card");
          for (const kind of ["dragenter", "dragover", "drop"])
            target.dispatchEvent(new DragEvent(kind, { dataTransfer: parcel, bubbles: true, cancelable: true }));
        }""",
        [[name, base64.b64encode(data).decode()] for name, data in files.items()],
    )
    expect(page.locator("[data-state=chosen]")).to_be_visible(timeout=SLOW)


def start(page: Page, files: dict[str, bytes], title: str) -> None:
    """Drop files, press Start and wait until their batch is the one that is shown."""
    turn_to_batch(page)
    drop(page, files)
    page.locator("#batch-go").click()
    expect(page.locator("#batch-card h2")).to_have_text(title, timeout=SLOW)


def number_done(page: Page) -> int:
    return int(page.locator(COUNT).get_attribute("data-number") or 0)


def wait_for(page: Page, least: int) -> int:
    """Wait until so many pictures are done; how many there are then."""
    for _ in range(600):
        if number_done(page) >= least:
            break
        page.wait_for_timeout(100)
    assert number_done(page) >= least
    return number_done(page)


def press(page: Page, act: str) -> Locator:
    return page.locator(f"#batch-card [data-act={act}]")


def download(page: Page, button: Locator) -> tuple[Download, zipfile.ZipFile]:
    with page.expect_download(timeout=SLOW) as event:
        button.click()
    return event.value, zipfile.ZipFile(event.value.path())


def test_a_zip_survives_a_reload_and_comes_out_whole(page: Page, address: str, shots: Path) -> None:
    """The story this tab is for: folders, Chinese names, one broken picture, a reload in the middle."""
    good = {f"旅行/第{number % 3}天/照片 {number:02d}.jpg": picture(number) for number in range(18)}
    members = {
        **good,
        "旅行/broken.jpg": picture(0)[:600],
        "旅行/notes.txt": b"no picture",
        "__MACOSX/._a.jpg": b"x",
    }
    start(page, {"旅行.zip": pack(members)}, "旅行.zip")
    expect(page.locator("[data-state=empty]")).to_be_visible(timeout=SLOW)
    before = wait_for(page, 2)
    expect(page.locator("#batch-tiles .ink-tile").first).to_be_visible(timeout=SLOW)
    page.screenshot(path=shots / "batch-running.png")

    page.reload()
    turn_to_batch(page)
    expect(page.locator("#batch-card h2")).to_have_text("旅行.zip", timeout=SLOW)
    wait_for(page, before + 1)
    expect(page.locator(DONE)).to_be_visible(timeout=WHOLE)
    expect(page.locator("#batch-card [data-count=failed]")).to_have_attribute("data-number", "1")
    expect(page.locator("#batch-troubles")).to_contain_text("旅行/broken.jpg", timeout=SLOW)
    expect(page.locator("#batch-troubles")).to_contain_text("damaged")
    page.screenshot(path=shots / "batch-done.png")

    saved, archive = download(page, press(page, "download"))
    assert saved.suggested_filename == "旅行-cutouts.zip"
    assert {name for name in archive.namelist() if not name.startswith("manifest.")} == {
        name.replace(".jpg", ".png") for name in good
    }
    expect(page.locator("#history-list .ink-run", has_text="旅行.zip").first).to_be_visible(timeout=SLOW)


def test_a_batch_is_cancelled_taken_in_part_and_resumed(page: Page) -> None:
    files = {f"{number:02d}.jpg": picture(40 + number) for number in range(12)}
    start(page, files, "00.jpg +11")
    wait_for(page, 2)
    press(page, "cancel").click()
    expect(page.locator("#batch-card [data-status=cancelled]")).to_be_visible(timeout=SLOW)
    done = number_done(page)
    assert done < 12
    saved, archive = download(page, press(page, "download"))
    assert f"-part-{done}-of-12" in saved.suggested_filename
    assert len(archive.namelist()) == done + 2
    press(page, "resume").click()
    expect(page.locator(DONE)).to_be_visible(timeout=WHOLE)
    assert number_done(page) == 12


def test_the_same_zip_twice_is_done_at_once_and_says_so(page: Page) -> None:
    data = pack({f"a/{number}.jpg": picture(80 + number) for number in range(3)})
    start(page, {"first.zip": data}, "first.zip")
    expect(page.locator(DONE)).to_be_visible(timeout=WHOLE)
    start(page, {"second.zip": data}, "second.zip")
    expect(page.locator(DONE)).to_be_visible(timeout=SLOW)
    expect(page.locator("#batch-card .ink-alert")).to_contain_text("an earlier batch", timeout=SLOW)
    expect(page.locator("#batch-jobs .ink-batch").first).to_contain_text("second.zip")
    page.locator("#batch-jobs .ink-batch", has_text="first.zip").click()
    expect(page.locator("#batch-card h2")).to_have_text("first.zip", timeout=SLOW)


def test_what_is_no_zip_is_explained_and_the_files_stay_chosen(page: Page) -> None:
    turn_to_batch(page)
    drop(page, {"holiday.zip": b"this is no zip at all"})
    page.locator("#batch-go").click()
    expect(page.locator(".toast-body").first).to_contain_text("holiday.zip", timeout=SLOW)
    expect(page.locator("[data-state=chosen]")).to_be_visible(timeout=SLOW)
    expect(page.locator("#batch-files [data-part=names]")).to_contain_text("holiday.zip")
    page.locator("#batch-files [data-act=clear]").click()
    expect(page.locator("[data-state=empty]")).to_be_visible()


def test_an_upload_can_be_stopped_and_keeps_its_files(page: Page, address: str) -> None:
    before = httpx.get(f"{address}/api/v1/jobs").json()["jobs"]
    page.route("**/gradio_api/upload", lambda route: None)
    turn_to_batch(page)
    drop(page, {"a.jpg": picture(2)})
    page.locator("#batch-go").click()
    expect(page.locator("[data-state=sending]")).to_contain_text("Uploading", timeout=SLOW)
    page.locator("#batch-files [data-act=stop]").click()
    expect(page.locator("[data-state=chosen]")).to_be_visible(timeout=SLOW)
    page.wait_for_timeout(500)
    expect(page.locator(".toast-body")).to_have_count(0)
    assert httpx.get(f"{address}/api/v1/jobs").json()["jobs"] == before


def test_an_upload_that_fails_says_so(page: Page) -> None:
    page.route("**/gradio_api/upload", lambda route: route.fulfill(status=500))
    turn_to_batch(page)
    drop(page, {"a.jpg": picture(3)})
    page.locator("#batch-go").click()
    expect(page.locator(".toast-body").first).to_contain_text("broke off", timeout=SLOW)
    expect(page.locator("[data-state=chosen]")).to_be_visible(timeout=SLOW)


def test_start_without_files_says_what_to_do(page: Page) -> None:
    turn_to_batch(page)
    page.locator("#batch-go").click()
    expect(page.locator(".toast-body").first).to_contain_text("Add files first", timeout=SLOW)


def test_files_of_other_kinds_are_left_out_by_name(page: Page) -> None:
    turn_to_batch(page)
    drop(page, {"a.jpg": picture(1), "notes.txt": b"x", ".hidden.jpg": b"x"})
    expect(page.locator("#batch-files [data-part=summary]")).to_contain_text("1 file ·")
    expect(page.locator("#batch-files [data-part=trouble]")).to_contain_text("notes.txt")


def test_what_can_not_be_read_is_named_and_the_rest_is_taken(page: Page) -> None:
    turn_to_batch(page)
    page.evaluate(
        """() => {
          const lost = (_, fail) => fail(new DOMException("", "NotReadableError"));
          const good = { isFile: true, name: "good.jpg", file: (give) => give(new File(["x"], "good.jpg")) };
          const shut = { name: "shut", isDirectory: true, createReader: () => ({ readEntries: lost }) };
          const all = [[{ isFile: true, name: "lost.jpg", file: lost }, shut, good], []];
          const trip = { name: "trip", isDirectory: true,
            createReader: () => ({ readEntries: (give) => give(all.shift()) }) };
          const drop = new DragEvent("drop", { bubbles: true, cancelable: true });
          const parcel = { items: [{ webkitGetAsEntry: () => trip }], files: [], types: ["Files"] };
          Object.defineProperty(drop, "dataTransfer", { value: parcel });
          document.querySelector("#batch-card").dispatchEvent(drop);
        }"""
    )
    expect(page.locator("#batch-files [data-part=names]")).to_have_text("trip/good.jpg")
    told = page.locator("#batch-files [data-part=trouble]")
    expect(told).to_have_text("2 files can't be read and are left out: trip/lost.jpg, trip/shut")


def test_a_folder_keeps_its_sub_folders(page: Page, tmp_path: Path) -> None:
    (tmp_path / "trip" / "day 1").mkdir(parents=True)
    (tmp_path / "trip" / "day 1" / "same.jpg").write_bytes(picture(90))
    (tmp_path / "trip" / "same.jpg").write_bytes(picture(90))
    turn_to_batch(page)
    page.locator("#batch-files [data-pick=folder]").set_input_files(tmp_path / "trip")
    expect(page.locator("#batch-files [data-part=summary]")).to_contain_text("2 files")
    page.locator("#batch-go").click()
    expect(page.locator("#batch-card h2")).to_have_text("trip", timeout=SLOW)
    expect(page.locator(DONE)).to_be_visible(timeout=WHOLE)
    _, archive = download(page, press(page, "download"))
    assert {"trip/day 1/same.png", "trip/same.png"} <= set(archive.namelist())


def test_a_tile_is_compared_with_its_original(page: Page, shots: Path) -> None:
    start(page, {"one.jpg": picture(100), "two.jpg": picture(101)}, "one.jpg +1")
    expect(page.locator(DONE)).to_be_visible(timeout=WHOLE)
    page.locator("#batch-tiles .ink-tile").first.click()
    viewer = page.locator("dialog.ink-viewer")
    expect(viewer).to_be_visible()
    first = viewer.locator("[data-part=name]").text_content()
    for side in ("before", "after"):
        loaded = f"() => document.querySelector('dialog [data-part={side}]').naturalWidth > 0"
        page.wait_for_function(loaded, timeout=SLOW)
    page.screenshot(path=shots / "batch-viewer.png")
    viewer.locator(".ink-pair").hover(position={"x": 20, "y": 40})
    assert float(viewer.locator("input").input_value()) < 20, "screen readers and arrow keys go by the range"
    if page.locator("#batch-tiles .ink-tile").count() > 1:
        page.keyboard.press("ArrowRight")
        expect(viewer.locator("[data-part=name]")).not_to_have_text(first or "")
    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()


def test_the_history_opens_a_batch_and_gives_its_zip(page: Page, address: str) -> None:
    start(page, {"kept.zip": pack({"deep/er/kept.jpg": picture(110)})}, "kept.zip")
    page.locator("#batch-format label", has_text="WebP").click()
    expect(page.locator(DONE)).to_be_visible(timeout=WHOLE)
    page.locator("#history-list .ink-run", has_text="kept.zip").first.click()
    details = page.locator("#history-details")
    expect(details).to_contain_text("manifest.csv", timeout=SLOW)
    _, archive = download(page, details.locator("a", has_text="Download zip"))
    assert "deep/er/kept.png" in archive.namelist()
    page.get_by_role("tab").nth(0).click()
    page.locator("#history-open").click()
    expect(page.locator("#batch-card h2")).to_have_text("kept.zip", timeout=SLOW)
    expect(page.locator("#batch-format label.selected")).to_have_text("PNG", timeout=SLOW)


def test_a_batch_is_taken_off_the_list_and_its_pictures_stay(page: Page, address: str) -> None:
    start(page, {"gone.zip": pack({"gone.jpg": picture(120)})}, "gone.zip")
    expect(page.locator(DONE)).to_be_visible(timeout=WHOLE)
    job = page.locator(CARD).get_attribute("data-job")
    page.once("dialog", lambda dialog: dialog.accept())
    press(page, "delete").click()
    expect(page.locator(f"#batch-card [data-job={job}]")).to_have_count(0, timeout=SLOW)
    assert httpx.get(f"{address}/api/v1/jobs/{job}").status_code == 404
    runs = httpx.get(f"{address}/api/v1/runs", params={"search": "gone.zip"}).json()["runs"]
    zipped = httpx.get(f"{address}/api/v1/runs/{runs[0]['id']}/result")
    assert "gone.png" in zipfile.ZipFile(io.BytesIO(zipped.content)).namelist()


@pytest.mark.parametrize(
    "page", [{"viewport": PHONE, "locale": "zh-CN", "color_scheme": "dark"}], indirect=True
)
def test_a_chinese_phone_shows_everything_without_sideways_scrolling(page: Page, shots: Path) -> None:
    broken = {"一.jpg": picture(130), "二.jpg": picture(131)[:500]}
    start(page, {"小.zip": pack(broken)}, "小.zip")
    expect(page.locator(DONE)).to_be_visible(timeout=WHOLE)
    expect(page.locator("#batch-troubles")).to_contain_text("图片不完整或已损坏", timeout=SLOW)
    expect(page.locator("#batch-card")).to_contain_text("下载 zip")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    english = re.compile(r"Download|Retry|Cancel|Reason")
    expect(page.locator("#batch-card")).not_to_contain_text(english)
    page.screenshot(path=shots / "batch-phone.png", full_page=True)
