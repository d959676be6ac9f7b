"""The page's tables hold no word that nothing says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from ui.live_stage import PREFIX
from ui.texts import ENGLISH, LANGUAGES
from ui.video_form import TABLES

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [
    path
    for folder in ("ui", "pipelines", "weights")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".py", ".js") and not path.name.startswith(("words_", "sentences_"))
]
HOLE = "([^.]+)"
TOLD_BY_NAME = (*(rf"{table}\.{HOLE}" for table in TABLES.values()), rf"video\.{HOLE}\.{HOLE}")
"""Keys that the video's form makes of an option's table and its choice."""
GIVEN_TO_SCRIPTS = re.escape(PREFIX) + "(.+)"


def read_strings(source: str) -> Iterator[tuple[str, bool]]:
    """A Python file's plain strings, and its f-strings as patterns (True)."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=str(text)):
                yield text, False
            case ast.JoinedStr(values=[ast.Constant(), *_] as parts):
                yield "".join(map(as_pattern, parts)), True
            case ast.Call(func=ast.Name(id="label_of"), args=[ast.Constant(value=str(table)), *_]):
                yield rf"{re.escape(table)}\.{HOLE}", True


def as_pattern(part: ast.expr) -> str:
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) else HOLE


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z]+", text))


def is_made(key: str, patterns: Iterable[str], words: set[str]) -> bool:
    """Whether a pattern makes the key of words that stand in the sources."""
    found = (re.fullmatch(pattern, key) for pattern in patterns)
    return any(words_of(" ".join(each.groups())) <= words for each in found if each)


def test_every_word_is_said_somewhere() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in SOURCES}
    page = (text for path, text in texts.items() if path.parent.name == "ui" and path.suffix == ".py")
    told = {each for text in page for each in read_strings(text)}
    plain = {text for text, is_pattern in told if not is_pattern}
    patterns = [*TOLD_BY_NAME, GIVEN_TO_SCRIPTS, *(text for text, is_pattern in told if is_pattern)]
    words = set().union(*map(words_of, texts.values()))
    unsaid = [
        key
        for key in LANGUAGES[ENGLISH]
        # say_count finds the word for one by itself
        if (name := key.removesuffix(".one")) not in plain and not is_made(name, patterns, words)
    ]
    assert unsaid == []
