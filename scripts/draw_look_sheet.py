"""Draw ui/pictures/looks.jpg: `python -m scripts.draw_look_sheet`."""

from __future__ import annotations

import numpy as np

from pipelines.errors import ModelMissing
from pipelines.settings import Settings
from pipelines.studio import open_studio
from pipelines.webcam.look_rows import BUILTIN
from pipelines.webcam.stages import encode
from pipelines.webcam.thumbnails import draw_thumbnail
from ui.examples import example_file
from ui.live_looks import ACROSS, SHEET

EXAMPLE, SIDE, QUALITY, GREY = "astronaut", 112, 82, 200


def main() -> None:
    """One example in every look that comes with the app, in rows; grey where its model is not here."""
    studio = open_studio(Settings.read())
    sample = studio.open(example_file(EXAMPLE)).rgb
    squares = []
    for row in BUILTIN:
        try:
            squares.append(draw_thumbnail(studio, row.id, sample, SIDE))
        except ModelMissing as error:
            print(f"{row.id}: {error}")
            squares.append(np.full((SIDE, SIDE, 3), GREY, np.uint8))
    studio.close()
    squares += [np.full((SIDE, SIDE, 3), GREY, np.uint8)] * (-len(squares) % ACROSS)
    rows = [np.hstack(squares[at : at + ACROSS]) for at in range(0, len(squares), ACROSS)]
    SHEET.write_bytes(encode(np.vstack(rows), QUALITY))
    print(SHEET)


if __name__ == "__main__":
    main()
