"""The Cartoon tab's controls: options, faces, nets and the styles' pictures."""

from __future__ import annotations

import re
from dataclasses import fields

import numpy as np
import pytest

from pipelines.cartoon import film_job, film_run
from pipelines.cartoon.cartoonize import MISSING_FACE_NOTE, NO_FACE_NOTE
from pipelines.cartoon.faces import PLACES, Face
from pipelines.cartoon.options import NETS, STYLES, CartoonOptions
from pipelines.cartoon.preview import Sitting
from pipelines.cartoon.save import JPEG_NOTE
from pipelines.cartoon.wishes import HINT, Wish, read_wishes
from pipelines.errors import InvalidOption
from pipelines.studio import Studio
from pipelines.video import given
from pipelines.video.given import too_long
from tests.fakes import shade
from ui.cartoon_faces import Row, read_rows, render_marks, render_rows, write_wishes
from ui.cartoon_form import NAMES, list_nets, read_options, show_options, tell_settings
from ui.cartoon_swatches import DRAWN, FILE, SIDE, cut_out_square, draw_strip, show_swatches
from ui.texts import CHINESE, ENGLISH, voice
from ui.translate import translate

SPEAK = voice(ENGLISH)


def face(number: int, left: float, top: float, side: float) -> Face:
    return Face(number, (left, top, side, side), PLACES * side + [left, top], 1.0)


def sitting(*faces: Face, height: int = 300, width: int = 400) -> Sitting:
    return Sitting(np.full((height, width, 3), 90, np.uint8), None, faces, 1.0)


TWO = sitting(face(1, 20, 30, 100), face(2, 200, 50, 80))


def test_every_option_but_the_file_type_is_a_control() -> None:
    assert {item.name for item in fields(CartoonOptions)} - set(NAMES) == {"format"}


def test_controls_and_options_go_both_ways() -> None:
    options = CartoonOptions(style="3d", style_b="sketch", mix=0.25, faces="all,2=anime@0.4", net="builtin")
    values = show_options(vars(options))
    assert read_options(values) == options


@pytest.mark.parametrize(
    "settings",
    [{}, {"style": "all"}, {"style": "gone"}, {"mix": "much"}, {"faces": 7}, {"strength": None, "x": 1}],
)
def test_settings_that_make_no_sense_give_the_defaults(settings: dict[str, object]) -> None:
    assert read_options(show_options(settings)) == CartoonOptions()


def test_settings_are_told_in_plain_words() -> None:
    told = dict(
        tell_settings(vars(CartoonOptions(style="3d", style_b="sketch", mix=0.25, faces="off")), ENGLISH)
    )
    assert told["Style"] == "3D film + Sketch"
    assert told["How much of the second"] == "0.25"
    assert told["Faces"] == "none"
    assert "Longest side" not in told
    assert dict(tell_settings({"style": "all"}, ENGLISH))["Style"] == "All styles"


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([], "all"),
        ([Row(1, True), Row(2, True)], "all"),
        ([Row(1, False), Row(2, False)], "off"),
        ([Row(1, True), Row(2, False)], "1"),
        ([Row(1, True), Row(2, True, "3d")], "all,2=3d"),
        ([Row(1, False), Row(2, True, "sketch", "0.6"), Row(3, True, "", "0.4")], "2=sketch@0.6,3@0.4"),
    ],
)
def test_what_is_chosen_for_faces_is_written_short(rows: list[Row], text: str) -> None:
    assert write_wishes(rows) == text
    wishes = read_wishes(text, STYLES)
    for row in rows:
        wanted = Wish(row.style, float(row.strength) if row.strength else None) if row.on else None
        assert wishes.of(row.number) == wanted


def test_rows_come_from_the_browser_as_they_are_shown() -> None:
    sent = [{"number": 1, "on": True, "style": "3d", "strength": ""}]
    assert read_rows(sent) == [Row(1, True, "3d", "")]
    assert read_rows(None) == []


@pytest.mark.parametrize("sent", [[1], [{}], [{"number": "x", "on": 1, "style": "", "strength": ""}], ["no"]])
def test_rows_that_are_none_are_refused(sent: list[object]) -> None:
    with pytest.raises(InvalidOption):
        read_rows(sent)


def test_each_face_has_a_row_with_its_wish() -> None:
    html = render_rows(TWO, "2=sketch@0.35", SPEAK)
    first, second = re.findall(r"<li.*?</li>", html)
    assert "checked" not in first
    assert "checked" in second
    assert '<option value="sketch" selected>Sketch' in second
    assert '<option value="0.35" selected>35%' in second
    assert "2 found" in html


def test_no_face_is_said() -> None:
    assert "No face was found" in render_rows(sitting(), "all", SPEAK)
    assert "No face" not in render_rows(None, "all", SPEAK)


def test_boxes_stand_where_the_faces_are() -> None:
    html = render_marks(TWO, "1", SPEAK)
    assert 'data-mark="1" aria-pressed="true"' in html
    assert 'data-mark="2" aria-pressed="false"' in html
    assert "left:5.000%;top:10.000%;width:25.000%;height:33.333%" in html
    assert html.count("<i ") == 10


def test_which_nets_are_here_is_said(studio: Studio) -> None:
    rows = list_nets(studio, SPEAK)
    assert [value for _, value in rows] == list(NETS)
    assert f"0 of {len(STYLES)}" in rows[NETS.index("published")][0]


def test_the_largest_face_is_what_the_styles_show() -> None:
    square = cut_out_square(TWO)
    assert square.rgb.shape == (DRAWN, DRAWN, 3)
    (only,) = square.faces
    assert only.number == 1
    middle = only.box[0] + only.box[2] / 2
    assert 0.25 * DRAWN < middle < 0.75 * DRAWN
    assert cut_out_square(sitting(height=30, width=900)).rgb.shape == (DRAWN, DRAWN, 3)


def test_every_style_shows_its_own_drawing(studio: Studio) -> None:
    strip = draw_strip(sitting(), "auto", studio.store)
    assert strip is not None
    assert strip.shape == (SIDE, SIDE * len(STYLES), 3)
    assert [int(strip[SIDE // 2, SIDE * index + SIDE // 2, 0]) for index in range(len(STYLES))] == [
        shade(style) for style in STYLES
    ]
    assert draw_strip(sitting(), "published", studio.store) is None


def test_the_first_pictures_come_with_the_app() -> None:
    assert FILE.is_file()
    assert "styles.jpg" in show_swatches()
    assert "data:image/jpeg;base64," in show_swatches(np.zeros((SIDE, SIDE * 7, 3), np.uint8))


SAID = (
    NO_FACE_NOTE,
    MISSING_FACE_NOTE.format(4, 2),
    JPEG_NOTE,
    HINT,
    "faces can't be 'x'.",
    "There is no style 'x'.",
    "A face's strength can't be 3.",
    film_run.NO_FACE_NOTE,
    given.DAMAGED_NOTE.format(3, 9),
    given.SOUND_NOTE,
    film_run.ALPHA_NOTE,
    film_job.AGAIN,
    too_long(90.0, 1).message,
    too_long(90.0, 1).hint,
)


@pytest.mark.parametrize("sentence", SAID)
def test_what_the_pipeline_says_is_said_in_chinese_too(sentence: str) -> None:
    assert any("\u4e00" <= letter <= "\u9fff" for letter in translate(sentence, CHINESE))
