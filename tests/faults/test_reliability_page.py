"""docs/reliability.md names tests: each exists, and each test of this folder is named."""

from __future__ import annotations

import re
from pathlib import Path

from pipelines.settings import ROOT

PAGE = ROOT / "docs" / "reliability.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
TEST = re.compile(r"^def (test_\w+)", re.MULTILINE)
HERE = Path(__file__)


def list_tests(path: Path) -> set[str]:
    """Names of a file's test functions."""
    return set(TEST.findall(path.read_text("utf-8")))


def test_every_test_that_the_page_names_exists() -> None:
    named = NAMED.findall(PAGE.read_text("utf-8"))
    assert len(named) > 80
    lost = [f"{path}::{name}" for path, name in named if name not in list_tests(ROOT / path)]
    assert lost == []


def test_every_row_names_a_test() -> None:
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    bare = [row for row in rows if not NAMED.search(row) and not row.startswith("| fault")]
    assert bare == []


def test_every_test_of_this_folder_stands_on_the_page() -> None:
    named = {(ROOT / path, name) for path, name in NAMED.findall(PAGE.read_text("utf-8"))}
    held = {
        (path, name) for path in HERE.parent.glob("test_*.py") if path != HERE for name in list_tests(path)
    }
    assert held - named == set()
