"""Damaged zips: what can still be read is read, and the rest has a reason."""

from __future__ import annotations

import random
import struct
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from pipelines.batch import faults
from pipelines.batch.entry import Entry
from pipelines.batch.sources import Given, Limits, read_entries
from pipelines.errors import BadInput, TooLarge
from tests.pipelines.batch.zips import content, make_streamed_zip, make_zip, read_all

NOISE = random.Random(1)
FILES = [(f"album/{n}.png", b"\x89PNG" + NOISE.randbytes(900)) for n in range(20)]
MAKERS = [make_zip, make_streamed_zip, partial(make_streamed_zip, method=zipfile.ZIP_STORED)]


def good(entries: list[Entry]) -> dict[str, bytes | str]:
    """The files that came out whole."""
    return {each.path: content(each) for each in entries if not each.fault and content(each) in WHOLE}


WHOLE = {data for _, data in FILES}


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("kept", [0.3, 0.55, 0.9])
def test_reads_what_is_left_of_a_zip_that_is_cut_off(
    tmp_path: Path, make: Callable[..., bytes], kept: float
) -> None:
    whole = make(FILES)
    body = whole.index(b"PK\1\2")
    entries = read_all(tmp_path, whole[: int(body * kept)])
    found = good(entries)
    assert len(found) == int(20 * kept)
    assert found == dict(FILES[: len(found)])
    assert entries[-1].fault == faults.LOST
    assert all(each.fault in ("", faults.CUT_OFF, faults.DAMAGED) for each in entries[:-1])


@pytest.mark.parametrize("make", MAKERS)
def test_reads_what_is_left_when_the_front_is_gone(tmp_path: Path, make: Callable[..., bytes]) -> None:
    whole = make(FILES)
    entries = read_all(tmp_path, whole[5000:])
    found = good(entries)
    assert found == dict(FILES[20 - len(found) :])
    assert len(found) >= 13
    lost = {each.path for each in entries if each.fault == faults.DAMAGED}
    assert lost == {name for name, _ in FILES} - set(found)


@pytest.mark.parametrize("make", MAKERS)
def test_reads_what_is_left_when_the_middle_is_gone(tmp_path: Path, make: Callable[..., bytes]) -> None:
    whole = make(FILES)
    entries = read_all(tmp_path, whole[:5000] + whole[9000:])
    found = good(entries)
    assert 14 <= len(found) <= 16
    assert {each.path for each in entries} == {name for name, _ in FILES}


@pytest.mark.parametrize("make", MAKERS)
def test_reads_what_is_left_when_most_is_overwritten(tmp_path: Path, make: Callable[..., bytes]) -> None:
    data, dice = bytearray(make(FILES)), random.Random(7)
    body = data.index(b"PK\1\2")
    damaged = set(dice.sample(range(20), 14))
    for number in damaged:
        at = number * body // 20 + 200
        data[at : at + 300] = dice.randbytes(300)
    entries = read_all(tmp_path, bytes(data))
    assert good(entries) == {name: body for n, (name, body) in enumerate(FILES) if n not in damaged}
    assert [each.path for each in entries] == [name for name, _ in FILES]


@pytest.mark.parametrize("make", MAKERS)
def test_a_flipped_bit_is_noticed(tmp_path: Path, make: Callable[..., bytes]) -> None:
    data = bytearray(make(FILES[:2]))
    data[400] ^= 4
    first, second = read_all(tmp_path, bytes(data))
    assert content(first) == faults.DAMAGED
    assert content(second) == FILES[1][1]


def test_names_the_files_whose_headers_are_gone(tmp_path: Path) -> None:
    data = bytearray(make_zip(FILES))
    at = data.index(b"PK\3\4", 10)
    data[at : at + 4] = b"XXXX"
    entries = read_all(tmp_path, bytes(data))
    assert len(good(entries)) == 19
    assert [each.path for each in entries if each.fault == faults.DAMAGED] == ["album/1.png"]


def test_nothing_left_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No picture in"):
        read_all(tmp_path, make_zip(FILES)[:600])


def test_unpacking_to_find_ends_is_counted(tmp_path: Path) -> None:
    data = make_streamed_zip([("a.png", b"x"), ("b.txt", bytes(3_000_000)), ("c.txt", bytes(3_000_000))])
    cut = data[: data.index(b"PK\1\2")]
    assert len(read_all(tmp_path, cut, max_unpacked=7_000_000)) == 4
    with pytest.raises(TooLarge):
        read_all(tmp_path, cut, max_unpacked=4_000_000)


def test_a_wrong_size_does_not_hide_the_files_behind_it(tmp_path: Path) -> None:
    data = bytearray(make_zip(FILES))
    struct.pack_into("<I", data, 18, 5000)
    entries = read_all(tmp_path, bytes(data[: data.index(b"PK\1\2")]))
    assert good(entries) == dict(FILES)  # deflated data ends by itself, so the first one is whole too


def test_an_end_record_of_zeros_is_not_believed(tmp_path: Path) -> None:
    data = bytearray(make_zip(FILES))
    data[-18:] = bytes(18)
    assert good(read_all(tmp_path, bytes(data))) == dict(FILES)


def test_a_damaged_zip_beside_others_is_a_row(tmp_path: Path) -> None:
    good_zip, bad_zip = tmp_path / "good.zip", tmp_path / "bad.zip"
    good_zip.write_bytes(make_zip(FILES[:1]))
    bad_zip.write_bytes(b"no zip")
    given = [Given(bad_zip, "bad.zip"), Given(good_zip, "good.zip")]
    bad, fine = read_entries(given, Limits(), ".png")
    assert bad.fault.startswith("bad.zip is not a zip")
    assert content(fine) == FILES[0][1]
