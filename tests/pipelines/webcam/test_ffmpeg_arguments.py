"""What ffmpeg is told, and which ffmpeg."""

from __future__ import annotations

import shutil
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from pipelines.webcam import ffmpeg_program
from pipelines.webcam.broadcast_presets import PRESETS
from pipelines.webcam.ffmpeg_arguments import NVENC, X264, list_encode_arguments
from pipelines.webcam.ffmpeg_program import FfmpegMissing, choose_codec, find_ffmpeg


@pytest.mark.parametrize("name", list(PRESETS))
@pytest.mark.parametrize("codec", [X264, NVENC])
def test_the_presets_figures_are_all_told(name: str, codec: object) -> None:
    preset = PRESETS[name]

    told = list_encode_arguments("ffmpeg", preset, codec, 7)  # type: ignore[arg-type]

    following = dict(pairwise(told))
    assert following["-video_size"] == f"{preset.size[0]}x{preset.size[1]}"
    assert following["-framerate"] == str(preset.fps)
    assert following["-g"] == str(2 * preset.fps), "a keyframe every two seconds"
    assert following["-b:v"] == following["-maxrate"] == f"{preset.kbit_s}k"
    assert following["-c:v"] == codec.name  # type: ignore[attr-defined]
    assert told[0] == "ffmpeg" and told[-1] == "pipe:1" and "pipe:7" in told
    assert all(isinstance(each, str) and "://" not in each for each in told), "no address among them"


def test_the_wheels_ffmpeg_comes_before_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    class Wheel:
        @staticmethod
        def get_ffmpeg_exe() -> str:
            return "/wheel/ffmpeg"

    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", Wheel)
    assert find_ffmpeg() == "/wheel/ffmpeg"

    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    monkeypatch.setattr(shutil, "which", lambda name: f"/system/{name}")
    assert find_ffmpeg() == "/system/ffmpeg"


def test_without_any_the_user_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    monkeypatch.setattr(shutil, "which", lambda name: None)

    with pytest.raises(FfmpegMissing, match="imageio-ffmpeg"):
        find_ffmpeg()


def test_an_encoder_is_chosen_only_when_it_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    works, fails, sticks = (tmp_path / name for name in ("works", "fails", "sticks"))
    works.write_text("#!/bin/sh\nexit 0\n")
    fails.write_text("#!/bin/sh\nexit 1\n")
    sticks.write_text("#!/bin/sh\nexec sleep 60\n")
    for each in (works, fails, sticks):
        each.chmod(0o755)
    monkeypatch.setattr(ffmpeg_program, "TRIAL_SECONDS", 0.2)

    assert choose_codec(str(fails)) is X264
    assert choose_codec(str(sticks)) is X264
    assert choose_codec(str(tmp_path / "missing")) is X264
    monkeypatch.setattr(ffmpeg_program, "TRIAL_SECONDS", 10.0)
    assert choose_codec(str(works)) is NVENC
