"""`diffusion` from a shell."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

import cli_diffusion
from pipelines.errors import BadInput, DeviceUnavailable, InvalidOption
from pipelines.studio import Studio
from pipelines.video import VideoReader
from tests.pipelines.image_to_video.stand_in import write_pictures
from tests.pipelines.image_to_video.test_diffusion import small, tiny_weights, working

__all__ = ["small", "tiny_weights", "working"]


def test_what_cannot_be_done_is_told(studio: Studio, tmp_path: Path) -> None:
    picture, target = write_pictures(tmp_path, 1)[0].path, tmp_path / "out.mp4"
    picture = picture.rename(tmp_path / "in.gif")
    for given, where, error in (
        ({}, target, DeviceUnavailable),
        ({"engine": "sora"}, target, InvalidOption),
        ({}, tmp_path / "out.txt", InvalidOption),
        ({"format": "gif"}, target, InvalidOption),
        ({}, picture, InvalidOption),
    ):
        with pytest.raises(error):
            cli_diffusion.film_picture(studio, picture, where, given)
    with pytest.raises(BadInput):
        cli_diffusion.film_picture(studio, tmp_path / "none.png", target, {})
    assert not target.exists()


@pytest.mark.skipif(find_spec("diffusers") is None, reason="pip install -r requirements-diffusion.txt")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")
def test_a_picture_becomes_a_film(
    working: Studio, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture, target = write_pictures(tmp_path, 1)[0].path, tmp_path / "out.mp4"
    cli_diffusion.film_picture(working, picture, target, {"engine": "svd", "steps": "1", "seed": "5"})
    with VideoReader(target) as made:
        assert len(list(made)) == 2
    said = capsys.readouterr().out
    assert "2 frames of" in said
    assert "seed 5" in said
    assert working.history.runs()[0].settings["seed"] == 5
