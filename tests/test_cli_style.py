"""`style` from a shell, without a real training."""

from __future__ import annotations

from pathlib import Path

import pytest

import cli_style
from cli_style import Unfinished, list_photos, train_one
from pipelines.errors import DiskFull, InvalidOption
from pipelines.jobs.desk import Ending, Work
from pipelines.studio import Studio
from pipelines.webcam import my_style
from pipelines.webcam.own_styles import OwnStyles


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


def test_photos_come_from_a_folder(tmp_path: Path, sun: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "moon.PNG").touch()
    (tmp_path / "notes.txt").touch()
    assert [path.name for path in list_photos(tmp_path)] == ["moon.PNG", "sun.jpg"]
    with pytest.raises(InvalidOption, match="no photos"):
        list_photos(tmp_path / "nowhere")
