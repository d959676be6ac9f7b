"""Frames of one shape in a picture of another."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.webcam.fitting import fit_into


def halves(width: int, height: int) -> np.ndarray:
    """Left red, right blue."""
    rgb = np.zeros((height, width, 3), np.uint8)
    rgb[:, : width // 2, 0] = rgb[:, width // 2 :, 2] = 240
    return rgb


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (64, 64), (640, 480)])
@pytest.mark.parametrize("shape", [(384, 288), (320, 568), (1, 1), (1920, 1080), (7, 500)])
def test_any_frame_fits_any_size(shape: tuple[int, int], size: tuple[int, int]) -> None:
    out = fit_into(np.full((shape[1], shape[0], 3), 200, np.uint8), size)

    assert out.shape == (size[1], size[0], 3) and out.dtype == np.uint8 and out.flags.c_contiguous
    middle = out[size[1] // 2, size[0] // 2 - 1 : size[0] // 2 + 1]
    assert middle.max() == 200, "also of a frame that is one column wide there"


def test_nothing_is_cut_off_and_the_bars_are_dim() -> None:
    out = fit_into(halves(400, 300), (720, 1280))

    inside = out[640]
    assert inside[2, 0] == 240 and inside[-3, 2] == 240, "both edges of the frame are there"
    assert 60 < out[20].max() < 140, "the bars show the picture, dimmed"


def test_nearly_the_same_shape_has_no_bars() -> None:
    out = fit_into(halves(380, 288), (384, 288))

    assert out[0, 0, 0] == 240 and out[0, -1, 2] == 240


def test_the_same_size_is_left_alone() -> None:
    rgb = halves(64, 48)

    assert (fit_into(rgb, (64, 48)) == rgb).all()
