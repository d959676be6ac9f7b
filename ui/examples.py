"""The small pictures to try first. scripts/draw_examples.py draws them."""

from __future__ import annotations

from pathlib import Path

EXAMPLES = ("duck", "dandelion", "balloon")
FOLDER = Path(__file__).with_name("pictures")


def example_file(name: str) -> Path:
    """The file of an example. Raises KeyError for a name that is none, so that no text becomes a path."""
    return {each: FOLDER / f"{each}.jpg" for each in EXAMPLES}[name]
