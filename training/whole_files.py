"""Files that are whole as soon as they are there: written under a temporary name, then renamed."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def save_array(path: Path, array: NDArray[np.uint8]) -> None:
    """As .npy."""
    partial = _name_partial(path)
    with partial.open("wb") as file:
        np.save(file, array)
    os.replace(partial, path)


def write_text(path: Path, text: str) -> None:
    """In UTF-8."""
    partial = _name_partial(path)
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, path)


def _name_partial(path: Path) -> Path:
    """Beside it, and no other process's."""
    return path.with_name(f"{path.name}.{os.getpid()}.partial")
