"""The words of the page: one table a language, the same keys in each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ui.words_batch_en import BATCH_EN
from ui.words_batch_zh import BATCH_ZH
from ui.words_cartoon_en import CARTOON_EN
from ui.words_cartoon_zh import CARTOON_ZH
from ui.words_en import EN
from ui.words_live_en import LIVE_EN
from ui.words_live_own_en import LIVE_OWN_EN
from ui.words_live_own_zh import LIVE_OWN_ZH
from ui.words_live_zh import LIVE_ZH
from ui.words_paintings import PAINTINGS_EN, PAINTINGS_ZH
from ui.words_video_en import VIDEO_EN
from ui.words_video_zh import VIDEO_ZH
from ui.words_zh import ZH

ENGLISH, CHINESE = "en", "zh-CN"
TABLES: dict[str, tuple[dict[str, str], ...]] = {
    ENGLISH: (EN, BATCH_EN, CARTOON_EN, VIDEO_EN, LIVE_EN, LIVE_OWN_EN, PAINTINGS_EN),
    CHINESE: (ZH, BATCH_ZH, CARTOON_ZH, VIDEO_ZH, LIVE_ZH, LIVE_OWN_ZH, PAINTINGS_ZH),
}
LANGUAGES: dict[str, dict[str, str]] = {
    lang: {key: text for table in tables for key, text in table.items()} for lang, tables in TABLES.items()
}
"""No key stands in two tables; a test holds that."""
Say = Callable[..., str]
"""A language's voice: `say(key, **values)` gives the text of a key with its places filled."""


def say(key: str, lang: str = ENGLISH, **values: Any) -> str:
    """The text of a key in a language. Raises KeyError for a key that no table has."""
    return LANGUAGES[lang][key].format(**values)


def voice(lang: str) -> Say:
    """`say` for one language."""

    def speak(key: str, **values: Any) -> str:
        return say(key, lang, **values)

    return speak


def label_of(table: str, value: str, lang: str) -> str:
    """The text of `<table>.<value>`, or the value itself where the tables have no word for it."""
    return LANGUAGES[lang].get(f"{table}.{value}", value)
