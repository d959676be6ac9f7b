"""The beginning of a film, small and at once: the same drawing at a lower size and rate."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.image_to_video.film import FilmDrawing, plan_film
from pipelines.image_to_video.film_files import Order
from pipelines.image_to_video.film_options import VideoOptions
from pipelines.image_to_video.sources import check_count, gather, look_at_all
from pipelines.video import VideoWriter

if TYPE_CHECKING:
    from pipelines.studio import Studio

SIDE = 384
"""Longer side of a preview in px."""
RATE = 12
STYLED_FRAMES = 16
"""Of a film whose style comes or goes: so few that all of it is seen."""
SECONDS, LEAST_SECONDS = 1.5, 0.5
"""Time after which a preview ends where it is, and what it gets after its first frame at least."""
MOST_PICTURES = 4
CRF = 23
CUT_NOTE = "The preview shows the first {:.1f} of {:.1f} seconds."


@dataclass(frozen=True)
class Preview:
    """`seconds` of `whole` are shown; `notes` are sentences."""

    path: Path
    seconds: float
    whole: float
    notes: tuple[str, ...]


def preview(
    studio: Studio, order: Order, options: VideoOptions, target: Path, seconds: float = SECONDS
) -> Preview:
    """Write an MP4 of how the film begins, in about `seconds` of work. Raises what looking, planning and drawing
    raise, OSError."""
    end = time.monotonic() + seconds
    check_count(order.pictures)
    whole = float(sum(options.seconds_of(number) for number in range(len(order.pictures))))
    sources, remarks = look_at_all(studio, order.pictures[:MOST_PICTURES])
    asked = plan_film(sources, options, studio.settings.max_film_minutes)
    width, height = shrink(asked.size)
    small = replace(options, width=width, height=height, fps=choose_rate(options, whole), format="mp4")
    film = plan_film(sources, small, studio.settings.max_film_minutes)
    drawing, shown = FilmDrawing(studio, film), 0
    with VideoWriter(target, film.size, film.timeline.rate, crf=CRF) as writer:
        for pixels in drawing.draw():
            writer.write(pixels)
            shown += 1
            if shown == 1:
                end = max(end, time.monotonic() + min(seconds, LEAST_SECONDS))
            if time.monotonic() > end:
                break
    length = float(shown / film.timeline.rate)
    notes = list(dict.fromkeys([*asked.notes, *gather([*remarks, *drawing.remarks])]))
    if length < whole - 0.1:
        notes.append(CUT_NOTE.format(length, whole))
    return Preview(target, length, whole, tuple(notes))


def choose_rate(options: VideoOptions, seconds: float) -> str:
    """Frames a second of a preview."""
    return str(min(RATE, max(1, round(STYLED_FRAMES / seconds)))) if options.plan_style() else str(RATE)


def shrink(size: tuple[int, int]) -> tuple[float, float]:
    """The film's shape at a preview's size."""
    scale = min(1.0, SIDE / max(size))
    width, height = (float(max(16, 2 * round(side * scale / 2))) for side in size)
    return width, height
