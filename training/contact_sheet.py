"""Contact sheets: many cut-outs side by side, on green and on black, to be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
GREEN, BLACK = (0, 200, 60), (0, 0, 0)


def lay(front: Picture, alpha: Picture, colour: tuple[int, int, int]) -> Picture:
    """A person's colours (uint8 HWC) over one colour; alpha uint8 HW."""
    share = alpha[..., None] / 255.0
    laid: Picture = np.rint(front * share + np.array(colour) * (1 - share)).astype(np.uint8)
    return laid


def tile(rgb: Picture, side: int, text: str = "") -> Picture:
    """Fit a picture into a square of `side` px, with a line of text at its foot."""
    scale = side / max(rgb.shape[:2])
    size = max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    square = np.full((side, side, 3), 90, np.uint8)
    square[: size[1], : size[0]] = small
    cv2.putText(square, text, (4, side - 6), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (255, 255, 0), 1, cv2.LINE_AA)
    return square


def grid(tiles: Sequence[Picture], columns: int) -> Picture:
    """Equal squares in rows of `columns`; the last row is filled up with grey."""
    filler = np.full_like(tiles[0], 90)
    padded = [*tiles, *[filler] * (-len(tiles) % columns)]
    rows = [np.hstack(padded[first : first + columns]) for first in range(0, len(padded), columns)]
    return np.vstack(rows)


def draw_sheet(labels: Path, names: Sequence[str], out: Path, side: int = 220, columns: int = 10) -> None:
    """Write each label's cut-out on green beside its cut-out on black."""
    tiles = []
    for name in names:
        stored = np.load(labels / f"{name}.npy")
        alpha, front = stored[..., 3], stored[..., 4:]
        tiles += [tile(lay(front, alpha, GREEN), side, name), tile(lay(front, alpha, BLACK), side)]
    if tiles:
        cv2.imwrite(str(out), grid(tiles, columns)[..., ::-1])
