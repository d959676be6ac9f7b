"""The two manifests of a batch."""

from __future__ import annotations

import csv
import errno
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from pipelines.batch.entry import Row
from pipelines.batch.manifest import render_manifests, write_manifests
from pipelines.errors import DiskFull

ROWS = [
    Row(
        0,
        "旅行/照片.jpg",
        "done",
        "旅行/照片.png",
        "ab" * 32,
        640,
        480,
        seconds=0.5,
        model="u2netp",
        version="1",
    ),
    Row(1, "broken.jpg", "failed", reason='It is "cut off",\nreally.', notes=("One.", "Two.")),
    Row(2, "read.txt", "skipped", reason="This file is not a picture."),
]
FACTS = {"id": "7", "title": "Ferien", "settings": {"format": "png", "refine": "off"}}


def read_table(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(data.decode("utf-8-sig").splitlines(keepends=True)))


def test_both_hold_every_row(tmp_path: Path) -> None:
    write_manifests(tmp_path, iter(ROWS), FACTS)
    table = read_table((tmp_path / "manifest.csv").read_bytes())
    assert [(row["source"], row["status"], row["output"]) for row in table] == [
        ("旅行/照片.jpg", "done", "旅行/照片.png"),
        ("broken.jpg", "failed", ""),
        ("read.txt", "skipped", ""),
    ]
    assert table[1]["reason"] == 'It is "cut off",\nreally.'
    assert table[1]["notes"] == "One. Two."
    assert json.loads(table[0]["settings"]) == FACTS["settings"]
    tree = json.loads((tmp_path / "manifest.json").read_text())
    assert tree["job"] == FACTS
    assert tree["files"] == [asdict(row) | {"notes": list(row.notes)} for row in ROWS]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["manifest.csv", "manifest.json"]


def test_the_same_can_be_had_as_bytes(tmp_path: Path) -> None:
    write_manifests(tmp_path, ROWS, FACTS)
    names = ("manifest.csv", "manifest.json")
    assert render_manifests(ROWS, FACTS) == tuple((tmp_path / name).read_bytes() for name in names)


def test_a_batch_without_rows_is_still_valid() -> None:
    table, tree = render_manifests([], {})
    assert read_table(table) == []
    assert json.loads(tree) == {"job": {}, "files": []}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝"])
def test_a_name_is_never_a_formula(start: str) -> None:
    name = f"{start}cmd|' /C calc'!A0.jpg"
    table, tree = render_manifests([Row(0, name, "failed", reason=name, notes=(name,))], {})
    (row,) = read_table(table)
    assert row["source"] == row["reason"] == row["notes"] == f"'{name}"
    assert row["settings"] == "{}"
    assert json.loads(tree)["files"][0]["source"] == name


def test_names_that_are_no_text_do_no_harm() -> None:
    table, tree = render_manifests([Row(0, "a\udc80.jpg", "failed")], {})
    assert "a\\udc80.jpg" in table.decode("utf-8-sig")
    assert json.loads(tree)["files"][0]["source"] == "a\udc80.jpg"


def test_a_full_disk_leaves_the_old_ones(tmp_path: Path) -> None:
    write_manifests(tmp_path, ROWS[:1], FACTS)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def rows() -> Iterator[Row]:
        yield ROWS[0]
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(DiskFull):
        write_manifests(tmp_path, rows(), FACTS)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
