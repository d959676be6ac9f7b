"""Only what the zone itself uploaded is taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import BadInput, InkframeError, TooLarge
from ui.drop_zone import Limits, Sent, read_sent, render_drop_zone
from ui.texts import CHINESE, ENGLISH, voice


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    """An upload folder with one file, beside a secret."""
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    (tmp_path / "uploads" / "5a").mkdir(parents=True)
    (tmp_path / "uploads" / "5a" / "1.jpg").write_bytes(b"1")
    return tmp_path / "uploads"


def test_a_file_comes_with_the_folders_it_was_dropped_in(uploads: Path) -> None:
    sent = read_sent({"files": [["5a/1.jpg", "trip/第一天/1.jpg"]]}, uploads, 10)
    assert sent == [Sent((uploads / "5a" / "1.jpg").resolve(), "trip/第一天/1.jpg")]


def test_nothing_chosen_is_no_upload_that_was_stopped(uploads: Path) -> None:
    assert read_sent({"files": []}, uploads, 10) == []
    assert read_sent({"stopped": True}, uploads, 10) is None


@pytest.mark.parametrize(
    "place",
    ["../secret.jpg", "5a/../../secret.jpg", "/etc/passwd", "5a", "", "5a/2.jpg", "5a/1.jpg\0", 7, None],
)
def test_a_place_that_is_no_upload_is_refused(place: object, uploads: Path) -> None:
    with pytest.raises(BadInput, match="did not come through an upload"):
        read_sent({"files": [[place, "1.jpg"]]}, uploads, 10)


def test_a_link_out_of_the_folder_is_refused(uploads: Path) -> None:
    (uploads / "5a" / "link.jpg").symlink_to(uploads.parent / "secret.jpg")
    with pytest.raises(BadInput):
        read_sent({"files": [["5a/link.jpg", "1.jpg"]]}, uploads, 10)


@pytest.mark.parametrize(
    "payload", [None, {}, [], "x", {"files": "x"}, {"files": [["5a/1.jpg"]]}, {"files": [7]}]
)
def test_a_payload_of_another_shape_is_refused(payload: object, uploads: Path) -> None:
    with pytest.raises(BadInput):
        read_sent(payload, uploads, 10)


def test_more_files_than_the_limit_are_refused(uploads: Path) -> None:
    with pytest.raises(TooLarge, match="more than 1 files"):
        read_sent({"files": [["5a/1.jpg", "a.jpg"], ["5a/1.jpg", "b.jpg"]]}, uploads, 1)


@pytest.mark.parametrize(
    ("status", "words"), [(413, "limit"), (401, "signed in"), (500, "broke off"), (0, "broke off")]
)
def test_an_upload_that_failed_says_why(status: int, words: str, uploads: Path) -> None:
    with pytest.raises(InkframeError, match=words):
        read_sent({"trouble": status}, uploads, 10)


@pytest.mark.parametrize("lang", [ENGLISH, CHINESE])
def test_the_zone_holds_its_words_and_limits(lang: str) -> None:
    html = render_drop_zone(voice(lang), "<Drop>", Limits((".jpg", ".zip"), 5_000_000, 9))
    assert "&lt;Drop&gt;" in html
    assert "{count}" in html
    assert "&quot;bytes&quot;: 5000000" in html
    assert 'accept=".jpg,.zip"' in html
