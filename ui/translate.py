"""Sentences that pipelines and weights make in English, in the page's language."""

from __future__ import annotations

import re
from functools import cache

from ui.sentences_zh import SENTENCES
from ui.texts import ENGLISH, say

PLACE, NAMED = "{}", ": "
BETWEEN = re.compile(r"(?<=[.!?]) (?=[A-Z])")


def translate(sentence: str, lang: str) -> str:
    """A sentence in a language; English where no table knows it. Values in it stay as they are."""
    if lang == ENGLISH or not sentence:
        return sentence
    for pattern, words in _patterns():
        found = pattern.fullmatch(sentence)
        if found:
            return words.format(*found.groups())
    return sentence


def translate_all(text: str, lang: str) -> str:
    """Several sentences in one text, such as a reason with its hint."""
    whole = translate(text, lang)
    if whole != text:
        return whole
    return " ".join(translate_named(sentence, lang) for sentence in BETWEEN.split(text))


def translate_named(sentence: str, lang: str) -> str:
    """A sentence that may begin with the name of what it is about: "a.png: left out."."""
    whole = translate(sentence, lang)
    name, colon, rest = sentence.partition(NAMED)
    said = translate(rest, lang)
    if not colon or whole != sentence or said == rest:
        return whole
    return say("mark.pair", lang, name=translate(name, lang), value=said)


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Each row's English as a pattern: `{}` stands for any text. Rows with fewer places come first."""
    rows = sorted(SENTENCES.items(), key=lambda row: row[0].count(PLACE))
    return [
        (re.compile("(.*)".join(map(re.escape, english.split(PLACE))), re.DOTALL), words)
        for english, words in rows
    ]
