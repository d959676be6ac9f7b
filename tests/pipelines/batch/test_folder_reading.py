"""Folders of this machine: everything below them, and nothing outside."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.batch import faults
from pipelines.batch.entry import Entry
from pipelines.batch.sources import Given, Limits, read_entries
from pipelines.errors import BadInput, TooLarge
from tests.pipelines.batch.zips import JPEG, PNG, content, make_zip


def fill(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def read(folder: Path, **limits: int) -> list[Entry]:
    return list(read_entries([Given(folder, folder.name)], Limits(**limits), ".png"))


def test_lists_a_tree_in_order(tmp_path: Path) -> None:
    fill(
        tmp_path,
        {"b/2.jpg": JPEG, "b/10.png": PNG, "a.jpg": JPEG, "c.txt": b"x", "b/.hidden/x.jpg": JPEG}
        | {"Thumbs.db": b"x", "._a.jpg": b"x", "__MACOSX/a.jpg": JPEG, "no ending": PNG},
    )
    entries = read(tmp_path)
    assert [(each.path, each.output, each.fault) for each in entries] == [
        ("a.jpg", "a.png", ""),
        ("b/10.png", "b/10.png", ""),
        ("b/2.jpg", "b/2.png", ""),
        ("c.txt", "", faults.NOT_A_PICTURE),
        ("no ending", "no ending.png", ""),
    ]
    assert (content(entries[0]), entries[0].size) == (JPEG, len(JPEG))


def test_opens_zips_in_a_folder(tmp_path: Path) -> None:
    inner = make_zip([("x.jpg", JPEG), ("in.zip", make_zip([("y.png", PNG)]))])
    fill(tmp_path, {"d/z.zip": inner, "d/bad.zip": b"x", "d/empty.zip": make_zip([]), "p.png": PNG})
    entries = read(tmp_path)
    found = {each.path: (each.output, each.fault) for each in entries}
    assert found["d/z.zip/x.jpg"] == ("d/z/x.png", "")
    assert found["d/z.zip/in.zip/y.png"] == ("d/z/in/y.png", "")
    assert found["d/empty.zip"] == ("", faults.NOTHING_INSIDE)
    assert found["d/bad.zip"][1].startswith("d/bad.zip is not a zip")


def test_follows_links_only_to_files_inside(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    fill(inside, {"a.jpg": JPEG})
    fill(outside, {"secret.jpg": PNG})
    (inside / "b.jpg").symlink_to(inside / "a.jpg")
    (inside / "c.jpg").symlink_to(outside / "secret.jpg")
    (inside / "d").symlink_to(outside)
    (inside / "e").symlink_to(inside)
    (inside / "f.jpg").symlink_to(inside / "f.jpg")
    (inside / "g.zip").symlink_to(outside / "secret.jpg")
    found = {each.path: each.fault for each in read(inside)}
    assert found.pop("f.jpg").startswith("This file can't be read")
    assert found == {
        "a.jpg": "",
        "b.jpg": "",
        "c.jpg": faults.LINK,
        "d": faults.LINK,
        "e": faults.SPECIAL,
        "g.zip": faults.LINK,
    }


def test_a_file_that_becomes_a_link_later_is_not_followed(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    fill(inside, {"a.jpg": JPEG})
    fill(tmp_path, {"secret.jpg": PNG})
    (entry,) = read(inside)
    (inside / "a.jpg").unlink()
    (inside / "a.jpg").symlink_to(tmp_path / "secret.jpg")
    assert content(entry) == faults.LINK


def test_a_pipe_does_not_hold_the_batch_up(tmp_path: Path) -> None:
    fill(tmp_path, {"a.jpg": JPEG})
    os.mkfifo(tmp_path / "pipe.jpg")
    assert [each.fault for each in read(tmp_path)] == ["", faults.SPECIAL]


def test_what_may_not_be_read_is_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything, so the refusal is played."""
    fill(tmp_path, {"a.jpg": JPEG, "b.jpg": JPEG, "c/d.jpg": JPEG})
    real_open, real_iterdir = os.open, Path.iterdir

    def refusing_open(path: Path, *rest: int) -> int:
        if path.name == "b.jpg":
            raise PermissionError(errno.EACCES, "Permission denied")
        return real_open(path, *rest)

    def refusing_iterdir(path: Path) -> Iterator[Path]:
        if path.name == "c":
            raise PermissionError(errno.EACCES, "Permission denied")
        return real_iterdir(path)

    monkeypatch.setattr(os, "open", refusing_open)
    monkeypatch.setattr(Path, "iterdir", refusing_iterdir)
    assert [(each.path, each.fault) for each in read(tmp_path)] == [
        ("a.jpg", ""),
        ("b.jpg", faults.UNREADABLE.format(reason="Permission denied")),
        ("c", faults.UNREADABLE.format(reason="Permission denied")),
    ]


def test_names_that_are_not_utf8_are_read(tmp_path: Path) -> None:
    path = os.path.join(os.fsencode(tmp_path), "照片.jpg".encode("gbk"))
    with open(path, "wb") as file:
        file.write(JPEG)
    (entry,) = read(tmp_path)
    assert (entry.path, entry.output, content(entry)) == ("照片.jpg", "照片.png", JPEG)


def test_leaves_out_the_folder_of_the_results(tmp_path: Path) -> None:
    fill(tmp_path, {"a.jpg": JPEG, "out/a.png": PNG})
    entries = list(read_entries([Given(tmp_path, "x")], Limits(), ".png", leave_out=[tmp_path / "." / "out"]))
    assert [each.path for each in entries] == ["a.jpg"]


def test_limits_hold_for_folders_too(tmp_path: Path) -> None:
    fill(tmp_path, {f"{n}.jpg": JPEG for n in range(5)})
    with pytest.raises(TooLarge):
        read(tmp_path, max_files=4)
    with pytest.raises(BadInput, match="No picture in"):
        read(tmp_path, max_file=10)


def test_a_folder_without_pictures_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is nothing in"):
        read(tmp_path)
    fill(tmp_path, {"a.txt": b"x"})
    with pytest.raises(BadInput, match="There are no pictures in"):
        read(tmp_path)


def test_deep_folders_are_no_trouble(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(500):
        deep /= "d"
        deep.mkdir()
    (deep / "a.jpg").write_bytes(JPEG)
    (entry,) = read(tmp_path)
    assert entry.path.count("/") == 500
    assert len(entry.output) < 950
