"""The documentation as tests read it: pages, fenced blocks, the commands in them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.settings import ROOT

PLACES = ("*.md", "docs/*.md", "training/README.md", "weights/builtin/*.md", "benchmarks/*.md")
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
SHELLS = frozenset({"", "sh", "bash"})
SPAN = re.compile(r"`([^`\n]+)`")
STARTS = (
    "./run.sh",
    "python -m ",
    "python cli.py",
    "pytest ",
    "scripts/",
    "curl ",
    ".venv/bin/",
    "INKFRAME_",
)


@dataclass(frozen=True)
class Command:
    """One command of a page: the variables before it and its words."""

    page: Path
    environ: tuple[str, ...]
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page.name}: {' '.join(self.words)}"


def list_pages() -> list[Path]:
    """Every page of documentation."""
    return sorted(path for place in PLACES for path in ROOT.glob(place))


def without_blocks(text: str) -> str:
    """The page's prose and tables."""
    return FENCE.sub("", text)


def find_blocks(text: str, *kinds: str) -> list[str]:
    """Contents of the fenced blocks whose language is one of these."""
    return [block for kind, block in FENCE.findall(text) if kind in kinds]


def find_commands(page: Path) -> Iterator[Command]:
    """Commands in a page's blocks and, where they are of Inkframe, in its `spans`."""
    text = page.read_text(encoding="utf-8")
    for block in find_blocks(text, *SHELLS):
        for line in block.replace("\\\n", " ").splitlines():
            yield from _read(page, re.split(r"\s{3,}(?![-#])", line.strip())[0])
    for span in SPAN.findall(without_blocks(text)):
        if span.startswith(STARTS):
            yield from _read(page, span)


def _read(page: Path, line: str) -> Iterator[Command]:
    for part in re.split(r"&&|\|", line):
        try:
            words = shlex.split(part, comments=True)
        except ValueError:
            continue
        environ = []
        while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
            environ.append(words.pop(0))
        if words or environ:
            yield Command(page, tuple(environ), tuple(words))
