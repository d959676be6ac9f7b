from __future__ import annotations

import numpy as np

from pipelines.image_to_video.inpaint import fill, flow_together


def hole_in(height: int, width: int) -> np.ndarray:
    hole = np.zeros((height, width), bool)
    hole[height // 3 : 2 * height // 3, width // 3 : 2 * width // 3] = True
    return hole


def test_outside_of_the_hole_nothing_changes() -> None:
    rgb = np.random.default_rng(0).integers(0, 255, (90, 120, 3), dtype=np.uint8)
    hole = hole_in(90, 120)
    made = fill(rgb, hole, 20)
    assert (made[~hole] == rgb[~hole]).all()


def test_a_slope_of_colour_goes_on() -> None:
    slope = np.tile(np.linspace(40, 200, 120)[None, :, None], (90, 1, 3)).round().astype(np.uint8)
    hole = hole_in(90, 120)
    spoilt = slope.copy()
    spoilt[hole] = 0
    off = np.abs(fill(spoilt, hole, 20).astype(int) - slope)[hole]
    assert off.mean() < 12


def test_stripes_go_on() -> None:
    # given stripes with a hole in which something else stood
    stripes = np.zeros((120, 160, 3), np.uint8)
    stripes[:, (np.arange(160) // 5) % 2 == 0] = 220
    hole = np.zeros((120, 160), bool)
    hole[40:80, 70:90] = True
    spoilt = stripes.copy()
    spoilt[hole] = (255, 0, 0)
    # when it is filled
    made = fill(spoilt, hole, 40)
    # then most of it has its stripe, where a smooth filling would be grey all over
    right = np.abs(made[hole].astype(int) - stripes[hole]).max(axis=1) < 60
    assert right.mean() > 0.7


def test_nothing_of_the_hole_remains() -> None:
    rgb = np.full((90, 120, 3), (30, 160, 60), np.uint8)
    hole = hole_in(90, 120)
    rgb[hole] = (255, 0, 0)
    assert fill(rgb, hole, 15)[hole][:, 0].max() < 40


def test_holes_without_surroundings_and_tiny_pictures_are_left() -> None:
    for side in (1, 2, 5):
        rgb = np.full((side, side, 3), 9, np.uint8)
        assert (fill(rgb, np.ones((side, side), bool), 3) == rgb).all()
        hole = np.zeros((side, side), bool)
        hole[0, 0] = side > 1
        assert (fill(rgb, hole, 3) == rgb).all()


def test_colours_flow_to_the_middle() -> None:
    rgb = np.zeros((64, 64, 3), np.uint8)
    rgb[:, 32:] = 200
    hole = np.zeros((64, 64), bool)
    hole[16:48, 16:48] = True
    flowed = flow_together(rgb, hole)
    assert 60 < flowed[32, 32, 0] < 140
    assert flowed[32, 18, 0] < flowed[32, 46, 0]
