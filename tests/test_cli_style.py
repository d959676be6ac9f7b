"""`style` from a shell, without a real training."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import typer

import cli_style
from cli_style import Unfinished, list_photos, train_one
from pipelines.errors import DiskFull, InvalidOption
from pipelines.jobs.desk import Ending, JobDesk, Kind, Work
from pipelines.jobs.errors import Stopped
from pipelines.jobs.job import Job
from pipelines.studio import JOBS, Studio
from pipelines.webcam import my_style
from pipelines.webcam.own_styles import OwnStyles
from tests.conftest import draw_disc, encode


@pytest.fixture(autouse=True)
def trainable(studio: Studio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(my_style, "find_spec", lambda module: object())
    monkeypatch.setattr(my_style, "find_teacher", lambda studio: tmp_path)
    monkeypatch.setattr(cli_style, "LOOK_SECONDS", 0.05)
    studio.jobs._kinds["my-style"] = lambda work: Ending("", "Trained.")  # type: ignore[index]


@pytest.fixture
def sun(tmp_path: Path, photo: bytes) -> Path:
    place = tmp_path / "sun.jpg"
    place.write_bytes(photo)
    return place


def test_a_picture_becomes_a_style_called_after_its_file(
    studio: Studio, sun: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train_one(studio, sun, None, {"effort": "quick"})
    said = capsys.readouterr()
    assert said.out.startswith("sun  400 steps")
    assert "400 steps, about 5 min on cpu" in said.err and "Trained." in said.err
    assert OwnStyles(studio).list() == ("sun",)


def test_a_training_that_fails_is_an_error(studio: Studio, sun: Path) -> None:
    def fail(work: Work) -> Ending:
        raise DiskFull("The disk is full.", "Free some space.")

    studio.jobs._kinds["my-style"] = fail  # type: ignore[index]
    with pytest.raises(Unfinished, match="The disk is full"):
        train_one(studio, sun, None, {})


def stop(studio: Studio, sun: Path, monkeypatch: pytest.MonkeyPatch) -> Job:
    """A training that Ctrl-C has stopped, as its process left it."""

    def wait(work: Work) -> Ending:
        work.stopping.wait()
        raise Stopped

    def interrupt(studio: Studio, job: Job) -> Job:
        raise KeyboardInterrupt

    studio.jobs._kinds["my-style"] = wait  # type: ignore[index]
    with monkeypatch.context() as patch, pytest.raises(typer.Exit) as raised:
        patch.setattr(cli_style, "follow", interrupt)
        train_one(studio, sun, None, {"name": "Wave"})
    assert raised.value.exit_code == 130
    assert studio.jobs.close()
    again = start_again(studio)
    (job,) = again.jobs.list()
    assert again.jobs.close()
    return job


@pytest.fixture
def stopped(studio: Studio, sun: Path, monkeypatch: pytest.MonkeyPatch) -> Job:
    return stop(studio, sun, monkeypatch)


def start_again(studio: Studio, ending: str = "Trained.") -> Studio:
    """The studio of another process over the same folder."""
    kinds: dict[str, Kind] = {kind: lambda work: Ending("", ending) for kind in ("my-style", "video")}
    return replace(studio, jobs=JobDesk(studio.settings.outputs / JOBS, kinds, 1))


def test_a_stop_says_how_it_goes_on(
    studio: Studio, sun: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stop(studio, sun, monkeypatch).status == "queued"
    assert "with the next start, or with the same command" in capsys.readouterr().err


@pytest.mark.parametrize("given", [{}, {"name": "Wave"}, {"name": "wave"}])
def test_the_same_command_goes_on_with_it(
    studio: Studio, sun: Path, stopped: Job, given: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    again = start_again(studio)
    train_one(again, sun, None, given)
    assert [(job.id, job.status) for job in again.jobs.list()] == [(stopped.id, "done")]
    said = capsys.readouterr()
    assert said.out.startswith("Wave  1500 steps") and "Going on with Wave: 0 of 1500" in said.err
    assert again.jobs.close()


def test_a_training_that_pauses_goes_on_too(studio: Studio, sun: Path) -> None:
    def fill_up(work: Work) -> Ending:
        raise DiskFull("The disk is full.", "Free some space.")

    again = start_again(studio)
    again.jobs._kinds["my-style"] = fill_up  # type: ignore[index]
    with pytest.raises(Unfinished):
        train_one(again, sun, None, {})
    again.jobs._kinds["my-style"] = lambda work: Ending("", "Trained.")  # type: ignore[index]
    train_one(again, sun, None, {})
    assert [job.status for job in again.jobs.list()] == ["done"]
    assert again.jobs.close()


def test_another_picture_or_name_is_another_training(studio: Studio, sun: Path, stopped: Job) -> None:
    again = start_again(studio)
    moon = sun.with_name("moon.jpg")
    moon.write_bytes(encode(draw_disc(120, 160), "JPEG"))
    with pytest.raises(InvalidOption, match="already"):
        train_one(again, moon, None, {"name": "Wave"})
    train_one(again, sun, None, {"name": "Surf"})
    assert {job.settings["name"]: job.status for job in again.jobs.list()} == {
        "Wave": "queued",
        "Surf": "done",
    }
    assert again.jobs.close()


def test_another_effort_is_refused_rather_than_forgotten(studio: Studio, sun: Path, stopped: Job) -> None:
    again = start_again(studio)
    for effort, said in (("thorough", "with effort usual"), ("nonsense", "nonsense")):
        with pytest.raises(InvalidOption, match=said):
            train_one(again, sun, None, {"effort": effort})
    assert again.jobs.close()


def test_no_other_job_is_begun(studio: Studio, sun: Path) -> None:
    again = start_again(studio)
    film = again.jobs.submit("video", "a film", {}, lambda folder: 1)
    train_one(again, sun, None, {})
    assert again.jobs.get(film.id).status == "queued"
    assert again.jobs.close()


def test_photos_come_from_a_folder(tmp_path: Path, sun: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "moon.PNG").touch()
    (tmp_path / "notes.txt").touch()
    assert [path.name for path in list_photos(tmp_path)] == ["moon.PNG", "sun.jpg"]
    with pytest.raises(InvalidOption, match="no photos"):
        list_photos(tmp_path / "nowhere")
