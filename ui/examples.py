"""The small pictures to try first.

scripts/draw_examples.py draws them, but for the astronaut: NASA's portrait of Eileen Collins (1993), in the public
domain, as scikit-image carries it.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.errors import NotFound

THINGS = ("duck", "dandelion", "balloon")
PEOPLE = ("astronaut", "duck", "balloon")
"""For what is made for faces."""
FOLDER = Path(__file__).with_name("pictures")


def example_file(name: str) -> Path:
    """The file of an example. Raises NotFound for a name that is none, so that no text becomes a path."""
    if name not in THINGS + PEOPLE:
        raise NotFound("There is no such example.", "Choose one of the pictures shown.")
    return FOLDER / f"{name}.jpg"
