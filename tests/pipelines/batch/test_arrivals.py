"""A file counts once nobody writes to it any more, and once only."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from pipelines.batch.arrivals import SETTLED_SECONDS, STILL_SECONDS, Arrivals, Shape

WALL = 2_000_000_000.0
"""Far in the future: the files' own times are set by hand."""


def put(path: Path, data: bytes = b"x", age: float = 0.0) -> None:
    """Write a file as if that was `age` seconds before WALL, without the system's own time of change."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (WALL - age, WALL - age))


def names(found: dict[Path, Shape]) -> list[str]:
    return [path.name for path in found]


@pytest.fixture
def arrivals(tmp_path: Path) -> Arrivals:
    return Arrivals(tmp_path)


def test_a_new_file_counts_once_it_is_still(arrivals: Arrivals, tmp_path: Path) -> None:
    put(tmp_path / "a.jpg")
    assert arrivals.look(0.0, WALL) == {}
    assert arrivals.look(STILL_SECONDS - 0.1, WALL) == {}
    assert names(arrivals.look(STILL_SECONDS, WALL)) == ["a.jpg"]


def test_a_file_that_grows_is_waited_for(arrivals: Arrivals, tmp_path: Path) -> None:
    for second in range(10):
        put(tmp_path / "a.jpg", b"x" * (second + 1), age=-second)
        assert arrivals.look(second, WALL + second) == {}
    assert names(arrivals.look(9 + STILL_SECONDS, WALL)) == ["a.jpg"]


def test_a_rewrite_of_the_same_size_is_noticed(arrivals: Arrivals, tmp_path: Path) -> None:
    put(tmp_path / "a.jpg", b"1")
    arrivals.look(0.0, WALL)
    put(tmp_path / "a.jpg", b"2", age=-1)
    assert arrivals.look(STILL_SECONDS, WALL) == {}
    assert names(arrivals.look(2 * STILL_SECONDS, WALL)) == ["a.jpg"]


def test_an_old_file_counts_at_once(arrivals: Arrivals, tmp_path: Path) -> None:
    put(tmp_path / "a.jpg", age=SETTLED_SECONDS + 1)
    assert names(arrivals.look(0.0, WALL)) == ["a.jpg"]


def test_a_file_that_was_renamed_into_the_folder_counts_at_once(tmp_path: Path) -> None:
    watched = tmp_path / "in"
    watched.mkdir()
    (tmp_path / "a.jpg").write_bytes(b"x")
    time.sleep(0.02)
    (tmp_path / "a.jpg").rename(watched / "a.jpg")
    assert names(Arrivals(watched).look(0.0, time.time())) == ["a.jpg"]


def test_a_file_that_is_being_written_does_not_look_renamed(tmp_path: Path) -> None:
    arrivals = Arrivals(tmp_path)
    with (tmp_path / "a.jpg").open("wb", buffering=0) as out:
        for _ in range(3):
            out.write(b"x" * 1000)
            assert arrivals.look(0.0, time.time()) == {}
    assert names(arrivals.look(STILL_SECONDS, time.time())) == ["a.jpg"]


def test_each_file_counts_once_and_again_only_when_changed(arrivals: Arrivals, tmp_path: Path) -> None:
    put(tmp_path / "a.jpg", age=99)
    assert names(arrivals.look(0.0, WALL)) == ["a.jpg"]
    assert arrivals.look(100.0, WALL) == {}
    put(tmp_path / "a.jpg", b"another", age=1)
    assert arrivals.look(101.0, WALL) == {}
    assert names(arrivals.look(103.0, WALL)) == ["a.jpg"]
    assert arrivals.look(200.0, WALL) == {}


def test_what_was_done_before_a_restart_does_not_count_again(tmp_path: Path) -> None:
    put(tmp_path / "a.jpg", age=99)
    told = Arrivals(tmp_path).look(0.0, WALL)
    put(tmp_path / "b.jpg", age=99)
    assert names(Arrivals(tmp_path, known=told).look(0.0, WALL)) == ["b.jpg"]


def test_an_empty_file_is_yet_to_be_written(arrivals: Arrivals, tmp_path: Path) -> None:
    put(tmp_path / "a.jpg", b"", age=99)
    assert arrivals.look(0.0, WALL) == {}
    assert arrivals.look(1000.0, WALL) == {}


def test_a_file_may_vanish_and_come_back(arrivals: Arrivals, tmp_path: Path) -> None:
    put(tmp_path / "a.jpg", age=99)
    arrivals.look(0.0, WALL)
    (tmp_path / "a.jpg").unlink()
    assert arrivals.look(1.0, WALL) == {}
    put(tmp_path / "a.jpg", age=99)
    assert names(arrivals.look(2.0, WALL)) == ["a.jpg"]


def test_folders_are_looked_into_and_sorted(arrivals: Arrivals, tmp_path: Path) -> None:
    for name in ("b/2.jpg", "a.jpg", "b/1.jpg", "b/c/3.jpg"):
        put(tmp_path / name, age=99)
    found = [path.relative_to(tmp_path).as_posix() for path in arrivals.look(0.0, WALL)]
    assert found == ["a.jpg", "b/1.jpg", "b/2.jpg", "b/c/3.jpg"]


@pytest.mark.parametrize(
    "name",
    [".hidden.jpg", ".git/a.jpg", "a.jpg.part", "a.jpg.crdownload", "A.JPG.TMP", "a.jpg~", "Thumbs.db"],
)
def test_hidden_and_passing_files_are_left_out(arrivals: Arrivals, tmp_path: Path, name: str) -> None:
    put(tmp_path / name, age=99)
    assert arrivals.look(0.0, WALL) == {}
    assert arrivals.look(STILL_SECONDS, WALL) == {}


def test_links_and_folders_that_are_left_out_are_not_followed(tmp_path: Path) -> None:
    put(tmp_path / "elsewhere" / "a.jpg", age=99)
    put(tmp_path / "in" / "out" / "b.jpg", age=99)
    (tmp_path / "in" / "link.jpg").symlink_to(tmp_path / "elsewhere" / "a.jpg")
    (tmp_path / "in" / "folder").symlink_to(tmp_path / "elsewhere")
    assert Arrivals(tmp_path / "in", leave_out=[tmp_path / "in" / "out"]).look(0.0, WALL) == {}


def test_a_folder_that_is_gone_for_a_while_is_no_error(tmp_path: Path) -> None:
    assert Arrivals(tmp_path / "nonesuch").look(0.0, WALL) == {}
