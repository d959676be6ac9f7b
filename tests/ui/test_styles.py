"""What Gradio does to style sheets leaves ours whole."""

from __future__ import annotations

import re

import pytest

from ui.page import HERE, SHEETS

IN_MEDIA = re.compile(r"@media[^{]*\{((?:[^{}]*\{[^{}]*\})*)\s*\}")
WHOLE_PAGE = re.compile(r"(^|[\s,])(html|body|\.gradio-container)\b")
COMMA_IN_BRACKETS = re.compile(r"\([^()]*,[^()]*\)")


def list_selectors(sheet: str) -> list[str]:
    """The selectors of the rules inside @media."""
    text = re.sub(r"/\*.*?\*/", "", (HERE / f"{sheet}.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    return [rule.split("{")[0].strip() for block in IN_MEDIA.findall(text) for rule in block.split("}")]


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_rule_for_a_kind_of_window_is_lost(sheet: str) -> None:
    """Gradio puts its page's name before each of them and cuts them at commas; the rest is for frame.css."""
    lost = [
        each for each in list_selectors(sheet) if WHOLE_PAGE.search(each) or COMMA_IN_BRACKETS.search(each)
    ]
    assert lost == []


def test_rules_in_media_are_found() -> None:
    assert ".ink-work" in list_selectors("style")
