"""Frames between two frames."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.likeness import psnr
from benchmarks.triplets import read_sets, synthesise_sets
from pipelines.errors import BadInput
from pipelines.image_to_video import interpolation
from pipelines.image_to_video.agreement import keep_shared
from pipelines.image_to_video.flow_fields import find_flows
from pipelines.image_to_video.interpolation import MovingPair, between, noise_at
from pipelines.image_to_video.interpolators import BlendedPair
from pipelines.image_to_video.occlusion import find_hidden

TRIPLETS = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "triplets"
LEAST = {"middlebury": 33.0, "ucf101": 34.8, "davis": 26.8}


def draw_wall(height: int = 160, width: int = 220, seed: int = 0) -> np.ndarray:
    noise = cv2.GaussianBlur(np.random.default_rng(seed).random((height, width, 3)), (0, 0), 3)
    return cv2.normalize(noise, None, 20, 235, cv2.NORM_MINMAX).astype(np.uint8)


def crop(wall: np.ndarray, x: int) -> np.ndarray:
    return np.ascontiguousarray(wall[:, x : x + 180])


@pytest.mark.parametrize("at", [0.25, 0.5, 0.75])
def test_a_pan_is_met_at_any_time(at: float) -> None:
    wall = draw_wall()
    drawn = between(crop(wall, 0), crop(wall, 8), at)
    inner = np.s_[10:-10, 20:-20]
    assert psnr(drawn[inner], crop(wall, round(8 * at))[inner]) > 38


def test_motion_is_found_better_than_by_blending() -> None:
    for triplet in synthesise_sets()["made-up"]:
        scores = [
            psnr(pair(triplet.first, triplet.last).draw(0.5), triplet.middle)
            for pair in (MovingPair, BlendedPair)
        ]
        assert scores[0] > scores[1] + 6


def test_the_ends_are_the_frames_themselves() -> None:
    wall = draw_wall()
    pair = MovingPair(crop(wall, 0), crop(wall, 8))
    np.testing.assert_array_equal(pair.draw(0), crop(wall, 0))
    np.testing.assert_array_equal(pair.draw(1), crop(wall, 8))


def test_played_backwards_the_same_frame_is_half_way() -> None:
    wall = draw_wall()
    there, back = (between(crop(wall, a), crop(wall, b), 0.5).astype(int) for a, b in ((0, 9), (9, 0)))
    assert np.abs(there - back).mean() < 0.1


def test_a_frame_that_stands_still_stays_as_it_is() -> None:
    wall = draw_wall()
    assert np.abs(between(wall, wall, 0.5).astype(int) - wall).max() <= 1


@pytest.mark.parametrize(("width", "height"), [(1, 1), (2, 3), (17, 16), (3, 300), (301, 99)])
def test_any_size_is_drawn(width: int, height: int) -> None:
    first, second = draw_wall(height, width, 1), draw_wall(height, width, 2)
    assert between(first, second, 0.5).shape == (height, width, 3)


def test_frames_of_two_sizes_are_refused() -> None:
    with pytest.raises(BadInput, match="20x10 and 10x20"):
        between(np.zeros((10, 20, 3), np.uint8), np.zeros((20, 10, 3), np.uint8), 0.5)


def test_tiles_show_no_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    wall = draw_wall(300, 400)
    pair = MovingPair(np.ascontiguousarray(wall[:, :390]), np.ascontiguousarray(wall[:, 10:]))
    whole = pair.draw(0.5).astype(int)
    monkeypatch.setattr(interpolation, "TILE", 128)
    assert np.abs(pair.draw(0.5) - whole).max() <= 2


def test_what_a_thing_uncovers_and_covers_is_told() -> None:
    """Given a square that moves right, what is before it gets hidden, what is behind it comes to light."""
    wall, square = draw_wall(seed=3), draw_wall(60, 60, seed=4)
    frames = []
    for x in (60, 76):
        frame = wall.copy()
        frame[50:110, x : x + 60] = square
        frames.append(frame)
    there, back = find_hidden(find_flows(*frames))
    scale = there.shape[1] / wall.shape[1]
    rows = slice(int(60 * scale), int(100 * scale))
    before, behind = (slice(int(a * scale), int(b * scale)) for a, b in ((123, 133), (63, 73)))
    assert there[rows, before].mean() > 2 * back[rows, before].mean()
    assert back[rows, behind].mean() > 2 * there[rows, behind].mean()


def test_detail_of_one_view_only_is_held_back() -> None:
    """Given grain that the views do not share on a wall that they do, the blend loses grain and keeps the wall."""
    wall = draw_wall(seed=5).astype(np.float32)
    grain = np.random.default_rng(6).normal(0, 12, (2, *wall.shape)).astype(np.float32)
    first, second = wall + grain[0], wall + grain[1]
    mixed, apart = (first + second) / 2, cv2.cvtColor(second - first, cv2.COLOR_RGB2GRAY) / 2
    kept = keep_shared(mixed, apart, noise_at(0.5))
    assert np.abs(kept - wall).mean() < 0.7 * np.abs(mixed - wall).mean()
    np.testing.assert_allclose(keep_shared(wall, np.zeros_like(apart), 1.0), wall, atol=0.01)


def test_near_a_frame_nothing_is_held_back() -> None:
    assert noise_at(0.5) == pytest.approx(1)
    assert noise_at(0.02) < 0.01


@pytest.mark.skipif(not TRIPLETS.is_dir(), reason="the triplets are not beside the checkout")
def test_the_triplets_are_met() -> None:
    for name, triplets in read_sets(TRIPLETS).items():
        scores = [psnr(between(each.first, each.last, 0.5), each.middle) for each in triplets]
        assert np.mean(scores) >= LEAST.get(name, 0), name
