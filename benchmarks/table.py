"""What a benchmark hands back: tables for people, figures for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from training.whole_files import write_text

MADE_UP = "Its pictures were not there: measured on made-up ones, not for quoting, not held against targets."


@dataclass
class Report:
    """Markdown tables and the same figures as nested dictionaries; whether their input was made up."""

    figures: dict[str, Any] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)
    made_up: bool = False

    def add_table(self, title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        self.parts.append(f"### {title}\n\n{format_table(head, rows)}")

    def text(self) -> str:
        return "\n\n".join([MADE_UP, *self.parts] if self.made_up else self.parts) + "\n"


def format_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; floats with the digits that matter."""
    lines = [list(head), ["---"] * len(head), *[[show(cell) for cell in row] for row in rows]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def show(cell: object) -> str:
    """A cell as text: three significant digits for floats, more only in front of the point."""
    if not isinstance(cell, float):
        return str(cell)
    return f"{cell:.0f}" if abs(cell) >= 1000 else f"{cell:.3g}"


BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


def put_into(page: Path, text: str) -> None:
    """Replace what stands between a page's marks. Raises ValueError for a page without them or an empty text."""
    if not text.strip():
        raise ValueError("there is nothing to put into it")
    before, after = read_around(page)
    write_text(page, f"{before}{BEGIN}\n\n{text.strip()}\n\n{END}{after}")


def read_around(page: Path) -> tuple[str, str]:
    """What stands before and after a page's marks. Raises ValueError for a page without them."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page} has no {BEGIN} with {END} after it")
    return before, after
