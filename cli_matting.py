"""`matting` from a shell: one picture, many, or a folder that is watched."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from cli_files import (
    ENDINGS,
    INTERRUPTED,
    check_format,
    check_place,
    copy_result,
    format_of,
    hide_beside,
    is_same,
    name_of,
    tell_run,
    write_whole,
)
from cli_progress import ProgressLine
from pipelines.batch.options import BatchOptions
from pipelines.errors import InkframeError, InvalidOption
from pipelines.matting.options import MattingOptions

if TYPE_CHECKING:
    from pipelines.batch.entry import Row
    from pipelines.batch.to_folder import Engine
    from pipelines.image import Picture
    from pipelines.studio import Studio

MOST_REASONS = 20


@dataclass(frozen=True)
class Where:
    """Where a batch is worked on, as the flags say it."""

    engine: str = "local"
    address: str = ""
    gpu_share: float = 0.0
    cpus: int = 1

    def find(self) -> Engine:
        """The engine. Raises InvalidOption."""
        if self.engine not in ("local", "ray"):
            raise InvalidOption(f"engine can't be {self.engine!r}.", "Use one of: local, ray.")
        if self.engine == "local":
            if self != Where():
                raise InvalidOption(
                    "--address, --gpu-share and --cpus are for Ray.", "Add --engine ray, or leave them out."
                )
            from pipelines.batch.batch_job import run_engine

            return run_engine
        from pipelines.batch.ray_cluster import Cluster
        from pipelines.batch.ray_engine import run_on_ray

        return run_on_ray(Cluster(self.address, self.gpu_share, self.cpus))


def is_batch(source: Path) -> bool:
    """Whether it is a folder or a zip, by its first bytes."""
    from pipelines.batch.kinds import HEAD, has_zip_ending, starts_like_zip

    if source.is_dir():
        return True
    if not source.is_file():
        return False
    with source.open("rb") as stream:
        return has_zip_ending(source.name) or starts_like_zip(stream.read(HEAD))


def cut_out_one(
    studio: Studio, source: Path, target: Path, given: Mapping[str, Any], behind: Picture | None
) -> None:
    """Cut the subject out of one picture into a file."""
    from pipelines.matting.save import cut_out_to_run

    if "reuse" in given:
        raise InvalidOption("--reuse is for folders and zips.", "Leave it out.")
    options = MattingOptions.parse({"format": format_of(target), **given})
    check_format(options.format, format_of(target), target)
    check_place(target)
    run, _ = cut_out_to_run(
        studio.open(source, name_of(source)),
        options,
        studio.store,
        studio.history,
        background=behind,
        visible_label=studio.settings.visible_label,
    )
    copy_result(studio, run, target)
    typer.echo(tell_run(run, target))


def cut_out_many(
    studio: Studio, source: Path, target: Path, given: Mapping[str, Any], behind: Picture | None, where: Where
) -> None:
    """Cut out a folder or a zip into a folder or a zip. Raises Exit: 1 when files failed, 130 on Ctrl-C."""
    from pipelines.batch.limits import Given
    from pipelines.batch.to_folder import write_to_folder

    check_apart(source, target)
    folder = work_folder(target)
    with ProgressLine() as line:
        try:
            job = write_to_folder(
                studio,
                [Given(source, source.resolve().name)],
                BatchOptions.parse(given),
                folder,
                background=behind,
                told=line.show,
                engine=where.find(),
            )
        except KeyboardInterrupt:
            line.end()
            typer.echo(f"Stopped: {count_rows(read_rows(folder))}. The same command goes on there.", err=True)
            raise typer.Exit(INTERRUPTED) from None
    rows = read_rows(folder)
    if folder != target:
        zip_folder(folder, target, rows)
    tell_failures(rows)
    typer.echo(f"{target}  {count_rows(rows)}  {job.seconds:.1f} s")
    if job.failed:
        raise typer.Exit(1)


def watch(
    studio: Studio, source: Path, target: Path, given: Mapping[str, Any], behind: Picture | None, where: Where
) -> None:
    """Cut out what appears in a folder, until Ctrl-C."""
    from pipelines.batch.watch import watch_folder

    check_apart(source, target)
    if target.suffix.lower() == ".zip":
        raise InvalidOption("A watched folder's results go to a folder, not a zip.", "Name a folder as OUT.")
    typer.echo(f"Watching {source}; Ctrl-C ends it.", err=True)
    options, engine = BatchOptions.parse(given), where.find()
    try:
        watch_folder(studio, source, options, target, background=behind, told=tell_row, engine=engine)
    except KeyboardInterrupt:
        typer.echo("Stopped watching.", err=True)


def tell_row(what: Row | InkframeError) -> None:
    """Print what became of a watched file, or why nothing can be done for the moment."""
    if isinstance(what, InkframeError):
        typer.echo(f"{what} It is tried again.", err=True)
    elif what.status == "done":
        typer.echo(f"{what.output}  {what.seconds:.1f} s")
    elif what.status == "failed":
        typer.echo(f"{what.source}  failed: {what.reason}", err=True)


def check_apart(source: Path, target: Path) -> None:
    """Raise InvalidOption when results would lie among the pictures, or OUT is no place for many."""
    if is_same(source, target):
        raise InvalidOption("IN and OUT are the same.", "Name another folder, or a .zip, for the results.")
    if target.suffix.lower() in ENDINGS and not target.is_dir():
        raise InvalidOption(f"{target} can't hold many pictures.", "Name a folder, or a .zip.")


def work_folder(target: Path) -> Path:
    """Where the results go while they are made: OUT itself, or a hidden folder beside a zip."""
    is_zip = target.suffix.lower() == ".zip" and not target.is_dir()
    return hide_beside(target, ".inkframe") if is_zip else target


def zip_folder(folder: Path, target: Path, rows: list[dict[str, Any]]) -> None:
    """Make the zip of a finished folder, which then goes. Raises OutputsUnwritable, DiskFull."""
    from pipelines.batch.manifest import CSV_FILE, JSON_FILE
    from pipelines.batch.zip_writing import stream_zip

    names = [CSV_FILE, JSON_FILE, *(row["output"] for row in rows if row["status"] == "done")]
    with write_whole(target) as out:
        for piece in stream_zip((name, folder / name) for name in names):
            out.write(piece)
    shutil.rmtree(folder, ignore_errors=True)


def read_rows(folder: Path) -> list[dict[str, Any]]:
    """The files of the folder's manifest; none before there is one."""
    from pipelines.batch.manifest import JSON_FILE

    path = folder / JSON_FILE
    rows: list[dict[str, Any]] = json.loads(path.read_bytes())["files"] if path.exists() else []
    return rows


def count_rows(rows: list[dict[str, Any]]) -> str:
    """How many were done, failed and left out."""
    counts = Counter(row["status"] for row in rows)
    said = {"done": "done", "failed": "failed", "skipped": "no pictures"}
    return (
        ", ".join(f"{counts[status]} {words}" for status, words in said.items() if counts[status]) or "0 done"
    )


def tell_failures(rows: list[dict[str, Any]]) -> None:
    """Print the first failed files with their reasons; manifest.csv has all."""
    failed = [row for row in rows if row["status"] == "failed"]
    for row in failed[:MOST_REASONS]:
        typer.echo(f"{row['source']}  failed: {row['reason']}", err=True)
    if len(failed) > MOST_REASONS:
        typer.echo(f"... and {len(failed) - MOST_REASONS} more; manifest.csv names them.", err=True)
