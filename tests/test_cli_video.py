"""`video` from a shell."""

from __future__ import annotations

from pathlib import Path

import pytest

import cli_video
from pipelines.errors import BadInput, InvalidOption
from pipelines.studio import Studio
from pipelines.video import VideoReader
from tests.pipelines.image_to_video.stand_in import Shots, colour_of, shots, write_broken, write_pictures
from tests.pipelines.image_to_video.test_music import write_clicks

__all__ = ["shots"]

SMALL = {"width": "64", "height": "48", "fps": "10", "duration": "0.5", "transition": "cut"}


def test_pictures_and_folders_become_a_film(
    studio: Studio, tmp_path: Path, shots: Shots, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "trip"
    folder.mkdir()
    first = write_pictures(tmp_path, 1)[0].path
    write_pictures(folder, 2)
    write_broken(folder)
    (folder / "notes.txt").write_text("not a picture")
    target, music = tmp_path / "out.mp4", write_clicks(tmp_path / "a.wav", 2, [0.1])
    cli_video.film_pictures(studio, [first, folder, target], music, SMALL)
    with VideoReader(target) as film:
        assert film.info.sound
        assert [colour_of(frame.rgb) for frame in film] == [0] * 10 + [1] * 5
    said = capsys.readouterr()
    assert "15 frames of 64x48" in said.out
    assert "broken.jpg: left out" in said.err
    assert studio.history.runs()[0].task == "video"


def test_an_estimate_writes_nothing(
    studio: Studio, tmp_path: Path, shots: Shots, capsys: pytest.CaptureFixture[str]
) -> None:
    given, target = write_pictures(tmp_path, 1)[0], tmp_path / "out.webm"
    cli_video.tell_estimate(studio, [given.path, target], None, SMALL)
    assert "5 frames of 64x48, 0.50 s: about" in capsys.readouterr().out
    assert not target.exists()
    assert studio.history.count() == 0


def test_wrong_paths_are_told(studio: Studio, tmp_path: Path) -> None:
    given, out = write_pictures(tmp_path, 1)[0].path, tmp_path / "out.mp4"
    (tmp_path / "empty").mkdir()
    for paths, music, error in (
        ([given, tmp_path / "out.mov"], None, InvalidOption),
        ([tmp_path / "none.png", out], None, BadInput),
        ([tmp_path / "empty", out], None, BadInput),
        ([given, out], tmp_path / "none.mp3", BadInput),
    ):
        with pytest.raises(error) as failed:
            cli_video.film_pictures(studio, paths, music, SMALL)
        assert failed.value.hint
    assert not out.exists()
