"""Results come whole, under any name that a disk takes, and never over what they are made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli_files import check_format, check_spared, hide_beside, is_same, write_whole
from pipelines.errors import InvalidOption, OutputsUnwritable


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
