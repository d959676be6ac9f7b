"""What lies in a batch job's folder, and where its results are before and after it becomes a run.

order.json          what was handed in, and with which settings of the server
input/              uploads under plain names; folders of the machine stay where they are
background          the picture behind every subject, if any
ledger.sqlite3      what became of each file
scratch/            files that are being written
run/                becomes the run: results/, previews/, at the end the manifests and run.json
published           id of the run that run/ became or was about to become
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.batch.limits import Given
from pipelines.errors import NotFound
from pipelines.history import History
from pipelines.image import Picture, open_image
from pipelines.jobs.publishing import find_published

ORDER, INPUT, BACKGROUND, LEDGER, SCRATCH = "order.json", "input", "background", "ledger.sqlite3", "scratch"
RUN, RESULTS, PREVIEWS = "run", "results", "previews"
TITLE_KEY = "title"
"""The run's settings name what the job that it came from was called."""


@dataclass(frozen=True)
class Order:
    """What was handed in. `sealed`: all of it lies in the job's own folder, where nobody changes it."""

    given: tuple[Given, ...]
    sealed: bool
    visible_label: bool
    background: str = ""


def write_order(
    folder: Path, given: Sequence[Given], background: Picture | None, visible_label: bool, move: bool
) -> None:
    """Put the input into a new job's folder: files are copied, or moved with `move`. Raises OSError."""
    (folder / INPUT).mkdir()
    inputs = []
    for number, each in enumerate(given):
        place = str(each.path.resolve())
        if not each.path.is_dir():
            place = f"{INPUT}/{number:06d}"
            take_in(each.path, folder / place, move)
        inputs.append({"name": each.name, "path": place})
    if background is not None:
        (folder / BACKGROUND).write_bytes(background.data)
    order = {
        "inputs": inputs,
        "visible_label": visible_label,
        "background": background.name or BACKGROUND if background else "",
    }
    (folder / ORDER).write_text(json.dumps(order, ensure_ascii=False, indent=1), "utf-8")


def take_in(source: Path, target: Path, move: bool) -> None:
    """Copy or move a file. A copy shares its blocks with the original where the file system can."""
    if move:
        shutil.move(os.fspath(source), target)
    else:
        shutil.copyfile(source, target)


def read_order(folder: Path) -> Order:
    """Read what was handed in. Raises NotFound when it is no longer kept."""
    try:
        found: dict[str, Any] = json.loads((folder / ORDER).read_bytes())
        paths = [str(each["path"]) for each in found["inputs"]]
        given = tuple(
            Given(folder / path, str(each["name"])) for path, each in zip(paths, found["inputs"], strict=True)
        )
        sealed = not any(os.path.isabs(path) for path in paths)
        order = Order(given, sealed, bool(found["visible_label"]), str(found["background"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _gone() from error
    if not all(each.path.exists() for each in order.given):
        raise _gone()
    return order


def read_background(folder: Path, order: Order, max_pixels: int) -> Picture | None:
    """The picture behind every subject. Raises what `open_image` raises."""
    if not order.background:
        return None
    return open_image(folder / BACKGROUND, name=order.background, max_pixels=max_pixels)


def find_run_folder(history: History, folder: Path, job_id: str) -> Path:
    """Where the job's results are: its run in the history, else its own `run/`."""
    own = folder / RUN
    published = "" if own.exists() else find_published(history, folder, job_id)
    return history.folder(published) if published else own


def _gone() -> NotFound:
    return NotFound("The job's input is no longer there.", "Start a new batch with the same files.")
