"""Pictures of odd depths and with odd profiles."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageCms

from pipelines.errors import BadInput
from pipelines.image.colour import CONVERTED, CONVERTED_PLAIN, to_srgb
from pipelines.image.depth import REDUCED, STRETCHED, read_deep, to_8_bits, turn_black_to_zero


@pytest.mark.parametrize(
    ("values", "wanted", "said"),
    [
        (np.array([[0, 128, 255]], np.uint8), [0, 128, 255], ""),
        (np.array([[0, 257, 65535]], np.uint16), [0, 1, 255], REDUCED),
        (np.array([[0, 65535]], np.int32), [0, 255], REDUCED),
        (np.array([[-5, 0, 5]], np.int32), [0, 128, 255], STRETCHED),
        (np.array([[0, 0.5, 1]], np.float64), [0, 128, 255], REDUCED),
        (np.array([[2.0, 4.0, np.inf, np.nan]]), [0, 255, 255, 0], STRETCHED),
        (np.array([[7, 7]], np.int64) + 70_000, [0, 0], STRETCHED),
    ],
)
def test_any_depth_becomes_eight_bits(values: np.ndarray, wanted: list[int], said: str) -> None:
    made, note = to_8_bits(values)
    assert made.dtype == np.uint8
    assert np.abs(made[0].astype(int) - wanted).max() <= 1
    assert note == said


def test_a_picture_without_a_number_is_refused() -> None:
    with pytest.raises(BadInput, match="no numbers"):
        to_8_bits(np.full((2, 2), np.nan))


@pytest.mark.parametrize("data", [b"", b"no picture"])
def test_bytes_that_opencv_cannot_read_are_none(data: bytes) -> None:
    assert read_deep(data) is None


def test_grey_whose_zero_is_white_is_turned() -> None:
    grey = np.array([[0, 65535]], np.uint16)
    assert turn_black_to_zero(grey, 0).tolist() == [[65535, 0]]
    assert turn_black_to_zero(grey, 1).tolist() == [[0, 65535]]


def test_a_broken_profile_leaves_the_plain_way() -> None:
    picture, said = to_srgb(Image.new("CMYK", (2, 2), (0, 255, 255, 0)), b"\0" * 16 + b"CMYK" + b"\0" * 200)
    assert (picture.mode, said) == ("RGB", CONVERTED_PLAIN)
    assert picture.getpixel((0, 0)) == (255, 0, 0)


def test_lab_goes_by_pillows_own_profile() -> None:
    to_lab = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"
    )
    lab = ImageCms.applyTransform(Image.new("RGB", (2, 2), (200, 30, 30)), to_lab)
    assert lab is not None
    picture, said = to_srgb(lab, None)
    assert said == CONVERTED
    assert np.abs(np.subtract(picture.getpixel((0, 0)), (200, 30, 30))).max() <= 3
