"""Zips written as a stream, read back by other programs."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from pipelines.batch import zip_writing
from pipelines.batch.zip_writing import stream_zip
from tests.pipelines.batch.zips import JPEG, PNG, content, read_all


def pack(members: list[tuple[str, Path | bytes]]) -> bytes:
    return b"".join(stream_zip(members))


def test_holds_files_and_bytes_under_their_names(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    data = pack([("manifest.csv", b"x,y"), ("旅行/照片 1.png", tmp_path / "a.png"), ("empty", b"")])
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        assert found.testzip() is None
        assert found.namelist() == ["manifest.csv", "旅行/照片 1.png", "empty"]
        assert found.read("旅行/照片 1.png") == PNG
        assert all(info.date_time == (1980, 1, 1, 0, 0, 0) for info in found.infolist())
        assert all(not info.flag_bits & 8 and info.compress_type == 0 for info in found.infolist())


def test_the_same_files_make_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    assert pack([("a.png", tmp_path / "a.png")]) == pack([("a.png", PNG)])


def test_a_zip_of_nothing_is_a_zip() -> None:
    assert zipfile.ZipFile(io.BytesIO(pack([]))).namelist() == []


@pytest.mark.skipif(not shutil.which("unzip"), reason="needs unzip")
def test_other_programs_find_nothing_wrong(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(pack([("旅行/a.png", PNG), ("b.txt", b"x" * 1000)]))
    assert subprocess.run(["unzip", "-tq", path], capture_output=True).returncode == 0


def test_half_a_download_can_still_be_read(tmp_path: Path) -> None:
    data = pack([(f"{n}.jpg", JPEG) for n in range(10)])
    entries = read_all(tmp_path, data[: len(data) // 2])
    assert sum(content(each) == JPEG for each in entries) >= 4


def test_needs_no_more_memory_for_large_files(tmp_path: Path) -> None:
    big = tmp_path / "big"
    with big.open("wb") as file:
        file.truncate(60_000_000)
    tracemalloc.start()
    sizes = sum(len(piece) for piece in stream_zip([("a", big), ("b", big)]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 120_000_000 < sizes < 120_001_000
    assert peak < 3_000_000


def test_asks_for_each_file_when_its_turn_comes(tmp_path: Path) -> None:
    asked = []

    def members() -> Iterator[tuple[str, bytes]]:
        for name in "ab":
            asked.append(name)
            yield name, b"x"

    pieces = stream_zip(members())
    next(pieces)
    assert asked == ["a"]


@pytest.mark.parametrize("count", [0, 3, 65_537])
def test_more_files_than_sixteen_bits_hold(count: int) -> None:
    data = pack([(f"{n}", b"") for n in range(count)])
    assert len(zipfile.ZipFile(io.BytesIO(data)).namelist()) == count


def test_offsets_and_sizes_over_32_bits(tmp_path: Path) -> None:
    """Four GB would take too long: the writer takes 1,500 for the limit, and its mark is put in after."""
    files = {"a": bytes(2000), "b.png": PNG, "c.jpg": JPEG}
    with patch.object(zip_writing, "FULL_32", 1500):
        data = pack(list(files.items()))
    mark = struct.pack("<I", 1500)
    assert data.count(mark) == 7  # a's two sizes, twice; the offsets of b and c; the directory's
    wide = data.replace(mark, b"\xff\xff\xff\xff")
    with zipfile.ZipFile(io.BytesIO(wide)) as found:
        assert {name: found.read(name) for name in found.namelist()} == files
    assert [content(each) for each in read_all(tmp_path, wide)[1:]] == [PNG, JPEG]


@pytest.mark.parametrize("name", ["", "/a", "../a", "a/../b", "a//b", "a\\b", "a\0", "."])
def test_names_that_leave_the_zip_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a path"):
        pack([(name, b"x")])


def test_a_file_that_changes_under_way_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 100)
    pieces = stream_zip([("a", path)])
    next(pieces)
    path.write_bytes(b"y" * 100)
    with pytest.raises(OSError, match="changed"):
        list(pieces)
