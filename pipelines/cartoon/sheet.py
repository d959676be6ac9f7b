"""A contact sheet: pictures of one size in rows, each with its name under it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PIL import Image, ImageDraw, ImageFont

COLUMNS = 4
GAP = 12
LETTERS = 0.045
"""Height of the names, as a share of a picture's longer side."""
PAPER, INK = (255, 255, 255), (40, 40, 40)


def draw_sheet(pictures: Mapping[str, np.ndarray], columns: int = COLUMNS) -> np.ndarray:
    """Lay RGB uint8 pictures of one size out by name; returns RGB uint8."""
    height, width = next(iter(pictures.values())).shape[:2]
    letters = max(12, round(LETTERS * max(height, width)))
    cell_wide, cell_high = width + GAP, height + GAP + 2 * letters
    columns = min(columns, len(pictures))
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (GAP + columns * cell_wide, GAP + rows * cell_high), PAPER)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(letters)
    for index, (name, rgb) in enumerate(pictures.items()):
        left, top = GAP + index % columns * cell_wide, GAP + index // columns * cell_high
        sheet.paste(Image.fromarray(rgb), (left, top))
        pen.text((left + width / 2, top + height + letters), name, INK, font, anchor="mm")
    return np.asarray(sheet)
