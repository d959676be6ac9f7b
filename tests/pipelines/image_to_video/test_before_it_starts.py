"""What a film will take, and how it begins."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipelines.errors import BadInput
from pipelines.image_to_video.estimate import estimate
from pipelines.image_to_video.film_options import VideoOptions
from pipelines.image_to_video.make_film import begin, make_run
from pipelines.image_to_video.preview import preview
from pipelines.image_to_video.sources import Given
from pipelines.studio import Studio
from pipelines.video import VideoReader
from tests.conftest import encode
from tests.pipelines.image_to_video.stand_in import (
    Shots,
    colour_of,
    order_of,
    shots,
    write_broken,
    write_pictures,
)

__all__ = ["shots"]

OPTIONS = VideoOptions(width=320, height=240, duration=4, transition="cut", encoder="software")


@pytest.mark.parametrize("kind", ["mp4", "webm", "gif", "png"])
def test_an_estimate_is_near_what_happens(studio: Studio, tmp_path: Path, kind: str) -> None:
    spots = np.random.default_rng(1).integers(0, 255, (12, 16, 3), np.uint8)
    (tmp_path / "a.png").write_bytes(encode(cv2.resize(spots, (160, 120), interpolation=cv2.INTER_CUBIC)))
    options = replace(OPTIONS, format=kind, width=128, height=96, duration=2, fps="24")
    order = order_of(Given(tmp_path / "a.png", "a.png"))
    found = estimate(studio, order, options)
    assert (found.frames, found.seconds, found.width, found.height) == (48, 2.0, 128, 96)
    begun = time.monotonic()
    run = make_run(studio, begin(studio, order, options))
    took = time.monotonic() - begun
    size = studio.history.file(run.id, run.results[0]).stat().st_size
    assert 0.4 < found.disk_bytes / size < 2.5
    assert 0.1 < found.work_seconds / took < 10
    assert found.free_bytes > 0
    assert 100e6 < found.memory_bytes < 700e6


def test_an_estimate_counts_pictures_and_transitions(studio: Studio, tmp_path: Path, shots: Shots) -> None:
    given = write_pictures(tmp_path, 3)
    one = estimate(studio, order_of(given[0]), OPTIONS)
    three = estimate(studio, order_of(write_broken(tmp_path), *given), OPTIONS)
    assert (one.frames, three.frames) == (100, 400)
    assert len(shots.opened) == 2
    with pytest.raises(BadInput):
        estimate(studio, order_of(write_broken(tmp_path)), OPTIONS)
    assert list(studio.settings.outputs.glob("outputs_*")) == []


def test_a_preview_is_small_and_shows_how_it_begins(studio: Studio, tmp_path: Path, shots: Shots) -> None:
    options = replace(OPTIONS, width=1920, height=1080, duration=0.5, fps="60")
    order = order_of(*write_pictures(tmp_path, 2), write_broken(tmp_path))
    found = preview(studio, order, options, tmp_path / "p.mp4")
    with VideoReader(found.path) as film:
        assert (film.info.width, film.info.height) == (384, 216)
        seen = [colour_of(frame.rgb) for frame in film]
    assert seen == [0] * 6 + [1] * 6
    assert found.seconds == pytest.approx(1.0)
    assert any("broken.jpg" in note for note in found.notes)


def test_a_preview_ends_in_time(studio: Studio, tmp_path: Path, shots: Shots) -> None:
    order = order_of(*write_pictures(tmp_path, 1))
    begun = time.monotonic()
    found = preview(studio, order, replace(OPTIONS, duration=600), tmp_path / "p.mp4", seconds=0.2)
    assert time.monotonic() - begun < 2
    assert found.seconds < found.whole == 600
    assert f"of {found.whole:.1f} seconds" in found.notes[-1]


def test_a_preview_of_a_style_that_comes_shows_it_come(studio: Studio, tmp_path: Path, shots: Shots) -> None:
    options = replace(OPTIONS, style="painting-07")
    found = preview(studio, order_of(*write_pictures(tmp_path, 1)), options, tmp_path / "p.mp4", seconds=60)
    with VideoReader(found.path) as film:
        seen = [frame.rgb.mean() for frame in film]
    assert len(seen) == 16
    assert found.seconds == found.whole == 4.0
    assert abs(seen[0] - seen[-1]) > 10 > abs(seen[0] - seen[1])
