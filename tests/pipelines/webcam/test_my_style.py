"""A user's picture becomes a style by a job: planned, trained in a process of its own, stopped, gone on with, kept."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from pipelines.device import Device
from pipelines.errors import (
    BadInput,
    DeviceUnavailable,
    DiskFull,
    InvalidOption,
    NotFound,
    OutOfMemory,
)
from pipelines.history import RunInput
from pipelines.image import Picture
from pipelines.jobs.desk import Ending, Work
from pipelines.jobs.errors import Stopped, WrongState
from pipelines.jobs.job import Job
from pipelines.studio import Studio
from pipelines.webcam import my_style, my_style_job
from pipelines.webcam.my_style import plan_training, submit_my_style
from pipelines.webcam.my_style_child import TrainingFailed, run_child
from pipelines.webcam.my_style_files import count_given, fill_folder, own_photos, read_given
from pipelines.webcam.my_style_options import STEPS, MyStyleOptions
from pipelines.webcam.my_style_photos import prepare_photos
from pipelines.webcam.my_style_progress import find_sheet, read_losses, read_steps
from pipelines.webcam.own_styles import OwnStyles
from pipelines.webcam.trained_styles import TrainedStyles
from tests.conftest import draw_disc, encode

OPTIONS = MyStyleOptions(name="Red disc", effort="quick")


@pytest.fixture
def painting(studio: Studio, photo: bytes) -> Picture:
    return studio.open(photo, "disc.jpg")


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine that has all that training needs."""
    monkeypatch.setattr(my_style, "find_spec", lambda module: object())
    monkeypatch.setattr(my_style, "find_teacher", lambda studio: tmp_path)
    monkeypatch.setattr(my_style_job, "find_teacher", lambda studio: tmp_path)


def make_work(folder: Path) -> Work:
    job = Job("my-style-0123456789ab", "my-style", "running", "Red disc", "2026-01-01T00:00:00+00:00")
    return Work(replace(job, settings={"name": "Red disc", "effort": "quick"}), folder, lambda job: None)


def test_the_plan_says_how_long_it_takes_and_that_there_is_no_gpu(studio: Studio, here: None) -> None:
    quick, thorough = (plan_training(studio, MyStyleOptions("x", effort)) for effort in ("quick", "thorough"))
    assert quick.device == "cpu" and quick.steps < thorough.steps
    assert (
        quick.note == "" and f"{thorough.minutes:.0f} minutes" in thorough.note and "no GPU" in thorough.note
    )
    on_gpu = replace(studio, device=Device("cuda", "a GPU"))
    assert plan_training(on_gpu, MyStyleOptions("x", "thorough")).note == ""


def test_without_torch_it_says_so_at_once_and_nothing_is_queued(
    studio: Studio, painting: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(my_style, "find_spec", lambda module: None if module == "torch" else object())
    with pytest.raises(DeviceUnavailable, match="PyTorch is not installed"):
        submit_my_style(studio, painting, OPTIONS)
    assert studio.jobs.list() == []


@pytest.mark.parametrize("name", ["", "a,b", "none", "x" * 41])
def test_a_name_that_does_not_fit_is_refused(
    studio: Studio, painting: Picture, here: None, name: str
) -> None:
    with pytest.raises(InvalidOption):
        submit_my_style(studio, painting, MyStyleOptions(name=name))


def test_a_job_keeps_the_picture_and_practises_on_the_photos_it_is_given(
    studio: Studio, painting: Picture, here: None, tmp_path: Path
) -> None:
    given = [tmp_path / f"{number}.PNG" for number in range(2)]
    for path in given:
        path.write_bytes(encode(draw_disc(20, 20)))
    monkey_kind(studio, lambda work: Ending())
    job = submit_my_style(studio, painting, OPTIONS, given)
    folder = studio.jobs.folder(job.id)
    assert job.total == STEPS["quick"] and job.title == "Red disc"
    kept, facts = read_given(folder)
    assert kept.read_bytes() == painting.data and (facts.name, facts.width) == ("disc.jpg", 120)
    assert sorted(path.name for path in (folder / "given").iterdir()) == ["0000.png", "0001.png"]
    assert OwnStyles(studio).list() == ("Red disc",), "the picture is a style at once"


def test_photos_are_made_ready_and_what_is_none_is_left_out(
    studio: Studio, painting: Picture, here: None, tmp_path: Path
) -> None:
    # given a large photo, and a text that is called one
    given = [tmp_path / "large.png", tmp_path / "text.jpg"]
    given[0].write_bytes(encode(draw_disc(60, 2000)))
    given[1].write_text("no photo")
    fill_folder(tmp_path, studio.history, painting, given)
    # when they are made ready, twice: the job was stopped in between
    for _ in range(2):
        prepare_photos(studio, make_work(tmp_path))
    # then there is one of a bearable size, which the sheets show, too
    (ready,) = (tmp_path / "photos").iterdir()
    assert studio.open(ready).rgb.shape == (31, 1024, 3)
    assert [path.name for path in (tmp_path / "shown").iterdir()] == ["0.jpg"]
    assert list((tmp_path / "given").iterdir()) == []
    said = my_style_job.tell_photos(1, count_given(tmp_path))
    assert said[-1] == "Photos that could not be read and were left out: 1."


def test_without_photos_the_sheets_show_what_comes_with_the_app(
    studio: Studio, painting: Picture, tmp_path: Path
) -> None:
    fill_folder(tmp_path, studio.history, painting, ())
    prepare_photos(studio, make_work(tmp_path))
    assert len(list((tmp_path / "shown").iterdir())) == 3
    assert list((tmp_path / "photos").iterdir()) == []


@pytest.mark.parametrize("size", [(40, 400), (700, 80)])
def test_a_picture_without_a_hand_in_it_is_refused(studio: Studio, here: None, size: tuple[int, int]) -> None:
    with pytest.raises(BadInput, match="No style can be learnt"):
        submit_my_style(studio, studio.open(encode(draw_disc(*size))), OPTIONS)
    assert OwnStyles(studio).list() == ()


def test_a_style_that_is_being_trained_stays_as_it_is(studio: Studio, painting: Picture, here: None) -> None:
    job, own = submit_my_style(studio, painting, OPTIONS), OwnStyles(studio)
    with pytest.raises(InvalidOption, match="trained already"):
        submit_my_style(studio, painting, replace(OPTIONS, name="RED disc"))
    with pytest.raises(WrongState, match="being trained"):
        own.remove("Red disc")
    with pytest.raises(WrongState, match="being trained"):
        own.rename("Red disc", "Blue disc")
    # and after the training was given up, the same picture may be trained again, another one not
    studio.jobs.cancel(job.id)
    studio.jobs.cancel(submit_my_style(studio, painting, OPTIONS).id)
    with pytest.raises(InvalidOption, match="already"):
        submit_my_style(studio, studio.open(encode(draw_disc(90, 90))), OPTIONS)
    own.remove("Red disc")


def test_where_the_job_can_not_be_queued_no_style_stays(
    studio: Studio, painting: Picture, here: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise DiskFull("The disk is full.", "Free some space.")

    monkeypatch.setattr(my_style, "fill_folder", refuse)
    with pytest.raises(DiskFull):
        submit_my_style(studio, painting, OPTIONS)
    assert OwnStyles(studio).list() == ()


def test_the_plan_goes_by_the_last_training_here(studio: Studio, here: None) -> None:
    monkey_kind(studio, lambda work: Ending())
    job = studio.jobs.submit("my-style", "wall", {"name": "wall"}, lambda folder: 100)
    studio.jobs._put(replace(job, status="done", done=100, total=100, seconds=200.0))
    assert plan_training(studio, MyStyleOptions("x", "quick")).minutes == pytest.approx(400 * 2 / 60)


def test_without_photos_it_practises_on_the_historys(studio: Studio, painting: Picture) -> None:
    with studio.history.draft("matting") as draft:
        draft.add("input.jpeg", painting.data)
        draft.add("input-2.jpeg", painting.data)
        inputs = [RunInput("a", painting.sha256, 120, 80, name) for name in ("input.jpeg", "input-2.jpeg")]
        draft.save(inputs=inputs, settings={}, model={}, device="cpu", timings={}, results=["input.jpeg"])
    assert [path.name for path in own_photos(studio.history)] == ["input.jpeg"]


def monkey_kind(studio: Studio, kind: object) -> None:
    studio.jobs._kinds["my-style"] = kind  # type: ignore[index]


def test_a_command_that_is_stopped_keeps_what_it_did(tmp_path: Path) -> None:
    # given a command that writes a file when it is told to end
    script = (
        "import pathlib, signal, sys, time\n"
        f"def end(*_): pathlib.Path('{tmp_path}/kept').write_text('x'); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, end)\n"
        f"pathlib.Path('{tmp_path}/ready').write_text('x')\n"
        "time.sleep(60)\n"
    )
    work = make_work(tmp_path)

    def stop_when_ready() -> None:
        if (tmp_path / "ready").exists():
            work.stop(cancelled=True)

    # when the work is stopped
    with pytest.raises(Stopped):
        run_child([sys.executable, "-c", script], work, stop_when_ready)
    # then it ended in its own way
    assert (tmp_path / "kept").exists()


@pytest.mark.parametrize(
    ("script", "error", "said"),
    [
        ("raise SystemExit('disk is upside down')", TrainingFailed, "upside down"),
        ("raise MemoryError", OutOfMemory, "memory"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", OutOfMemory, "memory"),
    ],
)
def test_a_command_that_fails_is_explained(
    tmp_path: Path, script: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        run_child([sys.executable, "-c", script], make_work(tmp_path))


def test_progress_is_read_from_the_trainings_own_log(tmp_path: Path) -> None:
    assert read_steps(tmp_path) == 0
    (tmp_path / "run").mkdir()
    log = tmp_path / "run" / "log.jsonl"
    log.write_text("".join(json.dumps({"step": step}) + "\n" for step in (5, 10)))
    assert read_steps(tmp_path) == 10
    work = make_work(tmp_path)
    my_style_job.tell_steps(work, 8)
    assert (work.job.done, work.job.total) == (8, 8)
    log.write_text('{"step": 1')
    assert read_steps(tmp_path) == 0
    log.write_text('{"step": 5, "seconds": 3.5, "total": 1.5, "style": 0.5}\n{"step": 10, "seco')
    assert read_losses(tmp_path) == [(5, 1.5)]


def test_the_newest_sheet_is_shown(tmp_path: Path) -> None:
    assert find_sheet(tmp_path) is None
    (tmp_path / "run").mkdir()
    for step in (900, 1000):
        (tmp_path / "run" / f"sheet-{step:06}.png").touch()
    found = find_sheet(tmp_path)
    assert found is not None and found.name == "sheet-001000.png"


def test_the_command_makes_pictures_up_only_where_photos_are_few(
    studio: Studio, painting: Picture, here: None, tmp_path: Path
) -> None:
    fill_folder(tmp_path, studio.history, painting, ())

    def made(photos: int) -> tuple[str, bool]:
        for number in range(photos):
            (tmp_path / "photos" / f"{number}.png").touch()
        command = my_style_job.training_command(studio, tmp_path, tmp_path / "p.png", 400)
        return command[command.index("--made") + 1], "--photos" in command

    assert [made(photos) for photos in (0, 3, 30)] == [("1", False), ("0.5", True), ("0", True)]


def test_trained_styles_are_kept_by_name(studio: Studio, tmp_path: Path) -> None:
    styles = TrainedStyles(studio)
    net = tmp_path / "style.onnx"
    net.write_bytes(b"net")
    assert styles.list() == ()
    assert styles.add(" 红  disc ", net) == "红 disc" and styles.add("Blue", net) == "Blue"
    assert styles.list() == ("Blue", "红 disc")
    styles.remove("红 disc")
    assert styles.list() == ("Blue",)
    for call in (styles.open, styles.remove):
        with pytest.raises(NotFound, match="红 disc"):
            call("红 disc")


@pytest.fixture
def working(studio: Studio, here: None) -> Iterator[Studio]:
    monkey_kind(studio, partial(my_style_job.do_my_style, studio))
    studio.start_jobs()
    yield studio


def test_a_picture_becomes_a_look_and_a_run(
    working: Studio, painting: Picture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("onnx")
    # given a training that only leaves an untrained net, which is exported in the job as a real one is
    from training.export_style import export
    from training.style_net import StyleNet

    net = export(StyleNet(1).train(False), ("painting",), tmp_path / "made.onnx")
    commands, started = [], threading.Event()

    def pretend(command: list[str], work: Work, look: object = None) -> None:
        commands.append(command)
        started.set()
        (work.folder / "style.onnx").write_bytes(net.read_bytes())

    monkeypatch.setattr(my_style_job, "run_child", pretend)
    # when the job is done
    job = working.jobs.wait(submit_my_style(working, painting, OPTIONS).id, 60)
    # then there is a run with a preview, and a look that draws
    assert (job.status, job.message.split(".")[0]) == (
        "done",
        "Trained on 0 pictures of yours and on made-up ones",
    )
    assert [command[2] for command in commands] == ["training.train_style", "training.export_style"]
    run = working.history.get(job.run)
    assert (run.task, run.results, run.settings["name"]) == (
        "webcam",
        ("preview.png", "style.onnx"),
        "Red disc",
    )
    assert working.history.file(run.id, run.inputs[0].file).read_bytes() == painting.data
    assert OwnStyles(working).list() == ("Red disc",)
    drawn = TrainedStyles(working).open("Red disc").draw(draw_disc(40, 50))
    assert drawn.shape == (40, 50, 3) and drawn.dtype == np.uint8
    # and the name is taken
    with pytest.raises(InvalidOption, match="called 'Red disc'"):
        submit_my_style(working, painting, OPTIONS)
