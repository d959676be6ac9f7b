"""Only what came through an upload is read, and a run can be put back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.errors import BadInput, InvalidOption
from pipelines.history import History
from pipelines.history.run import RunInput
from ui.upload import hand_over, plain_name, read_upload


def test_an_uploaded_file_is_taken_with_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(b"x")
    upload = read_upload({"path": str(tmp_path / "x.png"), "orig_name": "holiday.png"}, tmp_path)
    assert upload is not None
    assert (upload.path.read_bytes(), upload.name) == (b"x", "holiday.png")
    assert read_upload(None, tmp_path) is None


@pytest.mark.parametrize(
    "payload", [{}, "x", 7, ["x"], {"path": None}, {"path": 5}, {"path": "a\0b"}, {"path": ""}]
)
def test_what_is_no_upload_is_refused(payload: object, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        read_upload(payload, tmp_path)


def test_paths_outside_the_uploads_are_refused(tmp_path: Path) -> None:
    folder, secret = tmp_path / "uploads", tmp_path / "secret.txt"
    folder.mkdir()
    secret.write_text("secret")
    (folder / "link.png").symlink_to(secret)
    for path in (
        secret,
        folder / ".." / "secret.txt",
        folder / "link.png",
        folder,
        "/etc/passwd",
        "http://x/y.png",
    ):
        with pytest.raises(BadInput):
            read_upload({"path": str(path)}, folder)


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("a.png", "a.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\y.jpg", "y.jpg"),
        ("..", "else"),
        ("", "else"),
    ],
)
def test_a_name_is_only_a_name(given: str, plain: str) -> None:
    assert plain_name(given, "else") == plain
    assert len(plain_name("x" * 500 + ".png", "else")) <= 120


def test_a_result_is_handed_on_under_the_photos_name(tmp_path: Path) -> None:
    history = History(tmp_path / "outputs")
    with history.draft("matting") as draft:
        draft.add("cutout.webp", b"picture")
        draft.add("all.zip", b"zip")
        given = [RunInput("../holiday.jpg", "0" * 64, 4, 3)]
        facts = {"inputs": given, "settings": {}, "model": {}, "device": "cpu", "timings": {}}
        run = draft.save(**facts, results=["cutout.webp", "all.zip"])
    upload = hand_over(history, run, tmp_path / "uploads")
    assert (upload.name, upload.path.read_bytes()) == ("holiday.webp", b"picture")
    assert read_upload({"path": str(upload.path)}, tmp_path / "uploads") is not None
    for results in (("all.zip",), ()):
        with pytest.raises(InvalidOption):
            hand_over(history, replace(run, results=results), tmp_path / "uploads")
    history.close()
