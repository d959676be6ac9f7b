"""The 26 paintings by what they look like. They were published without names, and the net says no painter's."""

from __future__ import annotations

TITLES: tuple[str, ...] = (
    "Ochre and sky",
    "Yellow with black bars",
    "Ink and pale blue",
    "Bright stained glass",
    "Crimson and gold",
    "Autumn facets",
    "Indigo dots",
    "Bold primaries",
    "Coloured pencils",
    "Teal and red woodcut",
    "Burnt sienna",
    "Golden ink drawing",
    "Lilac pastel",
    "Lime and teal",
    "Pale blue wash",
    "Pale leaded glass",
    "Blue crayon",
    "Red weave",
    "Sepia relief",
    "Blue and yellow swirls",
    "Red embers",
    "Poster shapes",
    "Ivory and violet",
    "Soft twilight",
    "Blue woodblock",
    "Rough oil strokes",
)
"""In the net's own order."""


def painting_id(number: int) -> str:
    """Id of a painting by the net's own number."""
    return f"painting-{number:02d}"
