"""What is remembered of finished files is forgotten with them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.batch.entry import Row
from pipelines.batch.known import Known


@pytest.fixture
def known(tmp_path: Path) -> Iterator[Known]:
    made = Known(tmp_path / "known.sqlite3", tmp_path)
    yield made
    made.close()


def remember(known: Known, row: Row, tmp_path: Path, *places: str) -> None:
    """A finished file in each place, made of the place's name."""
    for place in places:
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / row.output).write_bytes(b"cut-out")
        known.add(place, place, row, b"cut-out")


@pytest.fixture
def row() -> Row:
    return Row(0, "a.jpg", "done", "a.png")


def test_a_deleted_folders_files_are_forgotten_and_no_others(known: Known, row: Row, tmp_path: Path) -> None:
    remember(known, row, tmp_path, "run/results", "run-2/results")
    known.forget("run")
    assert known.find("run/results") is None
    assert known.find("run-2/results") is not None


def test_the_first_session_is_remembered(row: Row, tmp_path: Path) -> None:
    path = tmp_path / "new" / ".jobs" / "known.sqlite3"
    for session in range(2):
        known = Known(path, tmp_path)
        if session == 0:
            remember(known, row, tmp_path, "run")
        assert known.find("run") is not None
        known.close()


def test_without_a_place_it_is_remembered_while_it_runs(row: Row, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    known = Known(tmp_path / "file" / "known.sqlite3", tmp_path)
    remember(known, row, tmp_path, "run")
    assert known.find("run") is not None
    known.close()


def test_what_other_hands_removed_is_forgotten(known: Known, row: Row, tmp_path: Path) -> None:
    remember(known, row, tmp_path, "run/results", "gone/results")
    (tmp_path / "gone" / "results").rename(tmp_path / "elsewhere")
    known.forget_lost()
    (tmp_path / "elsewhere").rename(tmp_path / "gone" / "results")
    assert known.find("gone/results") is None
    assert known.find("run/results") is not None
