"""What a film will take: time, memory and disk, measured by making a little of it."""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import DiskFull
from pipelines.image_to_video.film import FilmDrawing, lay_out, plan_film
from pipelines.image_to_video.film_files import Order
from pipelines.image_to_video.film_options import VideoOptions
from pipelines.image_to_video.formats import FORMATS, Making
from pipelines.image_to_video.sources import check_count, find_first
from pipelines.video.behind import WriteBehind
from pipelines.video.encoders import SOFTWARE, choose_encoder
from weights.disk import megabytes

if TYPE_CHECKING:
    from pipelines.studio import Studio

SAMPLE_SECONDS, SAMPLE_FRAMES = 1.0, 40
"""A sample ends at the first of these."""
KEY_EVERY = 100
"""Frames between two that are whole pictures: a part's length."""
SPARE = 64_000_000
"""Bytes that a film leaves free on the disk."""
LEAST = {"mp4": 0.003, "webm": 0.002, "gif": 0.3, "png": 0.3}
"""Bytes for a pixel of a frame that even an easy film takes."""
BASE, DECODING, SHOT, ENCODING = 130_000_000, 9, 40, 150
"""Bytes: of Python with all that a film loads; for each pixel of a picture while it is opened; for each pixel of
the film in a shot's copies of its picture, and in queues and encoder. As measured, rounded up."""
SHOTS_HELD = 2


@dataclass(frozen=True)
class Estimate:
    """`frames` and `seconds` of the film, its `width` and `height` px; `work_seconds` that making it takes,
    `memory_bytes` of the process at most, `disk_bytes` of the file, `free_bytes` on the outputs' disk;
    `notes` are sentences."""

    frames: int
    seconds: float
    width: int
    height: int
    work_seconds: float
    memory_bytes: int
    disk_bytes: int
    free_bytes: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sample:
    """What making a little took: `opening` seconds before the first frame, seconds for a `frame`; bytes of a
    `key` frame and of each `other` one."""

    opening: float
    frame: float
    key: float
    other: float


def estimate(studio: Studio, order: Order, options: VideoOptions) -> Estimate:
    """Make the first frames of the film as they will be made, and tell the rest from these.

    Raises what `film_job.submit_film` raises, but for a full disk.
    """
    check_count(order.pictures)
    count, minutes = len(order.pictures), studio.settings.max_film_minutes
    first = find_first(studio, order.pictures)
    film, timeline = plan_film([first], options, minutes), lay_out(range(count), options, minutes)
    drawing = FilmDrawing(studio, film)
    sample = make_sample(drawing)
    twice = sum(span.go for span in timeline.spans)
    work = count * sample.opening + (timeline.frames + twice) * sample.frame
    keys = -(-timeline.frames // KEY_EVERY)
    notes = (*film.notes, *timeline.notes, *(note for _, note in drawing.remarks))
    return Estimate(
        timeline.frames,
        float(timeline.seconds),
        *film.size,
        work,
        guess_memory(film.size, (first.width, first.height), count),
        round(keys * sample.key + (timeline.frames - keys) * sample.other),
        shutil.disk_usage(studio.settings.outputs).free,
        tuple(dict.fromkeys(notes)),
    )


def make_sample(drawing: FilmDrawing) -> Sample:
    """Draw and encode the first frames as the job will. Raises what drawing raises, InvalidOption, OSError."""
    film, options = drawing.film, drawing.film.options
    kind, rate = FORMATS[options.format], film.timeline.rate
    encoder = choose_encoder(options.encoder, film.size, rate) if kind.resumes else SOFTWARE
    making = Making(film.size, rate, film.alpha, options.quality, encoder)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sample.{kind.ending}"
        start, frames = time.perf_counter(), drawing.draw()
        first = next(frames)
        opened = time.perf_counter()
        writer, count = kind.open(path, making), 1
        try:
            with WriteBehind(writer) as behind:
                behind.write(first)
                for pixels in islice(frames, SAMPLE_FRAMES - 1):
                    behind.write(pixels)
                    count += 1
                    if time.perf_counter() - opened > SAMPLE_SECONDS:
                        break
        except BaseException:
            writer.drop()
            raise
        writer.close()
        took = time.perf_counter() - opened
        return Sample(opened - start, took / count, *weigh(path, count))


def weigh(path: Path, count: int) -> tuple[float, float]:
    """Bytes of a key frame and of another one in a film of `count` frames."""
    import av

    mean = path.stat().st_size / count
    if path.suffix not in (".mp4", ".webm"):
        return mean, mean
    with av.open(str(path)) as container:
        sizes = [(packet.is_keyframe, packet.size) for packet in container.demux(video=0) if packet.size]
    keys = [size for key, size in sizes if key]
    others = [size for key, size in sizes if not key] or keys
    return sum(keys) / len(keys), sum(others) / len(others)


def guess_memory(film: tuple[int, int], picture: tuple[int, int], count: int) -> int:
    """Bytes of the whole process while it makes a film, at most."""
    shots = min(count, SHOTS_HELD) * SHOT
    return BASE + (shots + ENCODING) * film[0] * film[1] + DECODING * picture[0] * picture[1]


def check_room(outputs: Path, size: tuple[int, int], frames: int, options: VideoOptions) -> None:
    """Raise DiskFull where even an easy film of that size and length would not fit."""
    needed = round(frames * size[0] * size[1] * LEAST[options.format])
    free = shutil.disk_usage(outputs).free
    if needed + SPARE > free:
        raise DiskFull(
            f"The film needs at least {megabytes(needed)} and {megabytes(free)} are free on the outputs' disk.",
            "Free some space, clean up the history, or make the film smaller or shorter.",
        )
