"""Results come whole, under any name that a disk takes, and never over what they are made of."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import cli_files
from cli_files import check_format, check_place, check_spared, copy_result, hide_beside, is_same, write_whole
from pipelines.errors import DiskFull, InkframeError, InvalidOption, OutputsUnwritable


@pytest.mark.parametrize("name", ["a.png", "x" * 246 + ".png", "é" * 120 + ".png"])
def test_any_name_that_the_disk_takes_can_be_written(tmp_path: Path, name: str) -> None:
    with write_whole(tmp_path / name) as out:
        out.write(b"cut-out")
    assert [each.name for each in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_bytes() == b"cut-out"


@pytest.mark.parametrize("name", ["x" * 300, "file/a.png", "none/a.png"])
def test_why_a_file_cannot_be_written_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputsUnwritable), write_whole(tmp_path / name):
        pass
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_what_is_not_whole_has_one_place_for_each_name(tmp_path: Path) -> None:
    names = ["a.zip", "x" * 246 + ".zip", "y" * 246 + ".zip"]
    places = {hide_beside(tmp_path / name, ".inkframe").name for name in names}
    assert places == {hide_beside(tmp_path / name, ".inkframe").name for name in names}
    assert len(places) == 3
    assert ".a.zip.inkframe" in places
    assert all(place.startswith(".") and len(place) < 256 for place in places)


def test_a_result_never_replaces_what_it_is_made_of(tmp_path: Path) -> None:
    a, b = tmp_path / "a.jpg", tmp_path / "b.jpg"
    a.write_bytes(b"a")
    (tmp_path / "link.jpg").symlink_to(a)
    for target in (a, tmp_path / "." / "a.jpg", tmp_path / "link.jpg"):
        with pytest.raises(InvalidOption, match="goes in"):
            check_spared([b, a], target)
    check_spared([b, a], tmp_path / "c.jpg")
    assert not is_same(b, b)  # there is nothing to replace


def test_a_file_is_what_its_ending_says() -> None:
    check_format("jpeg", "jpeg", Path("a.jpg"))
    with pytest.raises(InvalidOption, match=r"--format webp is not what a\.png ends in"):
        check_format("webp", "png", Path("a.png"))


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("none/a.png", InvalidOption, "There is no folder"),
        ("file/a.png", InvalidOption, "There is no folder"),
        ("folder.png", InvalidOption, "is a folder"),
        ("x" * 300 + ".png", OutputsUnwritable, "too long"),
    ],
)
def test_a_place_that_takes_no_result_is_told_before_the_work(
    tmp_path: Path, name: str, error: type[InkframeError], said: str
) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(error, match=said):
        check_place(tmp_path / name)


@pytest.mark.parametrize(
    ("number", "error"), [(errno.EROFS, OutputsUnwritable), (errno.ENOSPC, DiskFull), (0, None)]
)
def test_a_folder_is_written_to_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, error: type[InkframeError] | None
) -> None:
    if error is None:
        check_place(tmp_path / "a.png")
        assert list(tmp_path.iterdir()) == []
        return

    def refuse(dir: Path) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(cli_files, "TemporaryFile", refuse)
    with pytest.raises(error):
        check_place(tmp_path / "a.png")


def test_a_result_that_cannot_be_written_is_said_to_be_kept(tmp_path: Path) -> None:
    kept = tmp_path / "outputs_1" / "film.mp4"
    kept.parent.mkdir()
    kept.write_bytes(b"film")
    history = SimpleNamespace(file=lambda run, name: tmp_path / run / name)
    studio: Any = SimpleNamespace(history=history)
    run: Any = SimpleNamespace(id="outputs_1", results=["film.mp4"], notes=[])
    with pytest.raises(OutputsUnwritable) as raised:
        copy_result(studio, run, tmp_path / "gone" / "a.mp4")
    assert str(kept) in raised.value.hint
