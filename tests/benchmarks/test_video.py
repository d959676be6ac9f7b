from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks import video
from benchmarks.jitter import PLACE, draw_dot, find_dot, measure_jitter
from benchmarks.pairs import synthesise
from benchmarks.table import Report
from benchmarks.zoompan import find_ffmpeg, time_zoompan, zoompan_command


def write_small(path: Path) -> Path:
    """A picture with something in it: the benchmark's own has 3.6 Mpx."""
    cv2.imwrite(str(path), synthesise(np.random.default_rng(0), "video", 96, 160).rgb[..., ::-1])
    return path


def test_a_dot_is_found_to_a_hundredth_of_a_pixel() -> None:
    # given the dot of a picture, shifted by the picture's own size
    for size in ((400, 300), (401, 300), (403, 305)):
        truth = np.array(PLACE) * size
        assert find_dot(draw_dot(size), truth + np.array([3, -2])) == pytest.approx(truth, abs=0.01)


def test_even_ways_have_no_jitter_and_steps_have() -> None:
    times = np.linspace(0, 1, 100)
    even = np.column_stack([100 + 30 * times + 5 * times**2, 50 - 8 * times])
    assert measure_jitter(even)["max"] < 1e-6
    stepped = measure_jitter(np.round(even))
    assert stepped["rms"] > 0.3
    assert stepped["p95"] <= stepped["max"]


def test_the_jitter_table_has_both_qualities(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video, "find_ffmpeg", lambda: None)
    report = Report()
    video.add_jitter(report, tmp_path, (320, 180), frames=12)
    assert list(report.figures["jitter"]) == ["inkframe, without loss", "inkframe, crf 17"]
    assert report.figures["jitter"]["inkframe, without loss"]["rms"] < 0.05
    assert "left out" in report.figures["zoompan"]


def test_each_motion_is_timed(tmp_path: Path) -> None:
    picture = write_small(tmp_path / "picture.png")
    found = video.time_size(picture, ("zoom-in", "pan-left"), (64, 36), 4, 1, None)
    assert set(found) == {"zoom-in", "pan-left"}
    assert all(each["fps"] > 0 and "against_zoompan" not in each for each in found.values())


def test_memory_is_measured_in_a_process_of_its_own(tmp_path: Path) -> None:
    picture = write_small(tmp_path / "picture.png")
    found = video.measure_memory(picture, "pan-left", (64, 36), 2)
    assert 20 < found["first_mb"] <= found["peak_mb"]
    assert found["fps"] > 0


def test_the_peer_is_asked_for_the_same_film() -> None:
    command = zoompan_command("ffmpeg", Path("a.png"), Path("b.mp4"), (64, 36), 10, 1.2, 17, "veryfast")
    filters = command[command.index("-vf") + 1]
    assert "scale=256:144" in filters
    assert "d=10:s=64x36:fps=30" in filters
    assert command[command.index("-crf") + 1] == "17"


@pytest.mark.skipif(find_ffmpeg() is None, reason="there is no ffmpeg on this machine")
def test_the_peer_runs(tmp_path: Path) -> None:
    ffmpeg = find_ffmpeg() or ""
    picture, film = write_small(tmp_path / "a.png"), tmp_path / "b.mp4"
    assert time_zoompan(zoompan_command(ffmpeg, picture, film, (64, 36), 4, 1.2, 17, "veryfast")) > 0
    with pytest.raises(RuntimeError, match="ffmpeg failed"):
        time_zoompan(zoompan_command(ffmpeg, tmp_path / "no.png", film, (64, 36), 4, 1.2, 17, "veryfast"))
