"""Draw docs/films.png: moments of three films of the app's own examples: `python -m scripts.draw_film_sheets`."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from pipelines.cartoon.sheet import draw_sheet
from pipelines.image import encode_image
from pipelines.image_to_video.film_files import Order
from pipelines.image_to_video.film_options import VideoOptions
from pipelines.image_to_video.make_film import begin
from pipelines.image_to_video.sources import Given
from pipelines.settings import ROOT, Settings
from pipelines.studio import Studio, open_studio
from ui.examples import example_file

OUT = ROOT / "docs" / "films.png"
COLUMNS = 6
SIZE: dict[str, Any] = {"width": 288.0, "height": 216.0, "fps": "12"}


@dataclass(frozen=True)
class Film:
    """A film to show: the examples that it is made of, and its options."""

    title: str
    examples: tuple[str, ...]
    options: VideoOptions


FILMS = (
    Film("parallax", ("astronaut",), VideoOptions(motion="parallax", amount=1.0, duration=3.0, **SIZE)),
    Film("spiral-in", ("dandelion",), VideoOptions(motion="spiral-in", amount=1.0, duration=3.0, **SIZE)),
    Film(
        "morph",
        ("duck", "balloon"),
        VideoOptions(motion="zoom-in", duration=1.5, transition="morph", transition_seconds=1.2, **SIZE),
    ),
)


def main() -> None:
    """Draw every film and write one row of moments of each."""
    studio = open_studio(Settings.read())
    moments = {f"{film.title} {at:.1f} s": frame for film in FILMS for at, frame in show(studio, film)}
    studio.close()
    OUT.write_bytes(encode_image(draw_sheet(moments, columns=COLUMNS), None, format="png"))
    print(OUT)


def show(studio: Studio, film: Film) -> list[tuple[float, np.ndarray]]:
    """COLUMNS frames, evenly chosen, with their times in seconds."""
    order = Order([Given(example_file(name), f"{name}.jpg") for name in film.examples])
    begun = begin(studio, order, film.options)
    total, rate = begun.film.timeline.frames, float(film.options.rate)
    chosen = {round(share) for share in np.linspace(0, total - 1, COLUMNS)}
    frames = enumerate(islice(begun.drawing.draw(), total))
    return [(number / rate, np.array(frame)) for number, frame in frames if number in chosen]


if __name__ == "__main__":
    main()
