from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from pipelines.errors import BadInput, TooLarge
from pipelines.webcam.frames import Rgb
from pipelines.webcam.picture_header import MOST_STEPS, read_size
from pipelines.webcam.stages import check_size, decode, encode, find_size, fit


def write(rgb: Rgb, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(rgb).save(stream, kind, **options)
    return stream.getvalue()


def paint(width: int, height: int) -> Rgb:
    """Red on the left, blue on the right."""
    rgb = np.zeros((height, width, 3), np.uint8)
    rgb[:, : width // 2, 0] = rgb[:, width // 2 :, 2] = 220
    return rgb


KINDS: list[tuple[str, dict[str, object]]] = [
    ("JPEG", {}),
    ("JPEG", {"progressive": True}),
    ("JPEG", {"exif": b"Exif\0\0" + bytes(300), "comment": b"x" * 500}),
    ("WEBP", {"quality": 80}),
    ("WEBP", {"lossless": True}),
    ("WEBP", {"quality": 80, "xmp": b"<x/>"}),
]


@pytest.mark.parametrize(("kind", "options"), KINDS)
@pytest.mark.parametrize("size", [(64, 48), (65, 33), (1, 1)])
def test_sizes_are_read_from_the_first_bytes(
    kind: str, options: dict[str, object], size: tuple[int, int]
) -> None:
    assert read_size(write(paint(*size), kind, **options)) == size


@pytest.mark.parametrize(
    "filler", [b"\xff", b"\xff\x01", b"\xff\xe1\0\2"], ids=["bytes", "markers", "segments"]
)
def test_a_header_behind_nothing_but_filler_is_given_up(filler: bytes) -> None:
    start, rest = b"\xff\xd8", write(paint(64, 48), "JPEG")[2:]
    assert read_size(start + 1000 * filler + rest) == (64, 48)
    assert read_size(start + MOST_STEPS * filler + rest) is None


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_pixels_come_as_rgb(kind: str) -> None:
    rgb = decode(write(paint(64, 48), kind), 640)
    assert np.abs(rgb[24, 10].astype(int) - (220, 0, 0)).max() < 20
    assert np.abs(rgb[24, 60].astype(int) - (0, 0, 220)).max() < 20


def test_large_jpegs_are_decoded_smaller_but_not_too_small() -> None:
    data = write(paint(1280, 720), "JPEG")
    assert decode(data, 1280).shape == (720, 1280, 3)
    assert decode(data, 641).shape == (720, 1280, 3)
    assert decode(data, 640).shape == (360, 640, 3)
    assert decode(data, 200).shape == (180, 320, 3)


def test_garbage_is_refused_wherever_it_breaks() -> None:
    whole = write(paint(64, 48), "JPEG", comment=b"c" * 40)
    webp = write(paint(64, 48), "WEBP")
    broken = [b"", b"\xff", b"hello", whole[:20], whole[: len(whole) // 2], whole[:-2], webp[:25], webp[:-9]]
    broken += [b"\xff\xd8" + bytes(100) + b"\xff\xd9", b"\xff\xd8\xff\xff\xff\xd9", b"RIFF" + bytes(40)]
    broken += [write(paint(64, 48), "PNG"), whole[:4] + b"\0\0" + whole[6:]]
    for data in broken:
        with pytest.raises(BadInput):
            decode(data, 640)


def test_any_bytes_end_in_pixels_or_in_an_error_with_words() -> None:
    random, whole = np.random.default_rng(0), bytearray(write(paint(64, 48), "JPEG"))
    for _ in range(150):
        data = bytearray(whole)
        for place in random.integers(2, 200, 3):
            data[place] = random.integers(256)
        try:
            assert decode(bytes(data), 64).dtype == np.uint8
        except (BadInput, TooLarge):
            continue


def test_frames_of_8k_are_refused_before_they_are_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    # given a small file that says it is 8K
    data = bytearray(write(paint(64, 48), "JPEG"))
    start = data.index(b"\xff\xc0")
    data[start + 5 : start + 9] = (4320).to_bytes(2, "big") + (7680).to_bytes(2, "big")
    monkeypatch.setattr(cv2, "imdecode", None)
    # then it is refused by its header
    with pytest.raises(TooLarge, match="7680x4320"):
        decode(bytes(data), 640)
    with pytest.raises(TooLarge):
        check_size((7680, 4320))


@pytest.mark.parametrize(
    ("source", "longest", "multiple", "wanted"),
    [
        ((640, 480), 384, 8, (384, 288)),
        ((480, 640), 384, 8, (288, 384)),
        ((1280, 720), 384, 16, (384, 224)),
        ((1000, 10), 256, 32, (256, 32)),
        ((1, 1), 8, 8, (8, 8)),
    ],
)
def test_sizes_keep_the_shape_in_multiples(
    source: tuple[int, int], longest: int, multiple: int, wanted: tuple[int, int]
) -> None:
    assert find_size(source, longest, multiple) == wanted


def test_frames_are_fitted_and_turned_about() -> None:
    rgb = fit(paint(64, 48), (32, 24), mirror=True)
    assert rgb.shape == (24, 32, 3)
    assert rgb[12, 2, 2] == rgb[12, 30, 0] == 220
    same = paint(32, 24)
    assert fit(same, (32, 24), mirror=False) is same


def test_encoded_frames_are_jpegs_of_the_same_picture() -> None:
    data = encode(paint(64, 48), 90)
    assert data[:2] == b"\xff\xd8"
    assert np.abs(decode(data, 64).astype(int) - paint(64, 48)).mean() < 4
    assert len(encode(paint(64, 48), 30)) < len(data)
