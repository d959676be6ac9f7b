"""TIFFs whose tags claim far more than the file holds: refused before a decoder takes them at their word."""

from __future__ import annotations

import struct

import pytest
from PIL import Image, TiffImagePlugin
from PIL.PngImagePlugin import PngInfo

from pipelines.errors import BadInput
from pipelines.image.tiff_tags import MOST_NUMBERS, MOST_TAGS, is_bearable
from tests.pipelines.image.samples import make_pixels, make_srgb_profile, read, save

BYTE, SHORT, LONG, RATIONAL = 1, 3, 4, 5
STRIP_OFFSETS, STRIP_SIZES, EXIF = 273, 279, 34665
SIDE = 64
Row = tuple[int, int, int, int | bytes]
"""A tag's number, type, count, and its value: an offset, or the bytes of the field itself."""


def make_tiff(rows: list[Row], rest: bytes, order: str = "<", wide: bool = False) -> bytes:
    """A TIFF of these tags with `rest` behind them; an offset counts from the start of `rest`."""
    head = {"<": b"II", ">": b"MM"}[order] + struct.pack(order + "H", 43 if wide else 42)
    head += struct.pack(order + "HHQ", 8, 0, 16) if wide else struct.pack(order + "I", 8)
    counts, entry, offset = ("Q", "HHQ", "Q") if wide else ("H", "HHI", "I")
    each = struct.calcsize(order + entry) + struct.calcsize(order + offset)
    start = len(head) + struct.calcsize(order + counts) + each * len(rows) + struct.calcsize(order + offset)
    body = struct.pack(order + counts, len(rows))
    for number, kind, count, value in rows:
        body += struct.pack(order + entry, number, kind, count)
        room = struct.calcsize(order + offset)
        whole = isinstance(value, int)
        body += struct.pack(order + offset, start + value) if whole else value.ljust(room, b"\0")  # type: ignore
    return head + body + struct.pack(order + offset, 0) + rest


def make_picture_rows(order: str) -> list[Row]:
    values = {256: SIDE, 257: SIDE, 258: 8, 259: 1, 262: 1, 277: 1, 278: 1}
    return [(number, SHORT, 1, struct.pack(order + "H", value)) for number, value in values.items()]


def make_strips(count: int, order: str = "<", wide: bool = False) -> bytes:
    """A small grey picture whose strips are said to be `count`, all their offsets and sizes in one array."""
    rows = make_picture_rows(order)
    rows += [(STRIP_OFFSETS, SHORT, count, 0), (STRIP_SIZES, SHORT, count, 0)]
    return make_tiff(rows, struct.pack(order + "H", SIDE) * count, order, wide)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("wide", [False, True])
def test_strips_without_end_are_refused(order: str, wide: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a file whose strips cost a decoder one object each
    data = make_strips(50_000, order, wide)
    # when it is opened, then no decoder sees it
    monkeypatch.setattr(Image, "open", lambda *_args, **_options: pytest.fail("it reached the decoder"))
    with pytest.raises(BadInput, match="TIFF"):
        read(data)


def test_a_strip_for_each_row_is_no_bomb() -> None:
    data = make_strips(SIDE)
    assert is_bearable(data)
    assert read(data).rgb.shape == (SIDE, SIDE, 3)


def test_numbers_are_counted_even_where_the_file_holds_them_all() -> None:
    rows: list[Row] = [(STRIP_OFFSETS, SHORT, MOST_NUMBERS, 0)]
    assert is_bearable(make_tiff(rows, bytes(2 * MOST_NUMBERS)))
    assert not is_bearable(make_tiff([*rows, (STRIP_SIZES, SHORT, 1, b"\1")], bytes(2 * MOST_NUMBERS)))


def test_one_value_under_many_tags_is_refused() -> None:
    """A decoder makes a copy for each."""
    rows: list[Row] = [(40_000 + each, BYTE, 100_000, 0) for each in range(10)]
    assert not is_bearable(make_tiff(rows, bytes(100_000)))
    assert is_bearable(make_tiff(rows[:1], bytes(100_000)))


def test_tags_without_end_are_refused() -> None:
    rows: list[Row] = [(each, SHORT, 1, b"\1") for each in range(MOST_TAGS + 1)]
    assert not is_bearable(make_tiff(rows, b""))
    assert is_bearable(make_tiff(rows[1:], b""))


@pytest.mark.parametrize("kind", [SHORT, LONG])
@pytest.mark.parametrize("order", ["<", ">"])
def test_directories_below_the_first_count_too(kind: int, order: str) -> None:
    # given EXIF of ten resolutions, each with all the numbers there are
    numbers = 20_000
    inner = struct.pack(order + "H", 10)
    start = 8 + 2 + 12 + 4
    values = start + 2 + 10 * 12
    for each in range(10):
        inner += struct.pack(order + "HHII", 40_000 + each, RATIONAL, numbers, values)
    rest = inner + bytes(8 * numbers)
    place = struct.pack(order + ("H" if kind == SHORT else "I"), start)
    assert not is_bearable(make_tiff([(EXIF, kind, 1, place)], rest, order))
    # and a directory that names itself comes to an end
    itself = struct.pack(order + "HHHI", 1, EXIF, LONG, 1) + struct.pack(order + "I", start)
    assert is_bearable(make_tiff([(EXIF, kind, 1, place)], itself, order))


def test_what_real_files_carry_is_let_through() -> None:
    # given a picture with a palette, a profile, EXIF and three megabytes of XMP
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[700], tags.tagtype[700] = bytes(3_000_000), 1
    tags[EXIF] = {36867: "2024:01:01 00:00:00"}
    image = Image.fromarray(make_pixels()).quantize(16)
    data = save(image, "TIFF", tiffinfo=tags, icc_profile=make_srgb_profile())
    # then nothing is held against it
    assert is_bearable(data)
    assert read(data).rgb.shape == (24, 36, 3)


def test_a_file_that_is_cut_off_anywhere_is_left_to_the_decoders() -> None:
    data = make_strips(SIDE)
    assert all(is_bearable(data[:end]) for end in range(2, len(data)))


@pytest.mark.parametrize("format", ["WEBP", "PNG", "JPEG"])
def test_exif_that_claims_too_much_is_ignored(format: str) -> None:
    # given EXIF that turns the picture, and has ten copies of the same value
    rows: list[Row] = [(274, SHORT, 1, struct.pack("<H", 6))]
    modest = make_tiff(rows, bytes(50_000))
    rows += [(40_000 + each, BYTE, 50_000, 0) for each in range(10)]
    greedy = make_tiff(rows, bytes(50_000))
    # then only one that holds what it claims is followed
    shapes = [
        read(save(Image.fromarray(make_pixels()), format, exif=b"Exif\0\0" + exif)).rgb.shape
        for exif in (modest, greedy)
    ]
    assert shapes == [(36, 24, 3), (24, 36, 3)]


def test_exif_in_a_text_of_a_png_is_measured_too() -> None:
    rows: list[Row] = [(274, SHORT, 1, struct.pack("<H", 6))]
    for count, shape in ((0, (36, 24, 3)), (10, (24, 36, 3))):
        exif = make_tiff([*rows, *[(40_000 + each, BYTE, 50_000, 0) for each in range(count)]], bytes(50_000))
        texts = PngInfo()
        texts.add_text("Raw profile type exif", f"\nexif\n{len(exif):8}\n{exif.hex()}\n", zip=True)
        assert read(save(Image.fromarray(make_pixels()), "PNG", pnginfo=texts)).rgb.shape == shape
