"""Batch matting as the page, REST and the command line use it: hand in, watch, go on, take the result."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from pipelines.batch.batch_job import check_order, list_entries
from pipelines.batch.entry import Row, RowStatus
from pipelines.batch.finish import TASK, describe_job, settings_of
from pipelines.batch.job_files import LEDGER, PREVIEWS, RESULTS, find_run_folder, write_order
from pipelines.batch.ledger import Ledger, make_row
from pipelines.batch.limits import Given
from pipelines.batch.manifest import CSV_FILE, JSON_FILE, render_manifests
from pipelines.batch.one_picture import Recipe
from pipelines.batch.options import BatchOptions
from pipelines.batch.previews import before_of, list_previews
from pipelines.batch.to_folder import count_entries, write_to_folder
from pipelines.batch.zip_writing import stream_zip
from pipelines.errors import NotFound, TooLarge
from pipelines.image import Picture
from pipelines.jobs.errors import WrongState
from pipelines.jobs.job import Job

if TYPE_CHECKING:
    from pipelines.studio import Studio

__all__ = [
    "BatchOptions",
    "Given",
    "Shown",
    "latest",
    "retry_failed",
    "rows",
    "stream_result",
    "submit_batch",
    "write_to_folder",
]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Shown:
    """A finished picture with small files to look at: WebP, longer side at most 400 px."""

    row: Row
    before: Path
    after: Path


def submit_batch(
    studio: Studio,
    given: Sequence[Given],
    options: BatchOptions,
    *,
    title: str = "",
    background: Picture | None = None,
    move: bool = False,
) -> Job:
    """Queue a batch. Files are copied, or moved with `move`; folders are read where they are.

    Raises BadInput and TooLarge at once for input that can't be used, InvalidOption, ModelUnknown,
    ModelMissing, DiskFull, OutputsUnwritable.
    """
    check_order(studio, options, background)
    check_upload(given, studio.settings.max_batch_mb)
    total = count_pictures(studio, given, options)

    def fill(folder: Path) -> int:
        write_order(folder, given, background, studio.settings.visible_label, move)
        return total

    return studio.jobs.submit(TASK, title or name_batch(given), settings_of(options), fill)


def rows(
    studio: Studio, job_id: str, status: RowStatus | None = None, offset: int = 0, limit: int = 100
) -> list[Row]:
    """What became of the files so far, in the order of the input. Raises NotFound."""
    with reading(studio, job_id) as (ledger, _):
        return ledger.find(status, offset, limit)


def latest(studio: Studio, job_id: str, count: int = 8) -> list[Shown]:
    """Finished pictures that there is a preview of, the last one first. Raises NotFound."""
    shown = []
    with reading(studio, job_id) as (ledger, folder):
        for _, number, after in reversed(list_previews(folder / PREVIEWS)[-count:]):
            found = ledger.get(number)
            if found is not None and found[0].status == "done":
                shown.append(Shown(found[0], before_of(after), after))
    return shown


def retry_failed(studio: Studio, job_id: str) -> Job:
    """Do the failed files of a batch that has stopped once more. Raises NotFound, WrongState."""
    job = studio.jobs.get(job_id)
    if job.status in ("queued", "running"):
        raise WrongState("The batch is still at work.", "Wait until it is done, or cancel it first.")
    ledger = Ledger(studio.jobs.folder(job_id) / LEDGER)
    try:
        if not ledger.forget("failed"):
            raise WrongState("No file of this batch failed.", "There is nothing to do again.")
    finally:
        ledger.close()
    return studio.jobs.resume(job_id, ended=True)


def stream_result(studio: Studio, job_id: str) -> tuple[str, Iterator[bytes]]:
    """A name for the zip of all that is finished so far, and its bytes in pieces.

    Raises NotFound when nothing is finished yet.
    """
    job = studio.jobs.get(job_id)
    with reading(studio, job_id) as (ledger, _):
        done = list(ledger.all("done"))
        manifests = render_manifests(ledger.all(), describe_job(job, ledger))
    if not done:
        raise NotFound("Nothing of this batch is finished yet.", "Try again when the first picture is done.")
    if not (find_run_folder(studio.history, studio.jobs.folder(job_id), job_id) / RESULTS).is_dir():
        raise NotFound("The results of this batch were deleted.", "Start a new batch with the same files.")
    part = "" if job.status == "done" else f"-part-{len(done)}-of-{job.total}"
    return f"{stem_of(job.title)}-cutouts{part}.zip", stream_zip(list_members(studio, job, done, manifests))


def list_members(
    studio: Studio, job: Job, done: Sequence[Row], manifests: tuple[bytes, bytes]
) -> Iterator[tuple[str, Path | bytes]]:
    """Name and source of each file of the zip. A job's results may move when it is done: each is looked for
    when its turn has come."""
    yield from zip((CSV_FILE, JSON_FILE), manifests, strict=True)
    folder = studio.jobs.folder(job.id)
    for row in done:
        yield row.output, find_run_folder(studio.history, folder, job.id) / RESULTS / row.output


@contextmanager
def reading(studio: Studio, job_id: str) -> Iterator[tuple[Ledger, Path]]:
    """The ledger of a job and the folder with its results. Raises NotFound."""
    studio.jobs.get(job_id)
    folder = studio.jobs.folder(job_id)
    ledger = Ledger(folder / LEDGER, repairs=False)
    try:
        target = find_run_folder(studio.history, folder, job_id)
        if not any(ledger.count().values()) and (target / JSON_FILE).exists():
            load_manifest(ledger, target / JSON_FILE)
        yield ledger, target
    finally:
        ledger.close()


def check_upload(given: Sequence[Given], most_mb: int) -> None:
    """Raise TooLarge when the files (not the folders) are over the limit of one batch."""
    size = sum(each.path.stat().st_size for each in given if each.path.is_file())
    if size > most_mb * 1_000_000:
        raise TooLarge(
            f"The batch has {size / 1e6:.0f} MB; {most_mb} MB is the limit.",
            "Split it into several batches, or raise INKFRAME_MAX_BATCH_MB.",
        )


def count_pictures(studio: Studio, given: Sequence[Given], options: BatchOptions) -> int:
    """Files that will be done or fail; what never was a picture is not counted. Raises BadInput, TooLarge."""
    return count_entries(
        list_entries(given, studio.settings, Recipe(options).suffix, studio.settings.outputs)
    )


def name_batch(given: Sequence[Given]) -> str:
    """What to call a batch: its first input and how many more there are."""
    first = PurePath(given[0].name).name if given else ""
    return f"{first} +{len(given) - 1}" if len(given) > 1 else first


def stem_of(title: str) -> str:
    """A title as a file name, without an ending."""
    stem = title.removesuffix(".zip").removesuffix(".ZIP")
    safe = "".join("_" if letter in '<>:"/\\|?*' or ord(letter) < 32 else letter for letter in stem)
    return safe.strip(". ") or "batch"


def load_manifest(ledger: Ledger, manifest: Path) -> None:
    """Fill a ledger that was lost from a run's manifest.json, as far as that can be read."""
    try:
        for each in json.loads(manifest.read_bytes())["files"]:
            ledger.put(make_row(each))
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("%s tells nothing of its files: %r", manifest, error)
