"""The strip of pictures: what goes to the browser and what may come back."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from html import unescape
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from pipelines.errors import BadInput, InkframeError, NotFound
from pipelines.image_to_video.sources import MOST
from pipelines.studio import Studio
from tests.conftest import draw_disc, encode
from ui.texts import CHINESE, voice
from ui.video_strip import (
    PICTURES,
    THUMB,
    Item,
    add_to_strip,
    bring_in,
    build_strip,
    fill_strip,
    find_files,
    read_strip,
    read_wishes,
    split_wishes,
    take_in,
)

ITEM = Item("1", "5a/1.png", "one.png", "")


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    """An upload folder with one picture, beside a secret."""
    (tmp_path / "secret.png").write_bytes(encode(draw_disc(8, 8)))
    (tmp_path / "uploads" / "5a").mkdir(parents=True)
    (tmp_path / "uploads" / "5a" / "1.png").write_bytes(encode(draw_disc(300, 400)))
    return tmp_path / "uploads"


def sent(**wishes: Any) -> dict[str, Any]:
    return {PICTURES: [asdict(ITEM) | wishes]}


def test_a_picture_comes_in_with_a_small_one(studio: Studio, uploads: Path) -> None:
    item = take_in(studio, uploads / "5a" / "1.png", "trip/one.png", uploads)
    assert (item.place, item.name) == ("5a/1.png", "one.png")
    thumb = cv2.imread(str(next((uploads / "thumbs").iterdir())))
    assert thumb.shape[:2] == (120, THUMB)
    assert read_strip(fill_strip([item]), uploads) == [item]


def test_a_see_through_picture_has_a_see_through_one(studio: Studio, uploads: Path) -> None:
    rgba = np.dstack([draw_disc(40, 40), np.zeros((40, 40), np.uint8)])
    (uploads / "5a" / "1.png").write_bytes(encode(rgba))
    take_in(studio, uploads / "5a" / "1.png", "one.png", uploads)
    thumb = cv2.imread(str(next((uploads / "thumbs").iterdir())), cv2.IMREAD_UNCHANGED)
    assert thumb.shape == (40, 40, 4)
    assert not thumb[..., 3].any()


def test_what_is_no_picture_does_not_come_in(studio: Studio, uploads: Path) -> None:
    (uploads / "5a" / "1.png").write_bytes(b"no picture")
    with pytest.raises(InkframeError):
        take_in(studio, uploads / "5a" / "1.png", "one.png", uploads)


def test_a_picture_from_elsewhere_is_copied_in(studio: Studio, uploads: Path) -> None:
    item = bring_in(studio, uploads.parent / "secret.png", "s.png", uploads)
    assert find_files([item], uploads)[0].path.is_relative_to(uploads)


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        {"add": []},
        {PICTURES: "x"},
        {PICTURES: [7]},
        {PICTURES: [{"id": "1"}]},
        {PICTURES: [{}] * (MOST + 1)},
    ],
)
def test_a_value_of_another_shape_is_refused(value: object, uploads: Path) -> None:
    with pytest.raises(BadInput):
        read_strip(value, uploads)


@pytest.mark.parametrize(
    "wishes",
    [
        {"place": "../secret.png"},
        {"place": "/etc/passwd"},
        {"place": ""},
        {"place": 7},
        {"place": "a\0"},
        {"motion": "fly"},
        {"seconds": -1},
        {"seconds": "x"},
        {"seconds": 1e9},
        {"seconds": float("nan")},
        {"name": None},
    ],
)
def test_a_place_or_wish_that_can_t_be_is_refused(wishes: dict[str, Any], uploads: Path) -> None:
    with pytest.raises(BadInput):
        read_strip(sent(**wishes), uploads)


def test_a_picture_that_is_gone_is_named(uploads: Path) -> None:
    (uploads / "5a" / "1.png").unlink()
    items = read_strip(sent(), uploads)
    with pytest.raises(NotFound, match=r"one\.png"):
        find_files(items, uploads)


def test_own_wishes_become_options_and_come_back() -> None:
    items = [ITEM, replace(ITEM, seconds=2.5, motion="still"), ITEM]
    wishes = read_wishes(items, "zoom-in", 4.0)
    assert wishes == {"motions": "zoom-in,still,zoom-in", "durations": "4,2.5,4"}
    settings = {"motion": "zoom-in", "duration": 4.0, **wishes}
    assert [split_wishes(settings, number) for number in range(3)] == [(0, ""), (2.5, "still"), (0, "")]
    assert read_wishes([ITEM], "zoom-in", 4.0) == {"motions": "", "durations": ""}


@pytest.mark.parametrize(
    "settings", [{}, {"durations": "x,y"}, {"motions": "fly,,"}, {"duration": None, "durations": "3"}]
)
def test_settings_of_another_version_are_no_wishes(settings: dict[str, Any]) -> None:
    seconds, motion = split_wishes(settings, 5)
    assert seconds in (0, 3)
    assert motion == ""


def test_the_browser_gets_its_words() -> None:
    html = build_strip(voice(CHINESE)).html_template
    assert "${" not in html
    assert "{{" not in html
    words, motions, _ = json.loads(unescape(html.split('data-facts="')[1].split('"')[0]))
    assert dict(words)["item"] == "第 {number} 张：{name}"
    assert motions[0] == ["", "与下方相同"]


def test_what_could_not_be_added_is_said() -> None:
    assert add_to_strip([ITEM], "why") == {"add": [asdict(ITEM)], "trouble": "why"}
