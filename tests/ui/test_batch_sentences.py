"""What batches say in English is said in Chinese, too."""

from __future__ import annotations

from dataclasses import fields

import pytest

from pipelines.batch import batch_job, engine, faults, output_names, zip_names
from pipelines.batch.options import BatchOptions
from pipelines.matting.options import MattingOptions
from ui.texts import CHINESE, ENGLISH, LANGUAGES
from ui.translate import translate_all

VALUES = {
    "method": "PPMd",
    "ratio": 200,
    "size": 1.5,
    "limit": 100,
    "reason": "EIO",
    "name": "a.png",
    "count": 3,
}
SAID = [
    *(value for name, value in vars(faults).items() if name.isupper()),
    *(value for name, value in vars(output_names).items() if name.isupper() and str(value).endswith(".")),
    *zip_names.READ_AS.values(),
    zip_names.NAME_DAMAGED,
    batch_job.REUSED_ALL,
    batch_job.REUSED_SOME,
    engine.UNEXPECTED,
]


@pytest.mark.parametrize("sentence", SAID)
def test_every_sentence_is_translated_whole(sentence: str) -> None:
    said = translate_all(sentence.format(**VALUES), CHINESE)
    for value in ("Inkframe", *VALUES.values()):
        said = said.replace(str(value), "")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said)
    assert "the" not in said.lower().split()
    assert not any(word.isascii() and word.isalpha() and len(word) > 4 for word in said.split())


def test_english_stays_english() -> None:
    assert translate_all(faults.ENCRYPTED, ENGLISH) == faults.ENCRYPTED


@pytest.mark.parametrize("lang", [ENGLISH, CHINESE])
def test_every_option_of_a_batch_alone_has_a_label_and_help(lang: str) -> None:
    own = {item.name for item in fields(BatchOptions)} - {item.name for item in fields(MattingOptions)}
    assert own
    for name in own:
        assert f"option.{name}" in LANGUAGES[lang]
        assert f"help.{name}" in LANGUAGES[lang]
