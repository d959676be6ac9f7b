"""The small pictures to try first.

scripts/draw_examples.py draws them, but for the astronaut: NASA's portrait of Eileen Collins (1993), in the public
domain, as scikit-image carries it.
"""

from __future__ import annotations

from pathlib import Path

THINGS = ("duck", "dandelion", "balloon")
PEOPLE = ("astronaut", "duck", "balloon")
"""For what is made for faces."""
FOLDER = Path(__file__).with_name("pictures")


def example_file(name: str) -> Path:
    """The file of an example. Raises KeyError for a name that is none, so that no text becomes a path."""
    return {each: FOLDER / f"{each}.jpg" for each in THINGS + PEOPLE}[name]
