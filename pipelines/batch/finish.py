"""Make a run in the history of a batch whose files are all settled."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.batch.entry import Row
from pipelines.batch.job_files import INPUT, PREVIEWS, TITLE_KEY
from pipelines.batch.ledger import Ledger
from pipelines.batch.limits import Given
from pipelines.batch.manifest import CSV_FILE, JSON_FILE, write_manifests
from pipelines.batch.options import BatchOptions
from pipelines.batch.previews import list_previews
from pipelines.errors import InkframeError
from pipelines.history import History, Run, RunInput
from pipelines.history.draft import THUMBNAIL_SIDE
from pipelines.history.writing import writing
from pipelines.image import open_image
from pipelines.jobs.job import Job
from pipelines.jobs.publishing import JOB_KEY, note_published
from pipelines.version import VERSION
from weights.catalogue import Catalogue
from weights.disk import remove_folder

TASK = "batch"
TILES = 3
"""Pictures a side of the run's thumbnail."""
LISTED_INPUTS = 50


def describe_job(job: Job, ledger: Ledger) -> dict[str, Any]:
    """What the manifests say of the whole batch."""
    return {
        "id": job.id,
        "title": job.title,
        "created": job.created,
        "program": f"Inkframe {VERSION}",
        **ledger.count(),
        "settings": job.settings,
    }


def publish(
    history: History,
    job: Job,
    folder: Path,
    job_folder: Path,
    ledger: Ledger,
    *,
    given: tuple[Given, ...],
    catalogue: Catalogue,
    device: str,
    timings: Mapping[str, float],
) -> Run:
    """Turn the job's `run/` into a run, or bring the run that it became already up to date.

    It may be killed at any moment and called again. Raises DiskFull, OutputsUnwritable.
    """
    write_manifests(folder, ledger.all(), describe_job(job, ledger))
    facts: dict[str, Any] = {
        "settings": {**job.settings, JOB_KEY: job.id, TITLE_KEY: job.title},
        "model": describe_models(ledger, catalogue),
        "device": device,
        "timings": {name: round(took, 3) for name, took in timings.items()},
        "notes": (job.message,) if job.message else (),
    }
    if folder.parent == history.outputs:
        return history.update(folder.name, **facts)
    with history.draft(TASK, adopt=folder) as draft:
        with writing(history.outputs):
            note_published(job_folder, draft.id)
        return draft.save(
            inputs=[RunInput(each.name, "", 0, 0) for each in given[:LISTED_INPUTS]],
            results=(CSV_FILE, JSON_FILE),
            thumbnail=draw_sheet(folder / PREVIEWS),
            **facts,
        )


def describe_models(ledger: Ledger, catalogue: Catalogue) -> dict[str, Any]:
    """What run.json says of the nets that had a say; each id and version once."""
    used = {pair for row in ledger.all("done") for pair in nets_of(row)}
    named = sorted(used)
    specs = [catalogue[name] for name, _ in named if name in catalogue]
    return {
        "id": ", ".join(dict.fromkeys(name for name, _ in named)),
        "title": ", ".join(dict.fromkeys(spec.title for spec in specs)),
        "version": ", ".join(version for _, version in named),
        "licence": ", ".join(dict.fromkeys(spec.licence for spec in specs)),
        "source": ", ".join(dict.fromkeys(spec.source for spec in specs)),
    }


def nets_of(row: Row) -> list[tuple[str, str]]:
    """(id, version) of each net of a row."""
    names, versions = row.model.split("+"), row.version.split("+")
    return list(zip(names, versions, strict=False)) if row.model else []


def draw_sheet(previews: Path) -> NDArray[np.uint8] | None:
    """The first results side by side, RGBA; None when there is none."""
    tile = THUMBNAIL_SIDE // TILES
    found = [path for _, _, path in list_previews(previews)][: TILES * TILES]
    across = min(TILES, len(found))
    if not found:
        return None
    sheet = np.zeros((tile * -(-len(found) // across), tile * across, 4), np.uint8)
    for place, path in enumerate(found):
        with suppress(InkframeError):
            top, left = tile * (place // across), tile * (place % across)
            sheet[top : top + tile, left : left + tile] = draw_tile(path, tile)
    return sheet


def draw_tile(path: Path, side: int) -> NDArray[np.uint8]:
    """A picture in the middle of an empty square, RGBA. Raises what `open_image` raises."""
    picture = open_image(path, max_pixels=1 << 24)
    alpha = np.full(picture.rgb.shape[:2], 255, np.uint8) if picture.alpha is None else picture.alpha
    scale = side / max(alpha.shape)
    width, height = (max(1, round(length * scale)) for length in (picture.width, picture.height))
    small = cv2.resize(np.dstack([picture.rgb, alpha]), (width, height), interpolation=cv2.INTER_AREA)
    tile = np.zeros((side, side, 4), np.uint8)
    top, left = (side - height) // 2, (side - width) // 2
    tile[top : top + height, left : left + width] = small
    return tile


def forget_input(job_folder: Path) -> None:
    """Remove the uploads of a batch: nothing of them is needed any more."""
    with suppress(OSError):
        remove_folder(job_folder / INPUT)


def options_of(job: Job) -> BatchOptions:
    """The options that a job was submitted with. Raises InvalidOption."""
    return BatchOptions.parse(job.settings)


def settings_of(options: BatchOptions) -> dict[str, Any]:
    """What a job keeps of its options."""
    return asdict(options)
