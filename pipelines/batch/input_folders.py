"""Which folders of this machine the page and the REST routes may take pictures from."""

from __future__ import annotations

import os
from pathlib import Path

from pipelines.errors import InvalidOption, NotFound

NONE_SET = "Set INKFRAME_INPUT_FOLDERS to the folders that may be read."
NONE_THERE = "INKFRAME_INPUT_FOLDERS names no folder that is there: {folders}."


def list_input_folders(setting: str) -> list[Path]:
    """The folders of `Settings.input_folders` that there are, links resolved."""
    # A path that begins with the ~ of nobody stays as it is: such a folder is not there.
    named = (Path(os.path.expanduser(each)) for each in _split(setting))
    return [each.resolve() for each in named if os.path.isdir(each)]


def find_input(text: str, setting: str) -> Path:
    """A folder or file below one of the allowed folders, by its whole path or by its path inside one.

    What lies elsewhere - also by "..", or by a link - is refused like what is not there, so that nobody
    learns what else the machine has. Raises InvalidOption when no folder is allowed, NotFound.
    """
    folders = list_input_folders(setting)
    if not folders:
        named = ", ".join(_split(setting))
        hint = NONE_THERE.format(folders=named) if named else NONE_SET
        raise InvalidOption("This server takes no pictures from its own folders.", hint)
    for folder in folders:
        found = _resolve(folder / text.strip())
        if found is not None and any(found.is_relative_to(allowed) for allowed in folders):
            return found
    allowed = ", ".join(map(str, folders))
    raise NotFound(f"There is no {text.strip()!r} in the folders for input.", f"They are: {allowed}.")


def _split(setting: str) -> list[str]:
    return [each for each in setting.split(os.pathsep) if each.strip()]


def _resolve(path: Path) -> Path | None:
    """The real path, None when there is nothing or the text is no path at all."""
    try:
        return path.resolve(strict=True)
    except (OSError, ValueError, RuntimeError):  # a link in a circle is a RuntimeError before Python 3.13
        return None
