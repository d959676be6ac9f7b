"""What the Batch Matting tab says of jobs, files and pictures."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.batch.entry import Row
from pipelines.jobs.job import Job
from ui.batch_card import OFFERS, draw_card
from ui.batch_list import draw_jobs
from ui.batch_pictures import Tile, draw_tiles, draw_troubles
from ui.batch_work import choose_batch, show_batch_options
from ui.texts import CHINESE, ENGLISH

JOB = Job(
    "batch-000000000001", "batch", "running", "trip <1>.zip", "2026-01-02T03:04:05+00:00", {},
    done=30, failed=2, total=100, current="a/b.jpg", seconds=10.0, rate=4.0,
)  # fmt: skip


def offered(html: str) -> set[str]:
    """The buttons that can be pressed."""
    buttons = re.findall(r"<button[^>]*data-act=\"(\w+)\"([^>]*)>", html)
    return {act for act, rest in buttons if "hidden" not in rest}


def test_a_running_job_says_how_far_how_quick_and_how_long_still() -> None:
    html = draw_card(JOB, ENGLISH)
    for words in ("30 done", "2 failed", "68 left", "4.0 pictures/s", "17 s left", "a/b.jpg", "Working"):
        assert words in html
    assert "width:30.00%" in html
    assert "trip &lt;1&gt;.zip" in html


def test_a_slow_job_says_seconds_a_picture() -> None:
    assert "4.0 s a picture" in draw_card(replace(JOB, rate=0.25), ENGLISH)


def test_nothing_is_divided_by_what_is_not_known_yet() -> None:
    html = draw_card(replace(JOB, done=0, failed=0, total=0, rate=0.0, current=""), ENGLISH)
    assert "Reading the input" in html
    assert "width:0.00%" in html


@pytest.mark.parametrize(
    ("status", "acts"),
    [
        ("queued", {"download", "cancel"}),
        ("running", {"download", "cancel"}),
        ("paused", {"resume", "download", "cancel"}),
        ("cancelled", {"resume", "download", "delete"}),
        ("failed", {"resume", "download", "delete"}),
        ("done", {"retry", "download", "delete"}),
    ],
)
def test_each_state_offers_what_can_be_done_in_it(status: str, acts: set[str]) -> None:
    html = draw_card(replace(JOB, status=status), ENGLISH)  # type: ignore[arg-type]
    assert offered(html) == acts
    assert html.count("data-act=") == len(OFFERS)


def test_nothing_done_is_nothing_to_download_and_nothing_failed_nothing_to_retry() -> None:
    html = draw_card(replace(JOB, status="done", done=0, failed=0), ENGLISH)
    assert offered(html) == {"delete"}


def test_a_part_is_called_a_part() -> None:
    assert "Download 30 so far" in draw_card(JOB, ENGLISH)
    assert "Download zip" in draw_card(replace(JOB, status="done"), ENGLISH)


def test_a_full_disk_is_told_with_its_way_out_in_both_languages() -> None:
    paused = replace(
        JOB,
        status="paused",
        message="The disk with the outputs folder is full.",
        hint="Free some space or clean up the history.",
    )
    assert "is full. Free some space" in draw_card(paused, ENGLISH)
    assert "磁盘已满。 请释放空间" in draw_card(paused, CHINESE)


def test_deleting_a_batch_whose_pictures_stay_asks_another_question() -> None:
    done = replace(JOB, status="done")
    assert "can&#x27;t be undone" in draw_card(done, ENGLISH)
    assert "stay in the history" in draw_card(replace(done, run="outputs_20260102030405"), ENGLISH)


def test_no_batch_says_what_to_expect() -> None:
    assert "appears here" in draw_card(None, ENGLISH)


def test_the_row_of_batches_is_left_out_for_one() -> None:
    other = replace(JOB, id="batch-000000000002", status="done")
    assert draw_jobs([JOB], JOB.id, ENGLISH) == ""
    html = draw_jobs([other, JOB], JOB.id, ENGLISH)
    assert html.count("<button") == 2
    assert re.search(rf'data-job="{JOB.id}"[^>]*aria-current', html, re.DOTALL)


def test_the_batch_to_show_is_the_chosen_else_the_live_else_the_newest() -> None:
    newest, live = replace(JOB, id="n", status="done"), replace(JOB, id="l")
    assert choose_batch([newest, live], "n") == newest
    assert choose_batch([newest, live], "gone") == live
    assert choose_batch([newest], "") == newest
    assert choose_batch([], "") is None


def test_tiles_tell_how_many_are_not_shown(tmp_path: Path) -> None:
    tile = Tile('a/"1".png', tmp_path / "b.webp", tmp_path / "a.webp")
    assert "1 of 9 pictures" in draw_tiles([tile], 9, False, ENGLISH)
    assert "pictures shown" not in draw_tiles([tile], 9, True, ENGLISH)
    assert 'data-name="a/&quot;1&quot;.png"' in draw_tiles([tile], 9, True, ENGLISH)
    assert draw_tiles([], 0, True, ENGLISH) == ""


def test_each_file_that_was_not_done_has_its_reason_in_the_pages_language() -> None:
    reason = "The picture is cut off or damaged. Open the original, save it again and use that file."
    rows = [Row(3, "trip/<b>.jpg", "failed", reason=reason)]
    html = draw_troubles(rows, 5, (), CHINESE)
    assert "图片不完整或已损坏。" in html
    assert "请打开原图" in html
    assert "trip/&lt;b&gt;.jpg" in html
    assert "其余 4 个" in html


def test_settings_from_anywhere_fit_into_the_form() -> None:
    assert show_batch_options({"format": "webp", "reuse": False})[-2:] == ["webp", False]
    assert show_batch_options({"format": 7, "reuse": "x"})[-2:] == ["png", True]
