"""What the documentation names is there: pages, headings, files, variables."""

from __future__ import annotations

import ast
import re
from dataclasses import MISSING, fields
from functools import cache
from pathlib import Path

import pytest

from pipelines.settings import PREFIX, ROOT, Settings
from tests.doc_pages import SPAN, find_blocks, list_pages, without_blocks

PAGES = list_pages()
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FOLDERS = ["benchmarks", "docs", "pipelines", "scripts", "server", "tests", "training", "ui", "weights"]
FILE = re.compile(rf"(?:{'|'.join(FOLDERS)})/[\w./-]*|[\w.-]+\.(?:py|sh|toml|txt)")
TEST = re.compile(r"(tests/[\w/]+\.py)::(\w+)")
VARIABLE = re.compile(r"INKFRAME_[A-Z_]+[A-Z]")
MADE = ("weights/cache", "weights/builtin/my-", "benchmarks/RESULTS")
"""What is there only after it was made."""
EXAMPLES = {"pipelines/webcam/pencil.py", "pipelines/pencil_run.py", "ui/pencil_tab.py"}
"""What docs/architecture.md adds to show how."""
SOURCES = ("*.py", "*.sh", "run", "Dockerfile")


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    text = without_blocks(page.read_text(encoding="utf-8"))
    missing = []
    for target in LINK.findall(text):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, heading = target.partition("#")
        found = page.parent / path if path else page
        if not found.exists() or (heading and heading not in headings(found)):
            missing.append(target)
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_named_files_are_there(page: Path) -> None:
    """A file is named by its path from the repository, or by its name alone."""
    text = without_blocks(page.read_text(encoding="utf-8"))
    named = {span for span in SPAN.findall(text) if FILE.fullmatch(span) and not span.startswith(MADE)}
    assert [each for each in sorted(named - EXAMPLES) if not exists(each.rstrip("/"))] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_named_tests_are_there(page: Path) -> None:
    named = set(TEST.findall(page.read_text(encoding="utf-8")))
    assert [f"{path}::{name}" for path, name in sorted(named) if name not in names_of_tests(path)] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_named_variables_are_read_somewhere(page: Path) -> None:
    named = set(VARIABLE.findall(page.read_text(encoding="utf-8")))
    known = {PREFIX + item.name.upper() for item in fields(Settings)} | read_by_programs()
    assert named - known == set()


def test_the_table_of_settings_is_the_settings() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = [
        tuple(cell.strip() for cell in line.strip("| ").split("|"))
        for line in page.splitlines()
        if line.startswith("| `--")
    ]
    assert rows == [
        (
            f"`--{item.name.replace('_', '-')}`",
            f"`{PREFIX}{item.name.upper()}`",
            show(item.default),
            help_of(item),
        )
        for item in fields(Settings)
    ]


def test_python_in_the_pages_is_python() -> None:
    for page in PAGES:
        for block in find_blocks(page.read_text(encoding="utf-8"), "python"):
            lines = [line.strip() for line in block.strip().splitlines()]
            row_of_a_dict = lines[0].startswith('"')
            ast.parse("{" + "\n".join(lines) + "}" if row_of_a_dict else block)


def help_of(item: object) -> str:
    return str(item.metadata["help"])  # type: ignore[attr-defined]


def show(default: object) -> str:
    assert default is not MISSING
    if isinstance(default, Path):
        default = default.relative_to(ROOT)
    return f"`{default if default != '' else 'none'}`"


def headings(page: Path) -> set[str]:
    """Anchors of a page: its own, and those of its headings, as GitHub makes them."""
    text = without_blocks(page.read_text(encoding="utf-8"))
    lines = text.splitlines()
    titles = [line.lstrip("#").strip().lower() for line in lines if line.startswith("#")]
    own = set(re.findall(r'<a id="([^"]+)"></a>', text))
    return own | {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}


def exists(name: str) -> bool:
    if (ROOT / name).exists():
        return True
    return "/" not in name and name in names_of_files()


@cache
def names_of_tests(path: str) -> frozenset[str]:
    if not (ROOT / path).is_file():
        return frozenset()
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@cache
def names_of_files() -> frozenset[str]:
    return frozenset(path.name for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file())


@cache
def read_by_programs() -> set[str]:
    """Variables that stand in the sources outside of this test."""
    found: set[str] = set()
    for folder in (*FOLDERS, "."):
        for ending in SOURCES:
            for path in (ROOT / folder).glob(ending) if folder == "." else (ROOT / folder).rglob(ending):
                if "cache" not in path.parts:
                    found |= set(VARIABLE.findall(path.read_text(encoding="utf-8", errors="ignore")))
    return found
