"""Backgrounds and crops on pictures whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.errors import InvalidOption
from pipelines.matting.compose import blur_behind, compose, cover, lay_over, parse_colour, subject_box


def picture(height: int = 40, width: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """A red square (alpha 255) on blue, and its alpha."""
    rgb = np.full((height, width, 3), (0, 0, 200), np.uint8)
    alpha = np.zeros((height, width), np.uint8)
    rgb[10:30, 20:40], alpha[10:30, 20:40] = (200, 0, 0), 255
    return rgb, alpha


def test_lay_over_is_the_exact_blend() -> None:
    rng = np.random.default_rng(1)
    rgb, behind = rng.integers(0, 256, (2, 300, 7, 3), np.uint8)
    alpha = rng.integers(0, 256, (300, 7), np.uint8)
    a = alpha[..., None] / 255
    np.testing.assert_allclose(lay_over(rgb, alpha, behind), rgb * a + behind * (1 - a), atol=0.51)


@pytest.mark.parametrize("background", ["#00ff00", "#0f0"])
def test_a_colour_fills_what_is_behind(background: str) -> None:
    rgb, alpha = picture()
    out, kept = compose(rgb, alpha, rgb, background)
    assert kept is None
    assert out[0, 0].tolist() == [0, 255, 0]
    assert out[20, 30].tolist() == [200, 0, 0]


def test_transparent_keeps_the_alpha() -> None:
    rgb, alpha = picture()
    out, kept = compose(rgb, alpha, rgb, "transparent")
    assert out is rgb
    assert kept is alpha


def test_a_blurred_background_has_none_of_the_subjects_colour() -> None:
    rgb, alpha = picture()
    behind = blur_behind(rgb, alpha, 50)
    assert behind[..., 0].max() <= 2
    assert behind[..., 2].min() >= 198


def test_blurring_behind_a_full_frame_subject_works() -> None:
    rgb, _ = picture()
    assert blur_behind(rgb, np.full(rgb.shape[:2], 255, np.uint8), 10).shape == rgb.shape


@pytest.mark.parametrize("size", [(10, 10), (500, 20), (33, 900)])
def test_a_background_picture_fills_the_frame(size: tuple[int, int]) -> None:
    behind = cover(np.full((*size, 3), 9, np.uint8), 40, 60)
    assert behind.shape == (40, 60, 3)
    assert (behind == 9).all()


def test_a_background_picture_that_is_missing_is_said() -> None:
    rgb, alpha = picture()
    with pytest.raises(InvalidOption, match="background picture"):
        compose(rgb, alpha, rgb, "picture")


def test_the_subjects_box_has_its_margin_and_stays_inside() -> None:
    _, alpha = picture()
    assert subject_box(alpha, 0) == (slice(10, 30), slice(20, 40))
    assert subject_box(alpha, 10) == (slice(8, 32), slice(18, 42))
    assert alpha[subject_box(alpha, 100)].shape == (40, 60)
    assert alpha[subject_box(np.zeros_like(alpha), 10)].shape == (40, 60)


def test_colours_are_read() -> None:
    assert parse_colour("#1a2B3c") == parse_colour("1a2b3c") == (26, 43, 60)
