"""Zips as they come: good ones whole, bad ones with a reason for each file, hostile ones kept in bounds."""

from __future__ import annotations

import pickle
import random
import stat
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from pipelines.batch import faults
from pipelines.batch.output_names import BACKSLASHES, OUTSIDE
from pipelines.batch.sources import Given, Limits, read_entries
from pipelines.errors import BadInput, TooLarge
from tests.pipelines.batch.zips import (
    JPEG,
    PNG,
    content,
    make_link,
    make_raw_zip,
    make_special,
    make_streamed_zip,
    make_zip,
    read_all,
)

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("make", [make_zip, make_streamed_zip])
def test_gives_every_picture_under_its_own_name(tmp_path: Path, make: object, method: int) -> None:
    data = make([("trip/day 1/IMG_1.JPG", JPEG), ("trip/b.png", PNG), ("empty/", b"")], method)
    entries = read_all(tmp_path, data)
    assert [(each.path, each.output) for each in entries] == [
        ("trip/day 1/IMG_1.JPG", "trip/day 1/IMG_1.png"),
        ("trip/b.png", "trip/b.png"),
    ]
    assert [content(each) for each in entries] == [JPEG, PNG]
    assert [each.size for each in entries] == [len(JPEG), len(PNG)]
    assert not any(each.fault or each.notes for each in entries)


@pytest.mark.parametrize("method", METHODS)
def test_unpacks_large_files_in_pieces(tmp_path: Path, method: int) -> None:
    big = bytes(range(256)) * 4000 + bytes(2_000_000)
    (entry,) = read_all(tmp_path, make_zip([("a.png", big)], method))
    with entry.open() as stream:
        assert stream.read(10) == big[:10]
        assert stream.read(300_000) == big[10:300_010]
        assert stream.read() == big[300_010:]
        assert stream.read() == b""


def test_an_entry_can_be_opened_often_and_travel_to_another_process(tmp_path: Path) -> None:
    inner = make_zip([("x.png", PNG)])
    for entry in read_all(tmp_path, make_zip([("a.jpg", JPEG), ("in.zip", inner)])):
        first, second = entry.open(), pickle.loads(pickle.dumps(entry)).open()
        assert first.read(4) == second.read(4)
        assert first.read() == second.read()
        first.close()
        second.close()


def test_lists_other_files_as_rows_and_leaves_out_what_systems_put_there(tmp_path: Path) -> None:
    shown = [("a.jpg", JPEG), ("read me.txt", b"hello"), ("b", PNG)]
    hidden = ["__MACOSX/._a.jpg", ".hidden.jpg", "sub/Thumbs.db", "sub/.git/c.png"]
    data = make_zip([*shown, *((name, PNG) for name in hidden)])
    found = [(each.path, each.output, each.fault) for each in read_all(tmp_path, data)]
    assert found == [
        ("a.jpg", "a.png", ""),
        ("read me.txt", "", faults.NOT_A_PICTURE),
        ("b", "b.png", ""),
    ]
    assert faults.status_of(faults.NOT_A_PICTURE) == "skipped"
    assert faults.status_of(faults.ENCRYPTED) == "failed"


@pytest.mark.parametrize(
    ("name", "path", "note"),
    [
        ("../../etc/x.jpg", "etc/x.jpg", OUTSIDE),
        ("/etc/x.jpg", "etc/x.jpg", OUTSIDE),
        ("C:/etc/x.jpg", "etc/x.jpg", OUTSIDE),
        ("a/../../x.jpg", "a/x.jpg", OUTSIDE),
        ("//server/share/x.jpg", "server/share/x.jpg", OUTSIDE),
        ("..\\..\\x.jpg", "x.jpg", OUTSIDE),
        ("a\\b\\x.jpg", "a/b/x.jpg", BACKSLASHES),
    ],
)
def test_names_that_point_outside_stay_inside(tmp_path: Path, name: str, path: str, note: str) -> None:
    (entry,) = read_all(tmp_path, make_raw_zip([(name.encode(), JPEG)]))
    assert (entry.path, entry.output) == (path, path.replace(".jpg", ".png"))
    assert note in entry.notes
    assert content(entry) == JPEG


def test_says_why_a_file_is_not_read(tmp_path: Path) -> None:
    cases = {
        faults.LINK: make_link("a.jpg", "/etc/passwd"),
        faults.SPECIAL: make_special("a.jpg", stat.S_IFIFO, b""),
        faults.ENCRYPTED: make_raw_zip([(b"a.jpg", JPEG)], flags=1),
        faults.COMPRESSION.format(method="Deflate64"): make_raw_zip([(b"a.jpg", JPEG)], method=9),
        faults.COMPRESSION.format(method="method 77"): make_raw_zip([(b"a.jpg", JPEG)], method=77),
    }
    for fault, data in cases.items():
        with pytest.raises(BadInput, match=r"No picture in given\.zip can be read") as caught:
            read_all(tmp_path, data)
        assert caught.value.hint == fault


def test_a_file_with_a_fault_can_not_be_opened(tmp_path: Path) -> None:
    entries = read_all(tmp_path, make_zip([("a.jpg", JPEG), ("b.txt", b"x")]))
    assert content(entries[1]) == faults.NOT_A_PICTURE


def test_opens_zips_one_level_down_like_folders(tmp_path: Path) -> None:
    deep = make_zip([("d.png", PNG)])
    inner = make_zip([("x.jpg", JPEG), ("y/deep.zip", deep)])
    data = make_zip(
        [("a.jpg", JPEG), ("sub/in.zip", inner), ("none.zip", make_zip([])), ("bad.zip", b"garbage")]
    )
    entries = read_all(tmp_path, data)
    assert [(each.path, each.output, each.fault) for each in entries] == [
        ("a.jpg", "a.png", ""),
        ("sub/in.zip/x.jpg", "sub/in/x.png", ""),
        ("sub/in.zip/y/deep.zip", "", faults.TOO_DEEP),
        ("none.zip", "", faults.NOTHING_INSIDE),
        ("bad.zip", "", entries[4].fault),
    ]
    assert entries[4].fault.startswith("bad.zip is not a zip")
    assert content(entries[1]) == JPEG


def count_unnamed() -> int:
    """Open files of this process without a name; other tests may have left some."""
    folder = Path("/proc/self/fd")
    return sum("deleted" in str(path.resolve()) for path in folder.iterdir()) if folder.is_dir() else 0


def test_many_zips_in_a_zip_need_few_open_files(tmp_path: Path) -> None:
    data = make_zip([(f"{n}.zip", make_zip([("x.jpg", JPEG)])) for n in range(40)])
    before = count_unnamed()
    entries = read_all(tmp_path, data)
    assert count_unnamed() - before < 10
    assert [content(each) for each in entries] == [JPEG] * 40
    assert entries[1].output == "1/x.png"


# --- whole zips that can't be used -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (make_zip([]), "There is nothing in given.zip."),
        (make_zip([("__MACOSX/x", b"")]), "There is nothing in given.zip."),
        (make_zip([("a.txt", b"x")]), "There are no pictures in given.zip."),
        (b"", "given.zip is not a zip"),
        (b"PK\3\4", "given.zip is not a zip"),
        (b"hello, this is no zip at all", "given.zip is not a zip"),
        (b"Rar!\x1a\x07\x00rest", "given.zip is a RAR archive, not a zip."),
        (b"7z\xbc\xaf\x27\x1crest", "given.zip is a 7z archive, not a zip."),
    ],
)
def test_says_what_is_wrong_with_a_zip(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_all(tmp_path, data)
    assert caught.value.message.startswith(message)
    assert caught.value.hint


def test_refuses_a_part_of_a_split_zip(tmp_path: Path) -> None:
    data = bytearray(make_zip([("a.jpg", JPEG)]))
    struct.pack_into("<HH", data, len(data) - 18, 2, 0)
    with pytest.raises(BadInput, match="split"):
        read_all(tmp_path, bytes(data))


def test_a_picture_with_the_ending_of_a_zip_is_a_picture(tmp_path: Path) -> None:
    (entry,) = read_all(tmp_path, JPEG)
    assert (entry.output, content(entry)) == ("given.zip.png", JPEG)


def test_reads_a_zip_behind_other_bytes_and_before_some(tmp_path: Path) -> None:
    whole = make_zip([("a.jpg", JPEG), ("b.png", PNG)])
    for data in (b"MZ program" * 100 + whole, whole + b"\0" * 500):
        assert [content(each) for each in read_all(tmp_path, data)] == [JPEG, PNG]


def test_bytes_before_a_zip_do_not_hide_what_only_its_list_knows(tmp_path: Path) -> None:
    data = b"MZ program" * 100 + make_link("a.jpg", "/etc/passwd")
    with pytest.raises(BadInput) as caught:
        read_all(tmp_path, data)
    assert caught.value.hint == faults.LINK


def test_an_old_zip_may_hold_more_files_than_its_end_record_can_count(tmp_path: Path) -> None:
    data = make_raw_zip([(b"%d.png" % number, b"") for number in range(65_540)])
    assert len(read_all(tmp_path, data, max_files=70_000)) == 65_540


@pytest.mark.parametrize("method", METHODS)
def test_packed_data_that_stops_early_is_noticed(tmp_path: Path, method: int) -> None:
    """Shorter by a third in both of its records; nothing else is wrong."""
    data = bytearray(make_zip([("a.jpg", JPEG)], method))
    for at in (18, data.index(b"PK\1\2") + 20):
        (packed,) = struct.unpack_from("<I", data, at)
        struct.pack_into("<I", data, at, packed * 2 // 3)
    (entry,) = read_all(tmp_path, bytes(data))
    assert content(entry) == (faults.CUT_OFF if method else faults.DAMAGED)


# --- bombs -----------------------------------------------------------------------------------------------


def test_a_bomb_is_one_row_and_is_never_unpacked(tmp_path: Path) -> None:
    data = make_zip([("a.jpg", JPEG), ("bomb.png", bytes(30_000_000))])
    entries = read_all(tmp_path, data)
    assert [each.fault for each in entries] == ["", faults.RATIO.format(ratio=200)]
    raised = read_all(tmp_path, data, max_ratio=2000)
    assert [each.fault for each in raised] == ["", ""]


def test_a_small_plain_bmp_is_no_bomb(tmp_path: Path) -> None:
    (entry,) = read_all(tmp_path, make_zip([("white.bmp", b"BM" + b"\xff" * 3_000_000)]))
    assert entry.fault == ""


def test_a_file_never_gives_more_than_the_zip_says(tmp_path: Path) -> None:
    data = bytearray(make_zip([("a.png", bytes(5_000_000))]))
    at = data.index(b"PK\1\2")
    struct.pack_into("<I", data, at + 24, 1000)
    (entry,) = read_all(tmp_path, bytes(data))
    tracemalloc.start()
    assert content(entry) == faults.DAMAGED
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert entry.size == 1000
    assert peak < 1_000_000


def test_counts_what_all_files_unpack_to(tmp_path: Path) -> None:
    data = make_zip([(f"{n}.png", bytes(1_000_000)) for n in range(5)])
    assert len(read_all(tmp_path, data, max_unpacked=5_000_000)) == 5
    with pytest.raises(TooLarge, match="unpacks to more than 4") as caught:
        read_all(tmp_path, data, max_unpacked=4_000_000)
    assert "INKFRAME_MAX_BATCH_UNPACKED_MB" in caught.value.hint


def test_counts_what_inner_zips_unpack_to(tmp_path: Path) -> None:
    inner = make_zip([("x.png", bytes(2_000_000))])
    with pytest.raises(TooLarge):
        read_all(tmp_path, make_zip([(f"{n}.zip", inner) for n in range(5)]), max_unpacked=9_000_000)


def test_counts_inner_zips_themselves(tmp_path: Path) -> None:
    inner = make_zip([("x.txt", random.Random(1).randbytes(2_000_000))])
    data = make_zip([("a.jpg", JPEG), *((f"{n}.zip", inner) for n in range(5))])
    assert len(read_all(tmp_path, data, max_unpacked=11_000_000)) == 6
    with pytest.raises(TooLarge):
        read_all(tmp_path, data, max_unpacked=9_000_000)


def test_an_overlapping_bomb_is_counted_as_often_as_it_is_listed(tmp_path: Path) -> None:
    """One block of data, listed a thousand times (Fifield, "A better zip bomb", 2019)."""
    data = bytearray(make_zip([("a.png", bytes(9_000_000))]))
    at, end = data.index(b"PK\1\2"), data.index(b"PK\5\6")
    record = bytes(data[at:end])
    tail = struct.pack("<HHHHIIH", 0, 0, 1000, 1000, 1000 * len(record), at, 0)
    with pytest.raises(TooLarge):
        read_all(tmp_path, bytes(data[:at]) + record * 1000 + b"PK\5\6" + tail, max_unpacked=1_000_000_000)


def test_counts_files(tmp_path: Path) -> None:
    data = make_zip([(f"{n}.png", PNG) for n in range(11)])
    assert len(read_all(tmp_path, data, max_files=11)) == 11
    with pytest.raises(TooLarge, match="more than 10 files") as caught:
        read_all(tmp_path, data, max_files=10)
    assert "INKFRAME_MAX_BATCH_FILES" in caught.value.hint


def test_a_list_of_nothing_but_folders_ends_too(tmp_path: Path) -> None:
    data = make_zip([(f"{n}/", b"") for n in range(2000)])
    with pytest.raises(TooLarge):
        read_all(tmp_path, data, max_files=10)


def test_a_file_of_nothing_but_marks_ends_too(tmp_path: Path) -> None:
    """Without its list a zip is searched for headers; each that might be one is counted."""
    with pytest.raises(TooLarge):
        read_all(tmp_path, b"PK\3\4" * 500_000, max_files=10)


def test_a_picture_over_the_limit_is_a_row(tmp_path: Path) -> None:
    entries = read_all(tmp_path, make_zip([("a.jpg", JPEG), ("b.bmp", bytes(3000))]), max_file=2000)
    assert [each.fault for each in entries] == ["", faults.TOO_BIG.format(size=0.003, limit=0.002)]


def test_thousands_of_tiny_files_are_listed_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    path.write_bytes(make_zip([(f"{n // 100}/{n}.png", b"\x89PNG") for n in range(3_000)]))
    tracemalloc.start()
    outputs = sum(1 for entry in read_entries([Given(path, "many.zip")], Limits(), ".png") if entry.output)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert outputs == 3_000
    assert peak < 3_000_000
