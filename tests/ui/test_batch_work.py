"""What the Batch Matting tab's buttons do, with a model that is a stand-in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import gradio as gr
import pytest

from pipelines.batch.limits import Given
from pipelines.batch.options import BatchOptions
from pipelines.batch.run_zip import stream_run
from pipelines.errors import BadInput, InvalidOption, NotFound
from pipelines.jobs.job import Job
from pipelines.settings import Settings
from pipelines.studio import Studio
from tests.conftest import draw_disc, encode
from ui.batch_board import draw_board
from ui.batch_events import look_again
from ui.batch_work import (
    act,
    begin,
    find_batch_of,
    find_folder_name,
    link_result,
    link_zip,
    read_batch_options,
    read_given,
)
from ui.history_list import list_runs, show_details
from ui.matting_form import FIRST_COLOUR
from ui.texts import CHINESE, ENGLISH, voice

OPTIONS = BatchOptions(model="u2netp", refine="off")
SPEAK = voice(ENGLISH)


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    """Two pictures and one that is broken, as the page's uploads."""
    good = encode(draw_disc(60, 80))
    for name, data in (("1.png", good), ("2.png", encode(draw_disc(61, 80))), ("3.png", good[:200])):
        (tmp_path / "uploads" / name[0]).mkdir(parents=True)
        (tmp_path / "uploads" / name[0] / name).write_bytes(data)
    return tmp_path / "uploads"


@pytest.fixture
def done(studio: Studio, uploads: Path) -> Iterator[Job]:
    """A batch of these that has come to its end."""
    given = [Given(uploads / name[0] / name, f"trip/{name}") for name in ("1.png", "2.png", "3.png")]
    studio.start_jobs()
    job = begin(studio, given, OPTIONS, None, move=True)
    yield studio.jobs.wait(job.id, 60)


def test_uploads_become_what_a_batch_is_given(studio: Studio, uploads: Path) -> None:
    given = read_given(studio, {"files": [["1/1.png", "a/1.png"]]}, "", uploads, SPEAK)
    assert given == [Given((uploads / "1" / "1.png").resolve(), "a/1.png")]
    assert read_given(studio, {"stopped": True}, "", uploads, SPEAK) is None


def test_neither_files_nor_a_folder_is_nothing_to_do(studio: Studio, uploads: Path) -> None:
    with pytest.raises(BadInput, match="Add files first"):
        read_given(studio, {"files": []}, "  ", uploads, SPEAK)


def test_only_the_folders_of_the_settings_are_read(studio: Studio, uploads: Path) -> None:
    with pytest.raises(InvalidOption):
        read_given(studio, {"files": []}, str(uploads), uploads, SPEAK)
    allowed = replace(studio, settings=replace(studio.settings, input_folders=str(uploads)))
    assert read_given(allowed, {"files": []}, "1", uploads, SPEAK) == [Given(uploads / "1", "1")]
    with pytest.raises(NotFound):
        read_given(allowed, {"files": []}, "/etc", uploads, SPEAK)
    with pytest.raises(BadInput, match="two batches"):
        read_given(allowed, {"files": [["1/1.png", "1.png"]]}, "1", uploads, SPEAK)


def test_files_dropped_as_one_folder_have_its_name() -> None:
    assert find_folder_name(["trip/1.jpg", "trip/day/2.jpg"]) == "trip"
    assert find_folder_name(["trip/1.jpg", "2.jpg"]) == ""
    assert find_folder_name(["1.jpg"]) == ""


def test_the_forms_values_become_a_batchs_options() -> None:
    values = ["u2netp", "off", "white", FIRST_COLOUR, 1.0, 0.0, 0.0, 0.0, False, False, 20.0, False, 5.0]
    options = read_batch_options([*values, "jpeg", False])
    assert options == BatchOptions(
        model="u2netp", refine="off", background="#ffffff", format="jpeg", reuse=False
    )


def test_a_background_picture_that_is_missing_is_said_before_the_job(studio: Studio, uploads: Path) -> None:
    given = [Given(uploads / "1" / "1.png", "1.png")]
    with pytest.raises(InvalidOption, match="background picture"):
        begin(studio, given, replace(OPTIONS, background="picture"), None, move=True)
    assert studio.jobs.list() == []
    assert (uploads / "1" / "1.png").exists()


def test_a_batch_takes_the_uploads_and_leaves_nothing_behind(done: Job, uploads: Path) -> None:
    assert (done.status, done.done, done.failed, done.title) == ("done", 2, 1, "trip")
    assert list(uploads.iterdir()) == []


def test_the_board_shows_results_failures_and_the_manifest(studio: Studio, done: Job) -> None:
    board = draw_board(studio, done.id, ENGLISH)
    assert (board.selected, board.live, board.runs) == (done.id, False, done.run)
    assert "trip/3.png" in board.troubles
    assert "manifest.csv" in board.troubles
    assert "trip/1.png" in board.tiles
    assert board.jobs == ""
    assert "图片不完整或已损坏" in draw_board(studio, done.id, CHINESE).troubles


def test_a_board_without_batches_says_what_to_expect(studio: Studio) -> None:
    board = draw_board(studio, "batch-000000000000", ENGLISH)
    assert (board.selected, board.tiles, board.troubles, board.live) == ("", "", "", False)


def test_the_download_is_signed_for_just_its_address(studio: Studio, done: Job) -> None:
    link = urlsplit(link_result(studio, done))
    ticket = parse_qs(link.query)["ticket"][0]
    assert studio.tickets.allows(f"/{link.path}", ticket)
    assert not studio.tickets.allows("/api/v1/runs", ticket)


def test_a_batch_whose_run_was_deleted_gives_no_empty_zip(studio: Studio, done: Job) -> None:
    studio.history.delete(done.run)
    with pytest.raises(NotFound):
        link_result(studio, done)
    assert draw_board(studio, done.id, ENGLISH).tiles == ""


def test_the_history_keeps_the_zip_of_a_batch_that_left_the_list(studio: Studio, done: Job) -> None:
    run = studio.history.get(done.run)
    assert find_batch_of(studio, run).id == done.id
    act(studio, done.id, "delete")
    with pytest.raises(NotFound, match="no longer on the list"):
        find_batch_of(studio, run)
    name, chunks = stream_run(studio.history, run.id)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(chunks)))
    assert name == "trip-cutouts.zip"
    assert archive.namelist() == ["manifest.csv", "manifest.json", "trip/1.png", "trip/2.png"]
    assert archive.testzip() is None


def test_a_run_that_is_no_batch_has_no_zip(studio: Studio) -> None:
    with studio.history.draft("matting") as draft:
        run = draft.save(inputs=[], settings={}, model={}, device="cpu", timings={}, results=[])
    with pytest.raises(NotFound, match="no zip"):
        stream_run(studio.history, run.id)


def test_the_history_tells_of_a_batch(studio: Studio, done: Job) -> None:
    run = studio.history.get(done.run)
    assert ">trip<" in list_runs(studio.history, [run], "", False, ENGLISH)
    html = show_details(studio, run, ENGLISH)
    for words in (
        link_zip(studio, run, ENGLISH)[0].split("ticket")[0],
        "manifest.csv",
        "trip/1.png",
        "Plain",
    ):
        assert words in html
    assert "0\u00d70" not in html


def test_a_failed_file_is_tried_again(studio: Studio, done: Job) -> None:
    act(studio, done.id, "retry")
    again = studio.jobs.wait(done.id, 60)
    assert (again.status, again.done, again.failed, again.run) == ("done", 2, 1, done.run)


def test_uploads_may_be_as_large_as_a_batch(settings: Settings, studio: Studio) -> None:
    from ui.page import build_page

    assert build_page(studio).mount["max_file_size"] == settings.max_batch_mb * 1_000_000


def test_the_clock_writes_only_what_changed(studio: Studio, done: Job) -> None:
    """A press may have changed the chosen batch since the clock read it."""
    room: Any = SimpleNamespace(studio=studio, lang=ENGLISH)
    look = look_again(room)
    chosen, *_, marks, _ = look("", "")
    assert chosen == done.id
    again = look(done.id, marks)
    assert [each == gr.skip() for each in again] == [True] * 5 + [False, True, False]
