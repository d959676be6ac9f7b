from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from pipelines.image_to_video.camera import Pose, place
from pipelines.image_to_video.overlay import divide, premultiply
from pipelines.image_to_video.warp import Levels, from_light, to_light

SIZE = (160, 90)


def blob(width: int, height: int, x: float, y: float, sigma: float = 5) -> np.ndarray:
    """A soft light spot whose middle is at a place."""
    columns, rows = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    light = 20 + 210 * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * sigma**2))
    return np.repeat(light.round().astype(np.uint8)[..., None], 3, axis=2)


def centre(frame: np.ndarray) -> np.ndarray:
    light = frame[..., 0].astype(float) - 20
    columns, rows = np.meshgrid(np.arange(frame.shape[1]) + 0.5, np.arange(frame.shape[0]) + 0.5)
    return np.array([(light * columns).sum(), (light * rows).sum()]) / light.sum()


def test_a_slow_zoom_puts_a_spot_where_it_belongs() -> None:
    # given a spot and a zoom of a twentieth in sixty frames
    stage = place((320, 180), SIZE, (0.5, 0.5))
    levels = Levels(blob(320, 180, 130, 100), 2 / 1.05, 2)
    off = []
    for number in range(60):
        matrix = stage.map(Pose(zoom=1.05 ** (number / 59)))
        # when it is drawn
        there = np.linalg.inv(matrix) @ (130, 100, 1)
        off.append(centre(levels.draw(matrix, SIZE)) - there[:2] / there[2])
    # then it is never off by more than a fiftieth of a pixel, and does not tremble
    assert np.abs(off).max() < 0.02
    assert float(np.square(np.diff(off, 2, axis=0)).mean()) ** 0.5 < 0.01


def test_fine_stripes_become_grey_when_made_small_and_stay_so() -> None:
    stripes = np.zeros((360, 640, 3), np.uint8)
    stripes[:, ::2] = 255
    stage = place((640, 360), SIZE, (0.5, 0.5))
    levels = Levels(stripes, 4, 4)
    for shift in (0, 0.0007, 0.0013):
        frame = levels.draw(stage.map(Pose(x=shift)), SIZE)
        assert np.abs(frame.astype(int) - 127).max() <= 2


def test_linear_light_keeps_fine_bright_detail_bright() -> None:
    stripes = np.zeros((360, 640, 3), np.uint8)
    stripes[:, ::2] = 255
    stage = place((640, 360), SIZE, (0.5, 0.5))
    frame = Levels(stripes, 4, 4, linear_light=True).draw(stage.map(Pose()), SIZE)
    assert abs(int(frame[45, 80, 0]) - 188) <= 2


def test_a_wide_zoom_mixes_copies_without_a_jump() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (360, 640, 3), dtype=np.uint8)
    stage = place((640, 360), SIZE, (0.5, 0.5))
    levels = Levels(noise, 1, 4)
    frames = [levels.draw(stage.map(Pose(zoom=zoom)), SIZE) for zoom in np.geomspace(1, 4, 200)]
    steps = [np.abs(a.astype(int) - b).mean() for a, b in pairwise(frames)]
    assert max(steps) < 2.5 * float(np.median(steps))


def test_enlarging_is_smooth() -> None:
    tiny = blob(16, 9, 8, 4.5, 2)
    stage = place((16, 9), SIZE, (0.5, 0.5))
    frame = Levels(tiny, 0.1, 0.1).draw(stage.map(Pose()), SIZE)
    assert np.abs(np.diff(frame[45, :, 0].astype(int), 2)).max() <= 4


def test_light_and_back_is_exact() -> None:
    every = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 4, axis=2)
    assert (from_light(to_light(every)) == every).all()


def test_see_through_colours_survive_multiplying() -> None:
    rgb = np.full((4, 256, 3), (200, 100, 50), np.uint8)
    alpha = np.tile(np.arange(256, dtype=np.uint8), (4, 1))
    back = divide(premultiply(rgb, alpha))
    assert (back[..., 3] == alpha).all()
    assert np.abs(back[:, 64:, :3].astype(int) - rgb[:, 64:]).max() <= 2
    assert (back[:, 255, :3] == rgb[:, 255]).all()


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (7, 1), (33, 21)])
def test_odd_sizes_are_drawn(size: tuple[int, int]) -> None:
    stage = place((5, 3), size, (0.5, 0.5))
    frame = Levels(np.full((3, 5, 3), 77, np.uint8), stage.scale, stage.scale).draw(stage.map(Pose()), size)
    assert frame.shape == (size[1], size[0], 3)
    assert (frame == 77).all()
