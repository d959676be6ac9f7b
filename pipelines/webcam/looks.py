"""Everything that the camera's picture can be turned into: what comes with the app, and the user's own."""

from __future__ import annotations

from pipelines.errors import InvalidOption
from pipelines.studio import Studio
from pipelines.webcam.look_rows import BUILTIN, LookRow
from pipelines.webcam.names import OTHER_NAMES
from pipelines.webcam.own_styles import OwnStyles

__all__ = ["LookRow", "find_look", "list_looks"]


def list_looks(studio: Studio) -> list[LookRow]:
    """All looks: those that come with the app, then the user's own in the order of their names."""
    return [*BUILTIN, *(LookRow(name, name, "own") for name in OwnStyles(studio).list())]


def find_look(studio: Studio, name: str) -> LookRow:
    """The look of that name. Raises InvalidOption: it was never there, or has been removed."""
    name = OTHER_NAMES.get(name, name)
    for row in list_looks(studio):
        if row.id == name:
            return row
    raise InvalidOption(f"There is no style called {name!r}.", "Choose one of the list.")
