"""Several inputs as one batch."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from pipelines.batch import faults, zip_reading
from pipelines.batch.output_names import TAKEN
from pipelines.batch.sources import Given, Limits, read_entries
from pipelines.errors import BadInput
from tests.pipelines.batch.zips import JPEG, PNG, content, make_zip


def give(folder: Path, **files: bytes) -> list[Given]:
    """Write each under a number, to be shown under its name ("__" for the dot)."""
    given = []
    for number, (name, data) in enumerate(files.items()):
        path = folder / str(number)
        path.write_bytes(data)
        given.append(Given(path, name.replace("__", ".")))
    return given


def test_inputs_come_in_their_order_and_share_one_set_of_names(tmp_path: Path) -> None:
    zipped = make_zip([("b/x.jpg", JPEG), ("a.png", PNG)])
    given = give(tmp_path, a__jpg=JPEG, one__zip=zipped, two__zip=zipped)
    entries = list(read_entries(given, Limits(), ".webp"))
    assert [(each.path, each.output) for each in entries] == [
        ("a.jpg", "a.webp"),
        ("b/x.jpg", "b/x.webp"),
        ("a.png", "a (2).webp"),
        ("b/x.jpg", "b/x (2).webp"),
        ("a.png", "a (3).webp"),
    ]
    assert entries[2].notes == (TAKEN.format(name="a (2).webp"),)
    assert [content(each) for each in entries] == [JPEG, JPEG, PNG, JPEG, PNG]
    again = read_entries(given, Limits(), ".webp")
    assert [(each.path, each.output, each.notes) for each in again] == [
        (each.path, each.output, each.notes) for each in entries
    ]


def test_an_input_that_is_no_use_is_a_row_beside_others(tmp_path: Path) -> None:
    given = give(
        tmp_path,
        a__jpg=JPEG,
        empty__zip=make_zip([]),
        note__txt=b"x",
        x__rar=b"Rar!\x1a\x07\0",
        nothing__jpg=b"",
    )
    given.append(Given(tmp_path / "gone.jpg", "gone.jpg"))
    entries = list(read_entries(given, Limits(), ".png"))
    assert [(each.path, each.fault) for each in entries] == [
        ("a.jpg", ""),
        ("empty.zip", faults.NOTHING_INSIDE),
        ("note.txt", faults.NOT_A_PICTURE),
        ("x.rar", "x.rar is a RAR archive, not a zip. Pack the pictures as an ordinary zip."),
        ("nothing.jpg", ""),
        ("gone.jpg", faults.UNREADABLE.format(reason="No such file or directory")),
    ]
    assert [each.output for each in entries] == ["a.png", "", "", "", "nothing.png", ""]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "There is no file."),
        ({"a__txt": b"x"}, "There are no pictures in a.txt."),
        ({"a__txt": b"x", "b__pdf": b"%PDF"}, "There are no pictures in the files."),
        ({"a__zip": make_zip([]), "b__zip": make_zip([])}, "There is nothing in the files."),
    ],
)
def test_a_batch_without_pictures_is_refused(tmp_path: Path, files: dict[str, bytes], message: str) -> None:
    with pytest.raises(BadInput) as caught:
        list(read_entries(give(tmp_path, **files), Limits(), ".png"))
    assert caught.value.message == message
    assert caught.value.hint


def test_a_picture_with_a_wrong_ending_is_known_by_its_content(tmp_path: Path) -> None:
    (entry,) = read_entries(give(tmp_path, photo__dat=JPEG), Limits(), ".png")
    assert entry.output == "photo.dat.png"


def test_a_zip_with_a_wrong_ending_is_known_by_its_content(tmp_path: Path) -> None:
    (entry,) = read_entries(give(tmp_path, photos__jpg=make_zip([("a.jpg", JPEG)])), Limits(), ".png")
    assert entry.output == "a.png"


def test_zips_inside_zips_are_unpacked_where_they_are_told_to(tmp_path: Path) -> None:
    given = give(tmp_path, a__zip=make_zip([("in.zip", make_zip([("x.jpg", JPEG)]))]))
    scratch = tmp_path / "gone"
    with pytest.raises(Exception, match="gone"):
        list(read_entries(given, Limits(), ".png", scratch=scratch))
    scratch.mkdir()
    (entry,) = read_entries(given, Limits(), ".png", scratch=scratch)
    assert content(entry) == JPEG
    assert list(scratch.iterdir()) == []


def test_given_names_are_made_safe(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(JPEG)
    given = [Given(tmp_path / "x", "../../a\n.jpg"), Given(tmp_path / "none", "/etc/passwd")]
    assert [each.path for each in read_entries(given, Limits(), ".png")] == ["a_.jpg", "etc/passwd"]


def test_a_disk_that_fails_is_a_row_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = give(tmp_path, a__zip=make_zip([("x.jpg", JPEG)]), b__jpg=JPEG)

    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(zip_reading, "list_members", fail)
    first, second = read_entries(given, Limits(), ".png")
    assert (first.path, first.fault) == ("a.zip", faults.UNREADABLE.format(reason="Input/output error"))
    assert second.fault == ""
    with pytest.raises(BadInput, match="Input/output error"):
        list(read_entries(given[:1], Limits(), ".png"))
