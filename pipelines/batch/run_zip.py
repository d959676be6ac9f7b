"""The zip of a batch that is in the history, whether its job is still on the list or not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pipelines.batch.batch import stem_of
from pipelines.batch.finish import TASK
from pipelines.batch.job_files import RESULTS, TITLE_KEY
from pipelines.batch.manifest import CSV_FILE, JSON_FILE
from pipelines.batch.zip_writing import stream_zip
from pipelines.errors import NotFound
from pipelines.history import History


def stream_run(history: History, run_id: str) -> tuple[str, Iterator[bytes]]:
    """A name for the zip of a batch's run, and its bytes in pieces.

    Raises NotFound when there is no such run or it is no batch's.
    """
    run, folder = history.get(run_id), history.folder(run_id)
    if run.task != TASK:
        raise NotFound("This run has no zip.", "Only a batch has one; take the run's files one by one.")
    return f"{stem_of(str(run.settings.get(TITLE_KEY, '')))}-cutouts.zip", stream_zip(_list_members(folder))


def _list_members(folder: Path) -> Iterator[tuple[str, Path]]:
    for name in (CSV_FILE, JSON_FILE):
        if (folder / name).is_file():
            yield name, folder / name
    root = folder / RESULTS
    for place, folders, files in os.walk(root):
        folders.sort()
        for name in sorted(files):
            path = Path(place) / name
            yield path.relative_to(root).as_posix(), path
