"""Names in zips that do not say their encoding."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from pipelines.batch.zip_layout import UTF8_FLAG, Member
from pipelines.batch.zip_names import NAME_DAMAGED, READ_AS, decode_name, guess_encoding
from tests.pipelines.batch.zips import JPEG, make_raw_zip, make_zip, read_all

WINDOWS, UNIX = 0, 3
GBK, DOS = (READ_AS["gb18030"],), (READ_AS["cp437"],)


def member(name: bytes, host: int = WINDOWS, flags: int = 0, extra: bytes = b"") -> Member:
    return Member(name, flags, 0, 0, 0, 0, 0, extra, host)


def read(*names: bytes, host: int = WINDOWS) -> list[tuple[str, tuple[str, ...]]]:
    members = [member(name, host) for name in names]
    guess = guess_encoding(members)
    return [decode_name(each, guess) for each in members]


def unicode_field(name: bytes, text: str) -> bytes:
    body = b"\1" + struct.pack("<I", zlib.crc32(name)) + text.encode()
    return struct.pack("<HH", 0x7075, len(body)) + body


@pytest.mark.parametrize(
    "text", ["中文/照片.jpg", "一.jpg", "联通.jpg", "新建文件夹/图片(1).png", "茅台.jpg"]
)
def test_reads_chinese_windows_names(text: str) -> None:
    assert read(text.encode("gbk")) == [(text, GBK)]


@pytest.mark.parametrize(
    "text", ["中文/照片.jpg", "café.jpg", "фото.jpg", "日本語.png", "cafe\u0301.jpg", "😀.png"]
)
def test_reads_utf8_names_without_the_flag(text: str) -> None:
    assert read(text.encode(), host=UNIX) == [(text, ())]


@pytest.mark.parametrize(
    "text", ["café.jpg", "été/frère.jpg", "Übung größe.png", "piñata.jpg", "smörgåsbord.png"]
)
def test_reads_dos_names(text: str) -> None:
    assert read(text.encode("cp437")) == [(text, DOS)]


def test_one_name_that_is_no_utf8_decides_for_all() -> None:
    found = read("一.jpg".encode("gbk"), "照片.jpg".encode("gbk"), host=UNIX)
    assert found == [("一.jpg", GBK), ("照片.jpg", GBK)]
    assert read("一.jpg".encode("gbk"), host=UNIX) == [("һ.jpg", ())]


def test_a_zip_of_two_programs_keeps_both() -> None:
    found = read("照片.jpg".encode("gbk"), "日本の写真.jpg".encode(), host=UNIX)
    assert found == [("照片.jpg", GBK), ("日本の写真.jpg", ())]


def test_the_flag_and_the_unicode_field_are_believed() -> None:
    assert decode_name(member("茅.jpg".encode(), flags=UTF8_FLAG), "cp437") == ("茅.jpg", ())
    name = b"?.jpg"
    assert decode_name(member(name, extra=unicode_field(name, "照.jpg"))) == ("照.jpg", ())


def test_a_unicode_field_of_another_name_is_not_believed() -> None:
    field = unicode_field(b"other", "wrong.jpg")
    assert decode_name(member(b"right.jpg", extra=field)) == ("right.jpg", ())
    assert decode_name(member(b"right.jpg", extra=b"\x75\x70\xff\xff\1")) == ("right.jpg", ())


def test_a_flag_that_is_wrong_does_no_harm() -> None:
    assert decode_name(member("照片.jpg".encode("gbk"), flags=UTF8_FLAG)) == ("照片.jpg", GBK)
    assert decode_name(member(b"a\xff.jpg", flags=UTF8_FLAG)) == (
        "a\N{REPLACEMENT CHARACTER}.jpg",
        (NAME_DAMAGED,),
    )


def test_names_come_out_of_whole_zips(tmp_path: Path) -> None:
    data = make_raw_zip([("旅行/照片.jpg".encode("gbk"), JPEG), (b"plain.jpg", JPEG)])
    first, second = read_all(tmp_path, data)
    assert (first.path, first.output, first.notes) == ("旅行/照片.jpg", "旅行/照片.png", GBK)
    assert (second.path, second.notes) == ("plain.jpg", ())
    (flagged,) = read_all(tmp_path, make_zip([("旅行/照片.jpg", JPEG)]))
    assert (flagged.path, flagged.notes) == ("旅行/照片.jpg", ())


def test_a_chinese_letter_that_ends_like_a_folder_is_none(tmp_path: Path) -> None:
    """The second byte of 乗 in GBK is a backslash."""
    folder, picture = "照片\\".encode("gbk"), "照片一乗".encode("gbk")
    assert picture.endswith(b"\\")
    (entry,) = read_all(tmp_path, make_raw_zip([(folder, b""), (picture, JPEG)]))
    assert (entry.path, entry.output) == ("照片一乗", "照片一乗.png")
