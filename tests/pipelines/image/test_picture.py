from __future__ import annotations

import hashlib
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from pipelines.errors import BadInput, InkframeError, NotAnImage, TooLarge
from pipelines.image.decode import SEVERAL_FRAMES
from pipelines.image.depth import REDUCED, STRETCHED
from pipelines.image.picture import open_image, resize_to_fit
from tests.pipelines.image.samples import (
    encode_cv,
    make_cmyk_profile,
    make_deep_tiff,
    make_grey_png,
    make_pixels,
    make_png_header,
    make_srgb_profile,
    read,
    save,
)

PIXELS = make_pixels()
IMAGE = Image.fromarray(PIXELS)
ORIENTATION = 0x0112
STORED_AS = {
    1: lambda a: a,
    2: np.fliplr,
    3: lambda a: np.rot90(a, 2),
    4: np.flipud,
    5: lambda a: np.swapaxes(a, 0, 1),
    6: lambda a: np.rot90(a, 1),
    7: lambda a: np.rot90(np.swapaxes(a, 0, 1), 2),
    8: lambda a: np.rot90(a, -1),
}
"""How an upright picture is stored when its EXIF orientation has that number."""


def difference(one: np.ndarray, other: np.ndarray) -> int:
    assert one.shape == other.shape
    return int(np.abs(one.astype(int) - other).max())


@pytest.mark.parametrize(
    ("format", "options", "bound"),
    [
        ("PNG", {}, 0),
        ("TIFF", {"compression": "tiff_lzw"}, 0),
        ("BMP", {}, 0),
        ("WEBP", {"lossless": True}, 0),
        ("JPEG", {"quality": 100, "subsampling": 0}, 4),
        ("AVIF", {"quality": 100}, 8),
        ("GIF", {}, 32),
    ],
)
def test_reads_every_format(format: str, options: dict[str, Any], bound: int) -> None:
    data = save(IMAGE, format, **options)

    picture = open_image(data, name="a.x", max_pixels=10_000)

    assert difference(picture.rgb, PIXELS) <= bound
    assert (picture.width, picture.height, picture.format, picture.name) == (36, 24, format, "a.x")
    assert picture.alpha is None and picture.notes == ()
    assert picture.sha256 == hashlib.sha256(data).hexdigest() and picture.data == data


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["PNG", "TIFF", "WEBP", "JPEG", "AVIF"])
def test_turns_as_exif_says(format: str, orientation: int) -> None:
    stored = Image.fromarray(np.ascontiguousarray(STORED_AS[orientation](PIXELS)))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    options = {
        "WEBP": {"lossless": True},
        "JPEG": {"quality": 100, "subsampling": 0},
        "AVIF": {"quality": 100},
    }

    picture = read(save(stored, format, exif=exif, **options.get(format, {})))

    assert difference(picture.rgb, PIXELS) <= 8


def test_turns_alpha_and_resolution_with_the_picture() -> None:
    rgba = IMAGE.copy()
    rgba.putalpha(Image.fromarray(PIXELS[..., 0]))
    exif = Image.Exif()
    exif[ORIENTATION] = 6

    picture = read(save(rgba, "PNG", exif=exif, dpi=(300, 150)))

    assert picture.alpha is not None
    assert difference(picture.alpha, np.rot90(PIXELS[..., 0], -1)) == 0
    assert picture.dpi == pytest.approx((150, 300), abs=0.1)


@pytest.mark.parametrize("format", ["PNG", "TIFF", "WEBP", "JPEG", "AVIF"])
def test_keeps_an_rgb_profile(format: str) -> None:
    profile = make_srgb_profile()
    assert read(save(IMAGE, format, icc_profile=profile)).icc == profile


@pytest.mark.parametrize("profile", [b"", b"no profile", make_cmyk_profile()])
def test_drops_a_profile_that_does_not_fit(profile: bytes) -> None:
    assert read(save(IMAGE, "PNG", icc_profile=profile)).icc is None


@pytest.mark.parametrize(("format", "options"), [("JPEG", {}), ("PNG", {}), ("TIFF", {})])
def test_reads_the_resolution(format: str, options: dict[str, Any]) -> None:
    assert read(save(IMAGE, format, dpi=(300, 200), **options)).dpi == pytest.approx((300, 200), abs=0.1)
    assert read(save(IMAGE, format, **options)).dpi is None


@pytest.mark.parametrize("extension", [".png", ".tiff"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_rounds_16_bits_to_8(extension: str, channels: int) -> None:
    deep = np.random.default_rng(1).integers(0, 65536, (16, 20, channels)).astype(np.uint16)

    picture = read(encode_cv(extension, deep[..., 0] if channels == 1 else deep))

    assert np.abs(picture.rgb - deep[..., :3] / 257).max() <= 0.5001
    assert REDUCED in picture.notes
    if channels == 4:
        assert picture.alpha is not None
        assert np.abs(picture.alpha - deep[..., 3] / 257).max() <= 0.5001


@pytest.mark.parametrize("channels", [1, 3])
def test_reads_float_tiff_within_0_and_1(channels: int) -> None:
    values = PIXELS[..., 0] / np.float32(255) if channels == 1 else PIXELS / np.float32(255)

    picture = read(encode_cv(".tiff", values))

    expected = np.dstack([PIXELS[..., 0]] * 3) if channels == 1 else PIXELS
    assert difference(picture.rgb, expected) == 0
    assert picture.notes == (REDUCED,)


def test_stretches_values_without_a_white_and_says_so() -> None:
    values = PIXELS[..., 0].astype(np.float32) * 40 - 1000
    values[0, 0] = np.nan

    picture = read(encode_cv(".tiff", values))

    assert difference(picture.rgb[1:, :, 0], PIXELS[1:, :, 0]) <= 1
    assert picture.notes == (STRETCHED,)


def test_refuses_a_picture_without_a_number() -> None:
    with pytest.raises(BadInput, match="holds no numbers"):
        read(encode_cv(".tiff", np.full((10, 10), np.nan, np.float32)))


def test_converts_cmyk_by_its_profile() -> None:
    ink = Image.new("CMYK", (16, 16), (255, 0, 0, 0))

    with_profile = read(save(ink, "TIFF", icc_profile=make_cmyk_profile()))
    without = read(save(ink, "TIFF"))

    assert difference(with_profile.rgb[0, 0], np.array([255, 0, 0])) <= 12  # what that press prints
    assert difference(without.rgb[0, 0], np.array([0, 255, 255])) <= 12  # plain cyan
    assert with_profile.icc is None and without.icc is None
    assert "by its colour profile" in with_profile.notes[0] and "without" in without.notes[0]


@pytest.mark.parametrize(
    ("mode", "format"), [("1", "PNG"), ("L", "PNG"), ("L", "JPEG"), ("P", "GIF"), ("P", "PNG")]
)
def test_reads_grey_palette_and_one_bit(mode: str, format: str) -> None:
    source = IMAGE.convert(mode)

    picture = read(save(source, format))

    assert difference(picture.rgb, np.asarray(source.convert("RGB"))) <= 4
    assert picture.alpha is None


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_keeps_the_inputs_own_alpha(mode: str) -> None:
    source = IMAGE.convert(mode)
    source.putalpha(Image.fromarray(PIXELS[..., 1]))

    picture = read(save(source, "PNG"))

    assert picture.alpha is not None
    assert difference(picture.alpha, PIXELS[..., 1]) == 0


def test_reads_palette_transparency() -> None:
    source = IMAGE.quantize(8)

    picture = read(save(source, "PNG", transparency=bytes([0, 128]) + b"\xff" * 6))

    levels = np.asarray(source)
    assert picture.alpha is not None
    assert difference(picture.alpha, np.choose(np.minimum(levels, 2), [0, 128, 255])) == 0


@pytest.mark.parametrize(("depth", "clear"), [(2, 3), (2, 1), (4, 15), (4, 7), (16, 65535), (16, 5)])
def test_reads_a_transparent_grey_of_any_depth(depth: int, clear: int) -> None:
    levels = np.full((12, 16), 2)
    levels[3:6] = clear

    picture = read(make_grey_png(levels, depth, clear))

    assert picture.alpha is not None
    assert difference(picture.alpha, np.where(levels == clear, 0, 255)) == 0


@pytest.mark.parametrize("depth", [2, 4, 16])
def test_a_transparent_grey_that_no_pixel_has_is_no_alpha(depth: int) -> None:
    assert read(make_grey_png(np.full((12, 16), 2), depth, 3)).alpha is None


@pytest.mark.parametrize("kind", [np.uint16, np.float32])
def test_refuses_deep_colours_in_planes(kind: type) -> None:
    deep = PIXELS.astype(np.uint16) * 257 if kind is np.uint16 else PIXELS / np.float32(255)

    assert difference(read(make_deep_tiff(deep)).rgb, PIXELS) == 0
    with pytest.raises(BadInput, match="This kind of TIFF"):
        read(make_deep_tiff(deep, in_planes=True))


def test_reads_shallow_colours_in_planes() -> None:
    assert difference(read(make_deep_tiff(PIXELS, in_planes=True)).rgb, PIXELS) == 0


def test_refuses_deep_grey_whose_alpha_would_be_lost() -> None:
    shallow = PIXELS[..., :2]

    assert difference(read(make_deep_tiff(shallow)).alpha, shallow[..., 1]) == 0
    with pytest.raises(BadInput, match="This kind of TIFF"):
        read(make_deep_tiff(shallow.astype(np.uint16) * 257))


def test_opaque_alpha_is_no_alpha() -> None:
    assert read(save(IMAGE.convert("RGBA"), "PNG")).alpha is None


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP", "TIFF"])
def test_takes_the_first_frame_and_says_so(format: str) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue", "lime")]

    picture = read(save(frames[0], format, save_all=True, append_images=frames[1:]))

    assert difference(picture.rgb[10, 10], np.array([255, 0, 0])) <= 4
    assert picture.notes == (SEVERAL_FRAMES,)


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (b"", BadInput, "empty"),
        (b"just a few words", NotAnImage, "not a picture"),
        (b"<!DOCTYPE html><html></html>", NotAnImage, "web page"),
        (b"%PDF-1.7 ...", NotAnImage, "PDF"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><!-- a --><svg/>", NotAnImage, "as PNG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", NotAnImage, "HEIC"),
        (b"http://localhost/a.png", NotAnImage, "not a picture"),
        (b"\xff\xd8\xff\xe0\0", BadInput, "cut off"),
        (b"II+\0\x08\0\0\0" + bytes(40), BadInput, "kind of TIFF"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isom", NotAnImage, "not a picture"),
        (make_png_header(1, 1), BadInput, "too small"),
        (make_png_header(7, 300), BadInput, "too small"),
        (make_png_header(8, 401), BadInput, "too narrow"),
        (make_png_header(1, 20_000), BadInput, "too small"),
        (make_png_header(10_000, 10_000), TooLarge, "10000x10000"),
        (make_png_header(2**31 - 1, 2**31 - 1), TooLarge, "too many pixels"),
    ],
)
def test_says_what_is_wrong(data: bytes, error: type[InkframeError], says: str) -> None:
    with pytest.raises(error, match=says) as caught:
        read(data, max_pixels=64_000_000)
    assert caught.value.message and caught.value.hint


def test_a_limit_above_pillows_own_holds() -> None:
    with pytest.raises(BadInput, match="cut off"):  # so it got beyond the check
        read(make_png_header(20_000, 20_000), max_pixels=500_000_000)
    assert Image.MAX_IMAGE_PIXELS is not None


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF"])
def test_a_cut_off_file_is_an_error(format: str) -> None:
    data = save(Image.fromarray(make_pixels(80, 90)), format)
    with pytest.raises(BadInput, match="damaged"):
        read(data[: len(data) * 2 // 3])


@pytest.mark.parametrize(
    "format", ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "AVIF", "deep PNG", "deep TIFF"]
)
def test_damage_never_leaks_a_decoders_error(format: str) -> None:
    deep = PIXELS.astype(np.uint16) * 257
    made = {"deep PNG": lambda: encode_cv(".png", deep), "deep TIFF": lambda: encode_cv(".tiff", deep)}
    data = made[format]() if format in made else save(IMAGE, format)
    random = np.random.default_rng(5)
    refused = 0
    for _ in range(60):
        damaged = bytearray(data)
        for at in random.integers(0, len(data), 4):
            damaged[at] = random.integers(256)
        try:
            read(bytes(damaged[: random.integers(1, len(data))]))
        except InkframeError as error:
            refused += 1
            assert error.hint
    assert refused > 5


def test_a_chunk_that_claims_gigabytes_is_not_believed() -> None:
    data = bytearray(encode_cv(".png", PIXELS.astype(np.uint16) * 257))
    at = data.index(b"IDAT") - 4
    data[at : at + 4] = b"\xb0\0\0\0"
    with pytest.raises(BadInput):
        read(bytes(data[: at + 60]))


def test_broken_exif_is_ignored() -> None:
    data = save(IMAGE, "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\xee" * 30)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read(data).width == 36


def test_limits_bytes_before_reading(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(save(IMAGE, "PNG") + bytes(2_000_000))

    for source in (path, path.read_bytes()):
        with pytest.raises(TooLarge, match="1 MB is the limit"):
            open_image(source, max_pixels=10_000, max_bytes=1_000_000)


def test_opens_a_path_under_its_name(tmp_path: Path) -> None:
    path = tmp_path / "cat.png"
    path.write_bytes(save(IMAGE, "PNG"))
    assert open_image(path, max_pixels=10_000).name == "cat.png"


@pytest.mark.parametrize("name", ["missing.png", "", "nul\0.png"])
def test_a_path_to_nothing_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput):
        open_image(tmp_path / name, max_pixels=10_000)


def test_shrinks_to_fit_and_never_enlarges() -> None:
    assert resize_to_fit(make_pixels(200, 400), 100).shape == (50, 100, 3)
    assert resize_to_fit(make_pixels(400, 8), 50).shape == (50, 1, 3)
    assert resize_to_fit(PIXELS, 100) is PIXELS
    checks = np.indices((64, 64)).sum(axis=0).astype(np.uint8) % 2 * 255
    assert difference(resize_to_fit(checks, 16), np.full((16, 16), 128)) <= 1
