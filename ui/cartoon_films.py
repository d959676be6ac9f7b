"""Films that are drawn: how far each is, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any

from pipelines.cartoon.film_job import KIND, submit_film
from pipelines.cartoon.film_run import RESULT
from pipelines.errors import BadInput, TooLarge
from pipelines.history import Run
from pipelines.jobs.job import Job
from pipelines.studio import Studio
from ui.batch_card import LIVE, draw_bar, tell_message
from ui.batch_work import sign_link
from ui.cartoon_form import read_options
from ui.figures import show_span
from ui.run_facts import save_as, tell_facts
from ui.stage import Scene
from ui.texts import Say, voice
from ui.translate import translate
from ui.upload import Upload

LISTED = 6
OFFERS = {
    "show": frozenset({"done"}),
    "resume": frozenset({"paused", "failed", "cancelled"}),
    "download": frozenset({"running", "paused", "done", "failed", "cancelled"}),
    "cancel": frozenset({"queued", "running", "paused"}),
    "delete": frozenset({"done", "failed", "cancelled"}),
}
"""In which states of a job each button is offered."""


def begin_film(studio: Studio, film: Upload | None, values: Sequence[Any], speak: Say) -> Job:
    """Start drawing a film with the form's values. Raises BadInput without one, TooLarge, and what
    `submit_film` does.

    The wishes for single faces are a photo's: for a film they only say whether faces are drawn.
    """
    if film is None:
        raise BadInput(speak("film.missing"), speak("film.missing_hint"))
    size, most = film.path.stat().st_size, studio.settings.max_film_mb
    if size > most * 1_000_000:
        raise TooLarge(
            f"The film has {size / 1e6:.0f} MB; {most} MB is the limit.",
            "Cut it into shorter ones, or raise INKFRAME_MAX_FILM_MB.",
        )
    options = read_options(values)
    faces = "off" if options.faces == "off" else "all"
    return submit_film(studio, film.path, replace(options, faces=faces), name=film.name)


def list_films(studio: Studio) -> list[Job]:
    """The films of this machine, the newest first."""
    return studio.jobs.list(KIND, LISTED)


def act(studio: Studio, job_id: str, wish: str) -> None:
    """Do what a button asks for. Raises NotFound and what the jobs' desk raises."""
    acts = {"cancel": studio.jobs.cancel, "resume": studio.jobs.resume, "delete": studio.jobs.delete}
    if wish in acts:
        acts[wish](job_id)


def link_film(studio: Studio, job: Job) -> str:
    """A link that saves the film, whole or as far as it is drawn."""
    return f'<a href="{escape(sign_link(studio, f"/api/v1/jobs/{job.id}/result"))}" download></a>'


def is_film(run: Run) -> bool:
    """Whether a run's result is a film."""
    return run.results[:1] == (RESULT,)


def set_film(studio: Studio, run: Run, lang: str) -> Scene:
    """A film's run on the stage."""
    path = studio.history.file(run.id, RESULT)
    notes = tuple(translate(note, lang) for note in run.notes)
    return Scene(
        None, tell_facts(run, lang), notes, save_as(run, path, str(run.settings.get("style"))), film=path
    )


def is_live(jobs: Sequence[Job]) -> bool:
    """Whether anything moves."""
    return any(job.status in LIVE for job in jobs)


def draw_films(jobs: Sequence[Job], lang: str) -> str:
    """The list as HTML; nothing where there is none."""
    if not jobs:
        return ""
    rows = "".join(_draw_film(job, lang) for job in jobs)
    return f'<section class="ink-films"><h3>{voice(lang)("film.list")}</h3>{rows}</section>'


def _draw_film(job: Job, lang: str) -> str:
    speak = voice(lang)
    buttons = "".join(_draw_button(job, wish, speak) for wish in OFFERS)
    said = tell_message(job, lang)
    message = f'<p class="ink-alert" role="status">{escape(said)}</p>' if said else ""
    return (
        f'<article class="ink-job" data-job="{escape(job.id)}" data-status="{job.status}">'
        f'<header><h2>{escape(job.title)}</h2><span class="ink-badge"><i class="ink-dot"></i>'
        f"{speak(f'batch.status.{job.status}')}</span></header>{draw_bar(job, speak)}"
        f'<p class="ink-counts"><span>{speak("film.frames", done=job.done, total=job.total)}</span>'
        f'<span class="ink-pace">{_tell_pace(job, speak)}</span></p>{message}'
        f'<div class="ink-buttons">{buttons}</div></article>'
    )


def _tell_pace(job: Job, speak: Say) -> str:
    if job.status != "running":
        return speak("film.took", time=show_span(job.seconds, speak)) if job.seconds >= 1 else ""
    words = [speak("film.rate", rate=f"{job.rate:.1f}")] if job.rate > 0 else []
    if job.seconds_left is not None:
        words.append(speak("film.left", time=show_span(job.seconds_left, speak)))
    return " \u00b7 ".join(words)


def _draw_button(job: Job, wish: str, speak: Say) -> str:
    offered = job.status in OFFERS[wish] and (wish != "download" or job.done > 0)
    sure = speak("film.forget_sure" if job.run else "film.delete_sure") if wish == "delete" else ""
    part = "_part" if wish == "download" and job.status != "done" else ""
    return (
        f'<button type="button" class="ink-button" data-act="{wish}" data-sure="{escape(sure)}" '
        f"{'' if offered else 'hidden'}>{speak(f'film.{wish}{part}')}</button>"
    )
