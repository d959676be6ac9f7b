from __future__ import annotations

import io
import time

import numpy as np
import pytest
from PIL import Image

from pipelines.errors import InvalidOption
from pipelines.image.encode import encode_image
from tests.pipelines.image.samples import make_pixels, make_srgb_profile, read

PIXELS = make_pixels(40, 60)
ALPHA = np.ascontiguousarray(PIXELS[..., 0])
XMP = "<x:xmpmeta xmlns:x='adobe:ns:meta/'>ü</x:xmpmeta>".encode()


def open_with_pillow(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def test_png_is_exact_also_where_nothing_shows() -> None:
    image = open_with_pillow(encode_image(PIXELS, ALPHA, format="png"))
    assert image.mode == "RGBA"
    assert np.array_equal(np.asarray(image), np.dstack([PIXELS, ALPHA]))


def test_png_takes_views_and_no_alpha() -> None:
    image = open_with_pillow(encode_image(PIXELS[3:, 5:], None, format="png"))
    assert image.mode == "RGB"
    assert np.array_equal(np.asarray(image), PIXELS[3:, 5:])


def test_png_carries_profile_resolution_and_texts() -> None:
    profile = make_srgb_profile()
    data = encode_image(
        PIXELS, ALPHA, format="png", icc=profile, dpi=(300, 150), xmp=XMP, text={"AIGC": "{}", "Title": "图"}
    )

    image = open_with_pillow(data)

    assert image.info["icc_profile"] == profile
    assert image.info["dpi"] == pytest.approx((300, 150), abs=0.02)
    assert image.info["xmp"] == XMP
    assert image.info["AIGC"] == "{}" and image.info["Title"] == "图"


def test_png_refuses_a_keyword_without_letters() -> None:
    with pytest.raises(ValueError, match="keyword"):
        encode_image(PIXELS, None, format="png", text={"": "x"})


def test_webp_keeps_alpha_exact_and_colours_under_it_close() -> None:
    alpha = np.where(np.arange(60) < 20, 0, 255).astype(np.uint8)[None].repeat(40, axis=0)
    smooth = np.full_like(PIXELS, (200, 60, 20))

    pixels = np.asarray(open_with_pillow(encode_image(smooth, alpha, format="webp")).convert("RGBA"))

    assert np.array_equal(pixels[..., 3], alpha)
    assert np.abs(pixels[:, :16, :3].astype(int) - smooth[:, :16]).max() <= 8


def test_webp_carries_profile_resolution_and_xmp() -> None:
    profile = make_srgb_profile()
    data = encode_image(PIXELS, ALPHA, format="webp", icc=profile, dpi=(300, 150), xmp=XMP)

    image, picture = open_with_pillow(data), read(data)

    assert image.info["icc_profile"] == profile and image.info["xmp"] == XMP
    assert picture.dpi == (300, 150) and picture.icc == profile


def test_jpeg_carries_profile_resolution_and_xmp() -> None:
    profile = make_srgb_profile()
    data = encode_image(PIXELS, None, format="jpeg", icc=profile, dpi=(299.6, 150), xmp=XMP)

    image = open_with_pillow(data)

    assert image.info["icc_profile"] == profile and image.info["xmp"] == XMP
    assert image.info["dpi"] == (300, 150)
    assert np.abs(np.asarray(image).astype(int) - PIXELS).max() <= 12


def test_plain_files_carry_nothing() -> None:
    for format in ("png", "webp", "jpeg"):
        info = open_with_pillow(encode_image(PIXELS, None, format=format)).info
        assert not {"icc_profile", "xmp", "dpi", "exif"} & set(info)


def test_jpeg_with_alpha_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="background"):
        encode_image(PIXELS, ALPHA, format="jpeg")


@pytest.mark.parametrize(("format", "side"), [("webp", 16_384), ("jpeg", 65_536)])
def test_a_side_that_the_format_cannot_hold_is_refused(format: str, side: int) -> None:
    with pytest.raises(InvalidOption, match="Choose png"):
        encode_image(np.zeros((1, side, 3), np.uint8), None, format=format)


def test_another_format_is_refused() -> None:
    with pytest.raises(InvalidOption, match="png, webp, jpeg"):
        encode_image(PIXELS, None, format="bmp")


def test_png_is_fast() -> None:
    """Half a second for what takes 20 ms on one core of 2025: a slip to full compression takes longer."""
    noise = np.random.default_rng(0).integers(0, 12, (1000, 1000, 3)).astype(np.uint8)
    picture = (make_pixels(1000, 1000) // 2 + noise).astype(np.uint8)

    took = []
    for _ in range(3):
        start = time.perf_counter()
        encode_image(picture, picture[..., 0], format="png")
        took.append(time.perf_counter() - start)

    assert min(took) < 0.5
