"""Zips whose list of files is the attack: names and extra fields as long as the format allows."""

from __future__ import annotations

import io
import struct
import tracemalloc
from pathlib import Path

import pytest

from pipelines.batch.faults import LONG_NAME
from pipelines.batch.limits import Budget, Limits
from pipelines.batch.zip_layout import (
    LONGEST_NAME,
    UNICODE_PATH,
    ZIP64_EXTRA,
    Member,
    find_extra,
    read_central,
)
from pipelines.batch.zip_listing import list_members
from pipelines.errors import TooLarge
from tests.pipelines.batch.zips import JPEG, content, make_raw_zip, read_all

LONGEST = 0xFFFF


def field(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def record(name: bytes, extra: bytes = b"") -> bytes:
    """A file's record in the central directory."""
    head = b"PK\1\2" + struct.pack("<HHHHHHIII", 20, 20, 0, 0, 0, 0, 0, 0, 0)
    return head + struct.pack("<HHHHHII", len(name), len(extra), 0, 0, 0, 0, 0) + name + extra


def read_record(name: bytes, extra: bytes = b"") -> Member:
    found = read_central(io.BytesIO(record(name, extra)), 0, 0)
    assert found is not None and found[1] == len(record(name, extra))
    return found[0]


def test_only_the_extra_fields_that_are_used_are_kept() -> None:
    wide, path = field(ZIP64_EXTRA, bytes(16)), field(UNICODE_PATH, b"\1name")
    again = field(UNICODE_PATH, b"\1again")
    member = read_record(
        b"a.jpg", field(0xCAFE, bytes(50_000)) + wide + field(0x5455, b"time") + path + again
    )
    assert member.extra == wide + path


def test_extra_fields_without_end_are_not_walked_through() -> None:
    assert read_record(b"a.jpg", field(0xCAFE, b"") * 60 + field(UNICODE_PATH, b"\1")).extra
    assert not read_record(b"a.jpg", field(0xCAFE, b"") * 16_000 + field(UNICODE_PATH, b"\1")).extra
    assert find_extra(field(0xCAFE, b"") * 16_000 + field(UNICODE_PATH, b"\1"), UNICODE_PATH) is None


def test_a_name_that_no_system_opens_is_a_fault_of_its_row(tmp_path: Path) -> None:
    # given a zip with one such name, in Chinese, beside an ordinary one
    long = "照片".encode("gbk") * 1200 + b".jpg"
    long_one, plain = read_all(tmp_path, make_raw_zip([(long, JPEG), ("été.jpg".encode("cp437"), JPEG)]))
    # then the row keeps a start and an end of it, and the other row is as ever
    assert long_one.fault == LONG_NAME and str(LONGEST_NAME) in LONG_NAME
    assert long_one.path.endswith(".jpg") and len(long_one.path) < 200
    assert (plain.path, content(plain)) == ("été.jpg", JPEG)


def test_the_longest_name_is_still_read() -> None:
    assert read_record(b"a" * LONGEST_NAME).fault == ""
    assert read_record(b"a" * (LONGEST_NAME + 1)).fault == LONG_NAME


@pytest.mark.parametrize("whole", [True, False], ids=["central directory", "rescue"])
def test_names_are_counted_together(whole: bool) -> None:
    # given more names of the longest kind than files are allowed, each a folder and so no file that counts
    names = [b"%05d/" % number + b"a" * (LONGEST_NAME - 6) for number in range(120)]
    data = make_raw_zip((name, b"") for name in names)
    stream = io.BytesIO(data if whole else data[:-30])
    # when it is listed, then it is refused, unless more files are allowed
    with pytest.raises(TooLarge, match="names"):
        list_members(stream, "a.zip", Budget(Limits(max_files=10)))
    assert len(list(list_members(stream, "a.zip", Budget(Limits(max_files=30))).members)) == 120


def test_a_list_of_the_longest_records_takes_little_memory(tmp_path: Path) -> None:
    # given 6.5 MB of names and extra fields
    extra = field(0xCAFE, b"") * (LONGEST // 4)
    names = ["中".encode("gbk") * 32_000 + b"%d.jpg" % number for number in range(50)]
    path = tmp_path / "list.zip"
    start = b"PK\3\4" + struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
    listed = b"".join(record(name, extra) for name in names)
    path.write_bytes(
        start + listed + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 50, 50, len(listed), len(start), 0)
    )
    # when it is listed
    tracemalloc.start()
    with path.open("rb") as stream:
        members = list(list_members(stream, path.name, Budget(Limits())).members)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # then nothing of that stays
    assert len(members) == 50
    assert peak < 1_000_000
