"""`video` from a shell."""

from __future__ import annotations

import os
import sys
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


@pytest.mark.skipif(sys.platform != "linux", reason="file names are Unicode there")
def test_names_may_be_any_bytes(
    studio: Studio, tmp_path: Path, shots: Shots, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = write_pictures(tmp_path, 1)[0].path.rename(tmp_path / os.fsdecode(b"b\351.png"))
    broken = write_broken(tmp_path).path.rename(tmp_path / os.fsdecode(b"no\351.jpg"))
    cli_video.film_pictures(studio, [picture, broken, tmp_path / "out.mp4"], None, SMALL)
    (run,) = studio.history.runs()
    assert [given.name for given in run.inputs] == ["b\N{REPLACEMENT CHARACTER}.png"]
    assert "no\N{REPLACEMENT CHARACTER}.jpg: left out" in capsys.readouterr().err


def test_a_film_replaces_nothing_that_goes_in_and_is_what_its_ending_says(
    studio: Studio, tmp_path: Path
) -> None:
    picture = write_pictures(tmp_path, 1)[0].path
    moving, music = picture.with_suffix(".gif"), write_clicks(tmp_path / "a.wav", 1, [0.1])
    moving.write_bytes(picture.read_bytes())
    music = music.rename(tmp_path / "a.mp4")
    for paths, sound, given, said in (
        ([picture, moving, moving], None, {}, "goes in"),
        ([tmp_path, moving], None, {}, "goes in"),
        ([picture, music], music, {}, "goes in"),
        ([picture, tmp_path / "out.mp4"], None, {"format": "gif"}, "--format gif"),
    ):
        for do in (cli_video.film_pictures, cli_video.tell_estimate):
            with pytest.raises(InvalidOption, match=said):
                do(studio, paths, sound, {**SMALL, **given})
    assert moving.read_bytes() == picture.read_bytes()
    assert not (tmp_path / "out.mp4").exists()


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
