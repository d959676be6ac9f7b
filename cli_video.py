"""`video` from a shell: pictures become a film."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from cli_files import check_format, check_place, check_spared, copy_result, name_of
from cli_progress import ProgressLine, describe_seconds
from pipelines.errors import BadInput, InvalidOption

if TYPE_CHECKING:
    from pipelines.image_to_video.estimate import Estimate
    from pipelines.image_to_video.film_files import Order
    from pipelines.image_to_video.film_options import VideoOptions
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
    from pipelines.image_to_video.make_film import begin, make_run

    target = paths[-1]
    order, options = read_wish(studio, paths, music, given)
    check_place(target)
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

    found = estimate(studio, *read_wish(studio, paths, music, given))
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


def read_wish(
    studio: Studio, paths: Sequence[Path], music: Path | None, given: Mapping[str, Any]
) -> tuple[Order, VideoOptions]:
    """What the film is made of and how, the last path being OUT. Raises BadInput, InvalidOption."""
    from pipelines.image_to_video.film_options import VideoOptions

    target = paths[-1]
    options = VideoOptions.parse({"format": format_of(target), **given})
    check_format(options.format, format_of(target), target)
    order = read_order(studio, paths[:-1], music)
    used = [*order.pictures, order.music] if order.music else order.pictures
    check_spared((each.path for each in used), target)
    return order, options


def read_order(studio: Studio, paths: Sequence[Path], music: Path | None) -> Order:
    """Pictures, and those in folders by name. Raises BadInput for what is not there."""
    from pipelines.image_to_video.film_files import Order
    from pipelines.image_to_video.sources import Given

    found = [each for path in paths for each in list_pictures(path)]
    sound = None
    if music is not None:
        if not music.is_file():
            raise BadInput(f"There is no file {music}.", "Check the path of --music.")
        sound = Given(music, name_of(music))
    return Order([Given(path, name_of(path)) for path in found], sound, studio.settings.visible_label)


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
