from __future__ import annotations

import errno
import shutil
from pathlib import Path

import pytest

from weights.disk import (
    SPARE,
    TRASH,
    check_room,
    clear,
    empty_trash,
    explain,
    remove_folder,
    set_aside,
    size_of,
)
from weights.errors import DiskFull


def test_the_size_of_a_folder_is_that_of_all_its_files(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "one").write_bytes(b"123")
    (tmp_path / "a" / "b" / "two").write_bytes(b"12345")
    assert size_of(tmp_path) == 8
    assert size_of(tmp_path / "nowhere") == 0


def test_too_little_room_says_how_much_is_needed_and_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type(shutil.disk_usage(tmp_path))(10**12, 10**12, 100_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    check_room(tmp_path / "not" / "yet", 100_000_000 - SPARE, "Small")
    with pytest.raises(DiskFull, match=r"Small needs 100\.0 MB .* 100\.0 MB are free"):
        check_room(tmp_path / "not" / "yet", 100_000_001 - SPARE, "Small")


def test_nothing_to_write_needs_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type(shutil.disk_usage(tmp_path))(10**12, 10**12, 0)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    check_room(tmp_path, 0, "Small")


def test_removing_a_folder_frees_its_bytes_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "file").write_bytes(b"123")
    assert remove_folder(tmp_path / "model") == 3
    assert remove_folder(tmp_path / "model") == 0
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_two_names_counts_once(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"123")
    (tmp_path / "two").hardlink_to(tmp_path / "one")
    assert size_of(tmp_path) == 3


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_that_is_a_link_goes_and_what_it_leads_to_stays(tmp_path: Path, there: bool) -> None:
    place, elsewhere = tmp_path / "models", tmp_path / "elsewhere"
    place.mkdir()
    if there:
        elsewhere.mkdir()
        (elsewhere / "file").write_bytes(b"123")
    (place / "model").symlink_to(elsewhere)
    assert remove_folder(place / "model") == 0
    assert list(place.iterdir()) == []
    assert elsewhere.exists() is there and size_of(elsewhere) == (3 if there else 0)
    # and so it is where a process that was killed had set it aside
    (place / f"{TRASH}0123").symlink_to(elsewhere)
    empty_trash(place)
    assert list(place.iterdir()) == []
    assert size_of(elsewhere) == (3 if there else 0)


def test_what_is_set_aside_is_gone_at_once_and_freed_later(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "file").write_bytes(b"123")
    trash = set_aside(tmp_path / "model")
    assert not (tmp_path / "model").exists()
    assert (clear(trash), clear(trash), clear(set_aside(tmp_path / "model"))) == (3, 0, 0)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_called_one(tmp_path: Path, number: int) -> None:
    assert isinstance(explain(OSError(number, "no"), tmp_path), DiskFull)


def test_a_folder_that_cannot_be_written_names_itself_and_the_reason(tmp_path: Path) -> None:
    error = explain(PermissionError(errno.EACCES, "Permission denied"), tmp_path)
    assert not isinstance(error, DiskFull)
    assert str(tmp_path) in error.message
    assert "Permission denied" in error.message
