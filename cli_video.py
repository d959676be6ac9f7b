"""`video` from a shell: pictures become a film."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from cli_files import copy_result
from cli_progress import ProgressLine, describe_seconds
from pipelines.errors import BadInput, InvalidOption

if TYPE_CHECKING:
    from pipelines.image_to_video.estimate import Estimate
    from pipelines.image_to_video.film_files import Order
    from pipelines.image_to_video.make_film import Tell
    from pipelines.studio import Studio

FORMAT_OF = {".mp4": "mp4", ".webm": "webm", ".gif": "gif", ".zip": "png"}
PICTURES = frozenset(
    {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp", ".gif", ".avif", ".heic", ".heif"}
)


def film_pictures(
    studio: Studio, paths: Sequence[Path], music: Path | None, given: Mapping[str, Any]
) -> None:
    """Make a film of all but the last path, into the last one, and keep it as a run."""
    from pipelines.image_to_video.film_options import VideoOptions
    from pipelines.image_to_video.make_film import begin, make_run

    target = paths[-1]
    options = VideoOptions.parse({"format": format_of(target), **given})
    order = read_order(studio, paths[:-1], music)
    with ProgressLine() as line:
        tell = follow(line)
        run = make_run(studio, begin(studio, order, options, tell), tell)
    copy_result(studio, run, target)
    frames, size = run.settings["frames"], f"{run.settings['made_width']}x{run.settings['made_height']}"
    speed = frames / max(run.timings["total"], 1e-6)
    typer.echo(f"{target}  {frames} frames of {size}  {run.timings['total']:.1f} s  {speed:.1f}/s")


def follow(line: ProgressLine) -> Tell:
    """Show how far the film is."""
    from pipelines.jobs.job import Job

    start = time.monotonic()

    def tell(done: int, total: int, what: str) -> None:
        rate = done / max(time.monotonic() - start, 1e-3)
        line.show(Job("", "video", "running", "", "", done=done, total=total, current=what, rate=rate))

    return tell


def tell_estimate(
    studio: Studio, paths: Sequence[Path], music: Path | None, given: Mapping[str, Any]
) -> None:
    """Say what the film would take; nothing is kept."""
    from pipelines.image_to_video.estimate import estimate
    from pipelines.image_to_video.film_options import VideoOptions

    options = VideoOptions.parse({"format": format_of(paths[-1]), **given})
    found = estimate(studio, read_order(studio, paths[:-1], music), options)
    for note in found.notes:
        typer.echo(note, err=True)
    typer.echo(describe(found))


def describe(found: Estimate) -> str:
    """`125 frames of 1920x1080, 5.0 s: about 4 s, 400 MB of memory, 3.1 MB of disk`"""
    from weights.disk import megabytes

    return (
        f"{found.frames} frames of {found.width}x{found.height}, {found.seconds:.2f} s: "
        f"about {describe_seconds(found.work_seconds)}, {megabytes(found.memory_bytes)} of memory, "
        f"{megabytes(found.disk_bytes)} of disk"
    )


def format_of(target: Path) -> str:
    """The format that a file's ending asks for. Raises InvalidOption."""
    ending = target.suffix.lower()
    if ending not in FORMAT_OF:
        raise InvalidOption(
            f"{target.name} has no ending that says what to make.", f"Use one of: {', '.join(FORMAT_OF)}."
        )
    return FORMAT_OF[ending]


def read_order(studio: Studio, paths: Sequence[Path], music: Path | None) -> Order:
    """Pictures, and those in folders by name. Raises BadInput for what is not there."""
    from pipelines.image_to_video.film_files import Order
    from pipelines.image_to_video.sources import Given

    found = [each for path in paths for each in list_pictures(path)]
    sound = None
    if music is not None:
        if not music.is_file():
            raise BadInput(f"There is no file {music}.", "Check the path of --music.")
        sound = Given(music, music.name)
    return Order([Given(path, path.name) for path in found], sound, studio.settings.visible_label)


def list_pictures(path: Path) -> list[Path]:
    """The picture itself, or those of a folder."""
    if path.is_dir():
        found = sorted(each for each in path.iterdir() if each.suffix.lower() in PICTURES)
        if not found:
            raise BadInput(f"The folder {path} holds no pictures.", "Name one that does.")
        return found
    if not path.is_file():
        raise BadInput(f"There is no file {path}.", "Check the path.")
    return [path]
