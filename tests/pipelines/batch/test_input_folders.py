"""Only what lies inside the allowed folders can be named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.batch.input_folders import find_input, list_input_folders
from pipelines.errors import InvalidOption, NotFound
from ui.texts import CHINESE
from ui.translate import translate


@pytest.fixture
def allowed(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    (folder / "trip" / "day 1").mkdir(parents=True)
    (folder / "trip.zip").write_bytes(b"")
    (tmp_path / "private").mkdir()
    (tmp_path / "photos-private").mkdir()
    return folder


@pytest.mark.parametrize("text", ["trip/day 1", "./trip/day 1", "trip/../trip/day 1", " trip/day 1 "])
def test_a_folder_is_found_by_its_path_inside(allowed: Path, text: str) -> None:
    assert find_input(text, str(allowed)) == allowed / "trip" / "day 1"


def test_a_folder_or_zip_is_found_by_its_whole_path(allowed: Path) -> None:
    assert find_input(str(allowed), str(allowed)) == allowed
    assert find_input(str(allowed / "trip.zip"), str(allowed)) == allowed / "trip.zip"


def test_the_second_folder_counts_too(allowed: Path, tmp_path: Path) -> None:
    setting = os.pathsep.join([str(tmp_path / "nonesuch"), str(tmp_path / "private"), str(allowed)])
    assert list_input_folders(setting) == [tmp_path / "private", allowed]
    assert find_input("trip", setting) == allowed / "trip"


@pytest.mark.parametrize(
    "text", ["..", "../private", "trip/../../private", "/", "/etc/passwd", "nonesuch", "a\0b", "x" * 5000]
)
def test_what_lies_elsewhere_looks_as_if_it_were_not_there(allowed: Path, text: str) -> None:
    with pytest.raises(NotFound) as caught:
        find_input(text, str(allowed))
    assert str(allowed) in caught.value.hint


def test_a_whole_path_elsewhere_is_refused(allowed: Path, tmp_path: Path) -> None:
    for name in ("private", "photos-private"):
        with pytest.raises(NotFound):
            find_input(str(tmp_path / name), str(allowed))


def test_a_link_does_not_lead_out(allowed: Path, tmp_path: Path) -> None:
    (allowed / "way out").symlink_to(tmp_path / "private")
    (allowed / "circle").symlink_to(allowed / "circle")
    for name in ("way out", "circle"):
        with pytest.raises(NotFound):
            find_input(name, str(allowed))


@pytest.mark.parametrize("setting", ["/nonesuch", "~nobody-here/photos"])
def test_which_folder_is_not_there_is_said(setting: str) -> None:
    with pytest.raises(InvalidOption) as caught:
        find_input("trip", setting)
    assert caught.value.hint == f"INKFRAME_INPUT_FOLDERS names no folder that is there: {setting}."
    assert caught.value.hint not in translate(caught.value.hint, CHINESE)


def test_the_home_of_nobody_hides_no_other_folder(allowed: Path) -> None:
    assert list_input_folders(os.pathsep.join(["~nobody-here/photos", str(allowed)])) == [allowed]


@pytest.mark.parametrize("setting", ["", " ", os.pathsep, "/nonesuch"])
def test_no_folder_is_allowed_unless_set(setting: str) -> None:
    with pytest.raises(InvalidOption, match="INKFRAME_INPUT_FOLDERS"):
        find_input("/tmp", setting)
