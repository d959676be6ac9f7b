"""What the Batch Matting tab does when something is pressed: plain functions of the studio and values."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from html import escape
from pathlib import Path, PurePosixPath
from typing import Any

from pipelines.batch import batch
from pipelines.batch.finish import TASK
from pipelines.batch.input_folders import find_input
from pipelines.batch.limits import Given
from pipelines.batch.options import BatchOptions
from pipelines.errors import BadInput, NotFound
from pipelines.history import Run
from pipelines.jobs.job import Job
from pipelines.jobs.publishing import JOB_KEY
from pipelines.studio import Studio
from ui.batch_card import LIVE
from ui.drop_zone import read_sent
from ui.matting_form import gather, show_options
from ui.matting_work import open_background
from ui.texts import Say, say
from ui.upload import Upload

LISTED = 30
"""Batches, or more where more have not ended."""
FIRST, MORE = ("format",), ("reuse",)
"""The options that only a batch's form has."""


def read_given(studio: Studio, parcel: Any, folder: str, uploads: Path, speak: Say) -> list[Given] | None:
    """What is to be cut out: the files that the drop zone sent, or a folder of this machine.

    None when the upload was stopped. Raises what `read_sent` and `find_input` raise, BadInput for neither
    or both.
    """
    sent = read_sent(parcel, uploads, studio.settings.max_batch_files)
    if sent is None:
        return None
    if sent and folder.strip():
        raise BadInput(speak("batch.one_of_two"), speak("batch.one_of_two_hint"))
    if folder.strip():
        found = find_input(folder, studio.settings.input_folders)
        return [Given(found, found.name)]
    if not sent:
        raise BadInput(speak("batch.missing"), speak("batch.missing_hint"))
    return [Given(each.path, each.name) for each in sent]


def read_batch_options(values: Sequence[Any]) -> BatchOptions:
    """Options of the form's values. Raises InvalidOption."""
    return BatchOptions.parse(gather(values, (*FIRST, *MORE)))


def show_batch_options(settings: dict[str, Any]) -> list[Any]:
    """The form's values for a batch's settings; the default where a setting is missing or of another type."""
    default = BatchOptions()
    own = [(settings.get(name), getattr(default, name)) for name in (*FIRST, *MORE)]
    return [
        *show_options(settings),
        *(given if type(given) is type(usual) else usual for given, usual in own),
    ]


def begin(
    studio: Studio, given: Sequence[Given], options: BatchOptions, picture: Upload | None, *, move: bool
) -> Job:
    """Start a batch. Raises what `submit_batch` raises, InvalidOption for a missing background picture."""
    behind = open_background(studio, options, picture)
    title = find_folder_name([each.name for each in given])
    job = batch.submit_batch(studio, given, options, title=title, background=behind, move=move)
    for each in given if move else ():
        with suppress(OSError):  # Gradio's folder of an upload is of no use without it
            each.path.parent.rmdir()
    return job


def find_folder_name(names: Sequence[str]) -> str:
    """The folder that all files were dropped in, "" when there is none."""
    tops = {PurePosixPath(name).parts[0] if "/" in name else "" for name in names}
    return tops.pop() if len(tops) == 1 else ""


def act(studio: Studio, job_id: str, wish: str) -> None:
    """Do what a button of the card asks for. Raises NotFound and what the job's desk raises."""
    if wish == "cancel":
        studio.jobs.cancel(job_id)
    elif wish == "resume":
        studio.jobs.resume(job_id)
    elif wish == "retry":
        batch.retry_failed(studio, job_id)
    elif wish == "delete":
        studio.jobs.delete(job_id)


def list_batches(studio: Studio) -> list[Job]:
    """The batches of this machine, the newest first."""
    return studio.jobs.list_open([TASK], LISTED)


def choose_batch(jobs: Sequence[Job], selected: str) -> Job | None:
    """The batch to show: the selected one, else the newest that is under way, else the newest."""
    live = [job for job in jobs if job.status in LIVE]
    return next((job for job in jobs if job.id == selected), next(iter([*live, *jobs]), None))


def find_batch_of(studio: Studio, run: Run) -> Job:
    """The batch that made a run. Raises NotFound when it was taken off the list."""
    try:
        return studio.jobs.get(str(run.settings.get(JOB_KEY, "")))
    except NotFound as error:
        raise NotFound(
            "This batch is no longer on the list.", "Its zip and its manifest are linked in the history."
        ) from error


def link_result(studio: Studio, job: Job) -> str:
    """The address of a batch's zip, with a ticket: a plain download can't send a sign-in.

    Raises NotFound when the batch's run was deleted from the history.
    """
    if job.run:
        studio.history.get(job.run)
    return sign_link(studio, f"/api/v1/jobs/{job.id}/result")


def link_zip(studio: Studio, run: Run, lang: str) -> list[str]:
    """A link to the zip of a batch that is in the history."""
    address = escape(sign_link(studio, f"/api/v1/runs/{run.id}/result"))
    return [f'<a href="{address}" download>{say("batch.download", lang)}</a>']


def sign_link(studio: Studio, path: str) -> str:
    """A route's address with a ticket: a plain download can't send a sign-in."""
    return f"{path.lstrip('/')}?{studio.tickets.sign(path)}"
