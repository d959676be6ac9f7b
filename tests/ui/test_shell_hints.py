"""A hint that names a setting's flag names its variable, too: most commands of a shell have no such flag."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from pipelines.settings import Settings
from ui.sentences_zh import SENTENCES

FLAGS = {f"--{item.name.replace('_', '-')}": f"INKFRAME_{item.name.upper()}" for item in fields(Settings)}
SAID = [(flag, text) for row in SENTENCES.items() for text in row for flag in re.findall(r"--[a-z-]+", text)]


@pytest.mark.parametrize(("flag", "text"), [each for each in SAID if each[0] in FLAGS])
def test_a_settings_flag_comes_with_its_variable(flag: str, text: str) -> None:
    assert FLAGS[flag] in text
