"""A batch from the upload to the zip: nothing lost, nothing done twice, each failure a row."""

from __future__ import annotations

import csv
import io
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipelines.batch import batch, bench, engine, job_files
from pipelines.batch.batch import BatchOptions, Given, submit_batch
from pipelines.errors import BadInput, DiskFull, ModelDamaged, NotFound, OutOfMemory, TooLarge
from pipelines.image import open_image
from pipelines.jobs.errors import WrongState
from pipelines.jobs.job import Job
from pipelines.labels import read_label
from pipelines.settings import Settings
from pipelines.studio import Studio
from tests.conftest import draw_disc, encode
from tests.pipelines.batch.pictures import (
    LONG,
    OFF,
    draw_pictures,
    png_names,
    read_tree,
    write_folder,
    write_zip,
)

BROKEN = b"\xff\xd8\xff\xe0 no picture"


@pytest.fixture
def desk(studio: Studio) -> Iterator[Studio]:
    """A studio that works on its jobs."""
    studio.start_jobs()
    yield studio


def finish(studio: Studio, job: Job) -> Job:
    ended = studio.jobs.wait(job.id, LONG)
    assert ended.status == "done", ended.message
    return ended


def results_of(studio: Studio, job: Job) -> dict[str, bytes]:
    return read_tree(studio.history.folder(job.run) / "results")


def read_zip(studio: Studio, job_id: str) -> tuple[str, zipfile.ZipFile]:
    name, chunks = batch.stream_result(studio, job_id)
    return name, zipfile.ZipFile(io.BytesIO(b"".join(chunks)))


def test_a_zip_comes_back_with_its_names_and_its_one_failure(desk: Studio, tmp_path: Path) -> None:
    pictures = draw_pictures(7)
    given = write_zip(tmp_path / "旅行.zip", {**pictures, "broken.jpg": BROKEN, "notes.txt": b"hi"})
    job = finish(desk, submit_batch(desk, [given], OFF))
    assert (job.done, job.failed, job.total, job.title) == (7, 1, 8, "旅行.zip")
    name, archive = read_zip(desk, job.id)
    assert name == "旅行-cutouts.zip"
    assert set(archive.namelist()) == {*png_names(pictures), "manifest.csv", "manifest.json"}
    picture = open_image(archive.read("day 0/照片 000.png"), max_pixels=10**6)
    assert picture.alpha is not None
    assert picture.alpha[30, 40] == 255
    assert picture.alpha[0, 0] == 0
    rows = list(csv.DictReader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig"))))
    told = {row["source"]: (row["status"], row["output"]) for row in rows}
    assert told["broken.jpg"] == ("failed", "")
    assert told["notes.txt"] == ("skipped", "")
    assert told["day 1/照片 001.jpg"] == ("done", "day 1/照片 001.png")
    files = json.loads(archive.read("manifest.json"))["files"]
    assert "cut off" in next(each["reason"] for each in files if each["source"] == "broken.jpg")


def test_the_run_in_the_history_holds_everything(desk: Studio, tmp_path: Path) -> None:
    given = write_zip(tmp_path / "a.zip", draw_pictures(5))
    job = finish(desk, submit_batch(desk, [given], OFF))
    run = desk.history.get(job.run)
    assert run.task == "batch"
    assert run.settings["job"] == job.id
    assert run.model["id"] == "u2netp"
    assert run.size == sum(map(len, read_tree(desk.history.folder(run.id)).values())) - len(
        desk.history.file(run.id, "run.json").read_bytes()
    )
    assert desk.history.file(run.id, "results/day 1/照片 001.png").stat().st_size > 0
    assert max(Image.open(desk.history.file(run.id, run.thumbnail)).size) <= 256
    shown = batch.latest(desk, job.id, count=3)
    assert len(shown) == 3
    assert all(each.before.is_file() and each.after.is_file() for each in shown)
    # nothing is to be tried again: the upload is gone, the job's own folder holds no results
    assert not (desk.jobs.folder(job.id) / job_files.INPUT).exists()
    assert not (desk.jobs.folder(job.id) / job_files.RUN).exists()
    assert desk.history.runs(search="a.zip")[0].id == run.id


def test_loose_pictures_and_folders_are_taken_together(desk: Studio, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "there", {"x/a.jpg": encode(draw_disc(50, 60), "JPEG")})
    loose = tmp_path / "upload-1"
    loose.write_bytes(encode(draw_disc(64, 50)))
    job = finish(desk, submit_batch(desk, [folder, Given(loose, "b.png")], OFF, move=True))
    assert set(results_of(desk, job)) == {"x/a.png", "b.png"}
    assert job.title == "there +1"
    assert not loose.exists()
    assert (tmp_path / "there/x/a.jpg").exists()


def test_input_that_cannot_be_used_is_refused_at_once(desk: Studio, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        submit_batch(desk, [write_zip(tmp_path / "none.zip", {"readme.txt": b"hi"})], OFF)
    assert desk.jobs.list() == []
    assert (tmp_path / "none.zip").exists()


def test_an_upload_over_the_limit_is_refused(settings: Settings, tmp_path: Path) -> None:
    large = tmp_path / "large.zip"
    with large.open("wb") as file:
        file.truncate(2_000_001)
    with pytest.raises(TooLarge, match="2 MB is the limit"):
        batch.check_upload([Given(large, "large.zip")], 2)


def test_the_same_zip_again_is_done_at_once(
    desk: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = write_zip(tmp_path / "a.zip", draw_pictures(4))
    first = finish(desk, submit_batch(desk, [given], OFF))
    monkeypatch.setattr(engine, "do_picture", lambda *_: 1 / 0)
    second = finish(desk, submit_batch(desk, [given], OFF))
    assert "at once" in second.message
    assert results_of(desk, second) == results_of(desk, first)
    assert all(row.reused.startswith(first.run) for row in batch.rows(desk, second.id))
    # the first may go: the second has files of its own
    desk.history.delete(first.run)
    assert len(results_of(desk, second)) == 4


@pytest.mark.parametrize(
    "options",
    [
        BatchOptions(model="u2netp", refine="off", edge=2),
        BatchOptions(model="u2netp", refine="off", reuse=False),
        BatchOptions(model="auto", refine="off"),
    ],
)
def test_other_settings_are_done_anew(desk: Studio, tmp_path: Path, options: BatchOptions) -> None:
    given = write_zip(tmp_path / "a.zip", draw_pictures(2))
    finish(desk, submit_batch(desk, [given], OFF))
    second = finish(desk, submit_batch(desk, [given], options))
    assert second.message == ""
    assert not any(row.reused for row in batch.rows(desk, second.id))


def test_a_changed_result_is_not_taken_over(desk: Studio, tmp_path: Path) -> None:
    given = write_zip(tmp_path / "a.zip", draw_pictures(2))
    first = finish(desk, submit_batch(desk, [given], OFF))
    before = results_of(desk, first)
    path = desk.history.folder(first.run) / "results/day 0/照片 000.png"
    path.write_bytes(path.read_bytes()[:-20] + bytes(20))
    second = finish(desk, submit_batch(desk, [given], OFF))
    assert results_of(desk, second) == before
    assert [bool(row.reused) for row in batch.rows(desk, second.id)] == [False, True]


def test_copies_within_a_batch_are_done_once(desk: Studio, tmp_path: Path) -> None:
    same = encode(draw_disc(60, 70), "JPEG")
    job = finish(
        desk, submit_batch(desk, [write_folder(tmp_path / "f", {f"{n}.jpg": same for n in range(9)})], OFF)
    )
    results = results_of(desk, job)
    assert len(results) == 9
    assert len(set(results.values())) == 1
    assert any(row.reused for row in batch.rows(desk, job.id))


def test_two_jobs_make_the_same_files_byte_for_byte(desk: Studio, settings: Settings, tmp_path: Path) -> None:
    again = BatchOptions(model="u2netp", refine="off", reuse=False)
    given = [write_zip(tmp_path / "a.zip", draw_pictures(12))]
    jobs = [submit_batch(desk, given, again) for _ in range(2)]
    first, second = (finish(desk, job) for job in jobs)
    assert results_of(desk, first) == results_of(desk, second)
    label = read_label(results_of(desk, first)["day 0/照片 000.png"])
    assert label["aigc"]["ProduceID"]
    assert label["digital_source_type"].endswith("algorithmicallyEnhanced")


class Interrupt:
    """Stands in for the model: after some pictures it does something, once."""

    def __init__(self, after: int, act: Callable[[], None]) -> None:
        self.calls = 0
        self._after, self._act, self._lock = after, act, threading.Lock()
        self._real = engine.do_picture

    def __call__(self, *given: object) -> object:
        with self._lock:
            self.calls += 1
            due = self.calls == self._after
        if due:
            self._act()
        return self._real(*given)  # type: ignore[arg-type]


def test_a_cancelled_batch_keeps_what_is_done_and_goes_on(
    desk: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = draw_pictures(30)
    stop = Interrupt(5, lambda: desk.jobs.cancel(desk.jobs.list()[0].id) and None)
    monkeypatch.setattr(engine, "do_picture", stop)
    job = desk.jobs.wait(submit_batch(desk, [write_zip(tmp_path / "a.zip", pictures)], OFF).id, LONG)
    assert job.status == "cancelled"
    assert 4 <= job.done < 12
    name, archive = read_zip(desk, job.id)
    assert name == f"a-cutouts-part-{job.done}-of-30.zip"
    assert archive.testzip() is None
    assert len(archive.namelist()) == job.done + 2
    job = finish(desk, desk.jobs.resume(job.id))
    assert stop.calls == 30
    assert set(results_of(desk, job)) == png_names(pictures)


def test_a_full_disk_pauses_and_the_job_goes_on_after_it(
    desk: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures, real, full = draw_pictures(20), bench.arriving, threading.Event()

    def arriving(scratch: Path, path: Path) -> object:
        if full.is_set():
            raise DiskFull("The disk with the outputs folder is full.", "Free some space.")
        return real(scratch, path)

    monkeypatch.setattr(bench, "arriving", arriving)
    monkeypatch.setattr(engine, "do_picture", Interrupt(6, full.set))
    job = desk.jobs.wait(submit_batch(desk, [write_zip(tmp_path / "a.zip", pictures)], OFF).id, LONG)
    assert (job.status, job.hint) == ("paused", "Free some space.")
    assert "full" in job.message
    assert job.failed == 0
    assert 1 <= job.done < 20
    full.clear()
    assert set(results_of(desk, finish(desk, desk.jobs.resume(job.id)))) == png_names(pictures)


def test_a_broken_model_fails_the_job_not_each_picture(
    desk: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = engine.do_picture

    def damaged(*_: object) -> object:
        raise ModelDamaged("The model is damaged.", "Download it again.")

    monkeypatch.setattr(engine, "do_picture", damaged)
    job = submit_batch(desk, [write_zip(tmp_path / "a.zip", draw_pictures(5))], OFF)
    job = desk.jobs.wait(job.id, LONG)
    assert (job.status, job.failed, job.message) == ("failed", 0, "The model is damaged.")
    monkeypatch.setattr(engine, "do_picture", real)
    assert finish(desk, desk.jobs.resume(job.id)).done == 5


def test_a_picture_that_breaks_the_code_is_one_row(
    desk: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = engine.do_picture

    def fragile(data: bytes, name: str, *others: object) -> object:
        if name.endswith("001.jpg"):
            raise ZeroDivisionError(name)
        return real(data, name, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "do_picture", fragile)
    job = finish(desk, submit_batch(desk, [write_zip(tmp_path / "a.zip", draw_pictures(4))], OFF))
    assert (job.done, job.failed) == (3, 1)
    (row,) = batch.rows(desk, job.id, "failed")
    assert row.source == "day 1/照片 001.jpg"
    assert row.reason == engine.UNEXPECTED
    assert "ZeroDivision" not in row.reason

    # "retry" does only this one, into the same run
    monkeypatch.setattr(engine, "do_picture", again := Interrupt(99, lambda: None))
    monkeypatch.setattr(again, "_real", real)
    retried = finish(desk, batch.retry_failed(desk, job.id))
    assert again.calls == 1
    assert (retried.done, retried.failed, retried.run) == (4, 0, job.run)
    assert len(results_of(desk, retried)) == 4
    manifest = json.loads(desk.history.file(job.run, "manifest.json").read_bytes())
    assert [each["status"] for each in manifest["files"]] == ["done"] * 4
    assert not (desk.jobs.folder(job.id) / job_files.INPUT).exists()
    with pytest.raises(WrongState):
        batch.retry_failed(desk, job.id)


def test_a_picture_without_memory_is_tried_again_alone(
    desk: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, tries = engine.do_picture, []

    def hungry(data: bytes, name: str, *others: object) -> object:
        tries.append(name)
        if name.endswith("000.jpg") and tries.count(name) == 1:
            raise MemoryError
        if name.endswith("001.jpg"):
            raise OutOfMemory("The device ran out of memory.")
        return real(data, name, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "do_picture", hungry)
    job = finish(desk, submit_batch(desk, [write_zip(tmp_path / "a.zip", draw_pictures(3))], OFF))
    assert (job.done, job.failed) == (2, 1)
    assert len(tries) == 5


def test_nothing_done_yet_is_no_zip(studio: Studio, tmp_path: Path) -> None:
    job = submit_batch(studio, [write_zip(tmp_path / "a.zip", draw_pictures(2))], OFF)
    assert job.total == 2
    assert batch.rows(studio, job.id) == []
    assert batch.latest(studio, job.id) == []
    with pytest.raises(NotFound):
        batch.stream_result(studio, job.id)
    for ask in (batch.rows, batch.latest, batch.stream_result, batch.retry_failed):
        with pytest.raises(NotFound):
            ask(studio, "batch-000000000000")


def test_a_zip_that_is_being_read_survives_the_end_of_the_job(
    desk: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chunks: list[Iterator[bytes]] = []

    def look() -> None:
        chunks.append(batch.stream_result(desk, desk.jobs.list()[0].id)[1])

    monkeypatch.setattr(engine, "do_picture", Interrupt(15, look))
    finish(desk, submit_batch(desk, [write_zip(tmp_path / "a.zip", draw_pictures(20))], OFF))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(chunks[0])))
    assert archive.testzip() is None
    assert len(archive.namelist()) > 5


def test_a_deleted_run_is_made_again_by_a_retry(desk: Studio, tmp_path: Path) -> None:
    given = write_zip(tmp_path / "a.zip", {**draw_pictures(3), "broken.jpg": BROKEN})
    job = finish(desk, submit_batch(desk, [given], OFF))
    desk.history.delete(job.run)
    with pytest.raises(NotFound, match="deleted"):
        batch.stream_result(desk, job.id)
    again = finish(desk, batch.retry_failed(desk, job.id))
    assert (again.done, again.failed) == (3, 1)
    assert len(results_of(desk, again)) == 3


def test_a_lost_ledger_is_filled_from_the_manifest(desk: Studio, tmp_path: Path) -> None:
    job = finish(desk, submit_batch(desk, [write_zip(tmp_path / "a.zip", draw_pictures(3))], OFF))
    before = batch.rows(desk, job.id)
    for path in desk.jobs.folder(job.id).glob(f"{job_files.LEDGER}*"):
        path.write_bytes(b"garbage" * 2000)
    assert batch.rows(desk, job.id) == before
    assert len(read_zip(desk, job.id)[1].namelist()) == 5


def test_a_lost_ledger_costs_no_picture_of_an_unfinished_job(
    desk: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = Interrupt(5, lambda: desk.jobs.cancel(desk.jobs.list()[0].id) and None)
    monkeypatch.setattr(engine, "do_picture", stop)
    job = desk.jobs.wait(submit_batch(desk, [write_zip(tmp_path / "a.zip", draw_pictures(20))], OFF).id, LONG)
    for path in desk.jobs.folder(job.id).glob(f"{job_files.LEDGER}*"):
        path.write_bytes(b"garbage" * 2000)
    assert finish(desk, desk.jobs.resume(job.id)).done == 20
    assert stop.calls == 20
    assert not any(row.reused for row in batch.rows(desk, job.id))


def test_a_batch_killed_while_it_becomes_a_run_ends_as_one(
    desk: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a job that died between the rename of its folder and the note of it
    given = write_zip(tmp_path / "a.zip", draw_pictures(3))
    with monkeypatch.context() as dying:
        dying.setattr(type(desk.known), "move", lambda *_: (_ for _ in ()).throw(OSError("killed")))
        job = desk.jobs.wait(submit_batch(desk, [given], OFF).id, LONG)
    assert job.status == "failed"
    # when it goes on
    job = finish(desk, desk.jobs.resume(job.id))
    # then there is one run, and others find its files
    assert [run.id for run in desk.history.runs()] == [job.run]
    assert "at once" in finish(desk, submit_batch(desk, [given], OFF)).message


def test_the_background_comes_along(desk: Studio, tmp_path: Path) -> None:
    behind = desk.open(encode(np.full((50, 50, 3), (0, 0, 250), np.uint8)), "blue.png")
    options = BatchOptions(model="u2netp", refine="off", background="picture", format="jpeg")
    given = write_zip(tmp_path / "a.zip", draw_pictures(1))
    job = finish(desk, submit_batch(desk, [given], options, background=behind))
    picture = open_image(results_of(desk, job)["day 0/照片 000.jpg"], max_pixels=10**6)
    assert picture.rgb[0, 0, 2] > 200


def test_a_source_that_changed_is_done_again(
    desk: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = Interrupt(5, lambda: desk.jobs.cancel(desk.jobs.list()[0].id) and None)
    monkeypatch.setattr(engine, "do_picture", stop)
    given = write_folder(tmp_path / "in", draw_pictures(12))
    job = desk.jobs.wait(submit_batch(desk, [given], OFF).id, LONG)
    row = batch.rows(desk, job.id, "done")[0]
    (tmp_path / "in" / row.source).write_bytes(encode(draw_disc(90, 90), "JPEG"))
    job = finish(desk, desk.jobs.resume(job.id))
    assert stop.calls == 13
    assert Image.open(io.BytesIO(results_of(desk, job)[row.output])).size == (90, 90)
