"""The paintings that a style net learns: their names and their pixels at the size at which strokes count."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.image import open_image
from training.folders import find_pictures

Picture = NDArray[np.uint8]

SHORTEST = 384
"""Shorter side of a painting when its strokes are measured, px: about a camera frame's."""
LIMIT = 1 << 27
NAMES_FILE = "styles.json"


def name_style(path: Path) -> str:
    """A picture's name as an id: small letters, digits and single hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") or "style"


def find_styles(places: Sequence[Path]) -> dict[str, Path]:
    """Name -> file, of single pictures and of folders. Raises FileNotFoundError, ValueError for one name twice."""
    found: dict[str, Path] = {}
    for place in places:
        for path in [place] if place.is_file() else find_pictures([place]):
            name = name_style(path)
            if name in found:
                raise ValueError(f"{path} and {found[name]} would both be called {name}")
            found[name] = path
    return found


def read_painting(path: Path) -> Picture:
    """RGB uint8, its shorter side SHORTEST px. Raises NotAnImage, BadInput."""
    rgb = open_image(path, max_pixels=LIMIT).rgb
    scale = SHORTEST / min(rgb.shape[:2])
    size = round(rgb.shape[1] * scale), round(rgb.shape[0] * scale)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(rgb, size, interpolation=how), np.uint8)


def keep_names(run: Path, names: Sequence[str]) -> None:
    """Write down a run's styles, in the order of its vectors. Raises ValueError when the run has others."""
    path = run / NAMES_FILE
    if path.is_file() and read_names_of(run) != tuple(names):
        raise ValueError(f"{run} trains other styles ({', '.join(read_names_of(run))}); use another --run")
    path.write_text(json.dumps(list(names)))


def read_names_of(run: Path) -> tuple[str, ...]:
    """The styles of a run's net. Raises FileNotFoundError."""
    return tuple(json.loads((run / NAMES_FILE).read_text()))
