"""Where training keeps what it makes: outside the repository, under the user's cache folder."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

PICTURES = {".jpg", ".jpeg", ".png", ".webp"}
HELD_BACK = Path(__file__).with_name("held_back.txt")
"""Portraits that training never sees."""
HELD_BACK_SCENES = Path(__file__).with_name("held_back_scenes.txt")
"""Photos of places that training never sees."""
REFUSED = Path(__file__).with_name("refused.txt")
"""Portraits whose labels were looked at and found wrong."""


def training_cache(net: str) -> Path:
    """The folder of what is made on the way to a net: data, checkpoints, figures."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(cache) / "inkframe" / "training" / net


def portrait_cache() -> Path:
    """The folder of the portrait net's labels, backgrounds and checkpoints."""
    return training_cache("portrait")


def find_pictures(folders: Iterable[Path]) -> list[Path]:
    """Every picture file in the folders and below, in a fixed order. Raises FileNotFoundError if none."""
    folders = list(folders)
    found = sorted(
        path for folder in folders for path in folder.rglob("*") if path.suffix.lower() in PICTURES
    )
    if not found:
        raise FileNotFoundError(f"no pictures in {', '.join(map(str, folders))}")
    return found


def pick_held_back(folders: Iterable[Path], most: int) -> list[Path]:
    """At most so many photos that training never sees, or any where none is held back, from all over the folders."""
    held = read_names(HELD_BACK) | read_names(HELD_BACK_SCENES)
    paths = find_pictures(folders)
    paths = [path for path in paths if path.stem in held] or paths
    return paths[:: max(1, len(paths) // most)][:most]


def read_names(path: Path) -> frozenset[str]:
    """File stems, one a line; lines that start with # are remarks."""
    lines = (line.strip() for line in path.read_text().splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))
