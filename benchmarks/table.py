"""What a benchmark hands back: tables for people, figures for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Report:
    """Markdown tables and the same figures as nested dictionaries."""

    figures: dict[str, Any] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)

    def add_table(self, title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        self.parts.append(f"### {title}\n\n{format_table(head, rows)}")

    def text(self) -> str:
        return "\n\n".join(self.parts) + "\n"


def format_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; floats with the digits that matter."""
    lines = [list(head), ["---"] * len(head), *[[show(cell) for cell in row] for row in rows]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def show(cell: object) -> str:
    """A cell as text: three significant digits for floats."""
    return f"{cell:.3g}" if isinstance(cell, float) else str(cell)
