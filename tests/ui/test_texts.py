"""Both languages say everything."""

from __future__ import annotations

import re
import string
from dataclasses import fields

import pytest

from pipelines.image import colour, decode, depth
from pipelines.matting.cut_out import NOTHING_FOUND_NOTE
from pipelines.matting.find import NOBODY_NOTE, ON_CPU_NOTE
from pipelines.matting.options import MattingOptions
from pipelines.matting.refine import UNSURE_NOTE
from pipelines.matting.save import JPEG_NOTE
from pipelines.studio import Studio
from pipelines.webcam.live_credit import UNTOUCHED
from ui.page import build_page
from ui.sentences_zh import SENTENCES
from ui.texts import CHINESE, ENGLISH, LANGUAGES, TABLES, say
from ui.translate import translate
from weights.catalogue import ROWS

EN, ZH = LANGUAGES[ENGLISH], LANGUAGES[CHINESE]
SHOWN = ("label", "info", "placeholder", "value")
NOTES = (
    UNSURE_NOTE,
    NOTHING_FOUND_NOTE,
    NOBODY_NOTE,
    ON_CPU_NOTE,
    JPEG_NOTE,
    decode.SEVERAL_FRAMES,
    depth.REDUCED,
    depth.STRETCHED,
    colour.CONVERTED,
    colour.CONVERTED_PLAIN,
)


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def has_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def test_both_tables_have_the_same_keys() -> None:
    assert EN.keys() == ZH.keys()


@pytest.mark.parametrize("key", EN)
def test_both_languages_fill_in_the_same_values(key: str) -> None:
    assert places(EN[key]) == places(ZH[key])
    assert EN[key].strip()
    assert ZH[key].strip()


TYPED = '不含 , : / \\ # < > "'
HALF = re.compile(r"[\u4e00-\u9fff\u3002] ?[,:;!(]|[,:;!)] ?[\u4e00-\u9fff]|[\u4e00-\u9fff]\?")


def test_chinese_has_chinese_marks() -> None:
    """GB/T 15834: beside Chinese letters stand full-width commas, colons, brackets; in what is typed they do not."""
    texts = [text.replace(TYPED, "") for text in (*ZH.values(), *SENTENCES.values())]
    assert [text for text in texts if HALF.search(text)] == []


@pytest.mark.parametrize("lang", TABLES)
def test_no_table_says_what_another_says(lang: str) -> None:
    assert sum(map(len, TABLES[lang])) == len(LANGUAGES[lang])


def test_a_value_is_filled_in() -> None:
    key = next(key for key in EN if places(EN[key]) == {"count"})
    assert "7" in say(key, CHINESE, count=7)


@pytest.mark.parametrize("note", NOTES)
def test_every_note_is_translated(note: str) -> None:
    assert has_chinese(translate(note, CHINESE))
    assert translate(note, ENGLISH) == note


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_every_models_hint_is_translated(row: object) -> None:
    assert has_chinese(translate(row.hint, CHINESE))  # type: ignore[attr-defined]


def test_a_picture_of_no_net_is_named_in_chinese() -> None:
    assert has_chinese(translate(UNTOUCHED["title"], CHINESE))


def test_a_sentence_keeps_its_values() -> None:
    english = next(sentence for sentence in SENTENCES if sentence.count("{}") == 1)
    assert "x17" in translate(english.replace("{}", "x17"), CHINESE)


def test_an_unknown_sentence_stays_english() -> None:
    assert translate("Nobody wrote this.", CHINESE) == "Nobody wrote this."


def test_every_option_has_a_label_in_both() -> None:
    for item in fields(MattingOptions):
        assert any(key.startswith("option.") and item.name in key for key in EN) or item.name == "format", (
            item.name
        )


def test_the_chinese_page_has_no_english_label(studio: Studio) -> None:
    english_only = {EN[key] for key in EN if EN[key] != ZH[key] and key != "app.other_language"}
    blocks = build_page(studio).blocks
    pages = blocks.config["page"]
    chinese = next(page for name, page in pages.items() if name == "zh")
    components = {each["id"]: each for each in blocks.config["components"]}
    stray = [
        (number, name, components[number]["props"].get(name))
        for number in chinese["components"]
        for name in SHOWN
        if isinstance(components[number]["props"].get(name), str)
        and components[number]["props"].get(name) in english_only
    ]
    assert chinese["components"]
    assert stray == []
