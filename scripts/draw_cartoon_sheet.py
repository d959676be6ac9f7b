"""Draw docs/cartoon-styles.png: the astronaut in every style, the published nets above the net that comes along.

`python -m scripts.draw_cartoon_sheet TEACHERS`
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.cartoon import PublishedPainter
from pipelines.cartoon.cartoonize import draw
from pipelines.cartoon.faces import Face, find_faces
from pipelines.cartoon.options import STYLES, CartoonOptions
from pipelines.cartoon.painters import BuiltinPainter, Painter
from pipelines.cartoon.sheet import draw_sheet
from pipelines.cartoon.wishes import Wish
from pipelines.image import encode_image
from pipelines.settings import ROOT, Settings
from pipelines.studio import open_studio
from ui.examples import example_file

OUT = ROOT / "docs" / "cartoon-styles.png"
EXAMPLE = "astronaut"
PART = slice(10, 270), slice(90, 350)
"""Rows and columns of the photo: enough to see the eyes."""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("teachers", type=Path, help="folder of the published nets, as training takes it")
    teachers: Path = parser.parse_args(arguments).teachers
    if not teachers.is_dir():
        parser.error(f"there is no folder {teachers}")
    draw_rows(teachers)


def draw_rows(teachers: Path) -> None:
    """Draw both rows and write the sheet."""
    studio = open_studio(Settings.read())
    photo = np.ascontiguousarray(studio.open(example_file(EXAMPLE)).rgb[PART])
    faces = find_faces(photo, studio.store)
    own = BuiltinPainter(studio.store)
    rows = [
        {"photo": photo, **{style: paint(photo, faces, style, make(style)) for style in STYLES}}
        for make in (lambda style: PublishedPainter(teachers, style), lambda style: own)
    ]
    titled = {
        f"{title}: {name}": picture
        for title, row in zip(("DCT-Net", "Inkframe"), rows, strict=True)
        for name, picture in row.items()
    }
    studio.close()
    OUT.write_bytes(encode_image(draw_sheet(titled, columns=1 + len(STYLES)), None, format="png"))
    print(OUT)


def paint(photo: np.ndarray, faces: list[Face], style: str, painter: Painter) -> np.ndarray:
    return draw(photo, [(face, Wish()) for face in faces], CartoonOptions(style=style), painter)


if __name__ == "__main__":
    main()
