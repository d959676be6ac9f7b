"""Films that are made, of any tab: how far each is, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import gradio as gr

from pipelines.cartoon.film_job import KIND as CARTOON
from pipelines.image_to_video.diffusion_job import KIND as DIFFUSION
from pipelines.image_to_video.film_job import KIND as VIDEO
from pipelines.image_to_video.formats import FORMATS
from pipelines.jobs.job import Job
from pipelines.studio import Studio
from ui.batch_card import LIVE, draw_bar, tell_message
from ui.batch_work import sign_link
from ui.figures import show_span
from ui.texts import Say, voice

LISTED = 6
COUNTED = {DIFFUSION: "steps"}
"""What a job counts, if not frames."""
FRESH, RESTING = 1.0, 10.0
"""Seconds between two looks while a film is made, and while none is: one may be started over REST, too."""
OFFERS = {
    "show": frozenset({"done"}),
    "resume": frozenset({"paused", "failed", "cancelled"}),
    "download": frozenset({"running", "paused", "done", "failed", "cancelled"}),
    "cancel": frozenset({"queued", "running", "paused"}),
    "delete": frozenset({"done", "failed", "cancelled"}),
}
"""In which states of a job each button is offered."""


def list_films(studio: Studio, *kinds: str) -> list[Job]:
    """The films of this machine that are made in some ways, the newest first."""
    jobs = [job for kind in kinds for job in studio.jobs.list(kind, LISTED)]
    return sorted(jobs, key=lambda job: job.created, reverse=True)[:LISTED]


def act(studio: Studio, job_id: str, wish: str) -> None:
    """Do what a button asks for. Raises NotFound and what the jobs' desk raises."""
    acts = {"cancel": studio.jobs.cancel, "resume": studio.jobs.resume, "delete": studio.jobs.delete}
    if wish in acts:
        acts[wish](job_id)


def link_film(studio: Studio, job: Job) -> str:
    """A link that saves the film, whole or as far as it is made."""
    return f'<a href="{escape(sign_link(studio, f"/api/v1/jobs/{job.id}/result"))}" download></a>'


def is_live(jobs: Sequence[Job]) -> bool:
    """Whether anything moves."""
    return any(job.status in LIVE for job in jobs)


def show_list(jobs: Sequence[Job], lang: str) -> tuple[str, str, Any]:
    """The list as HTML, the runs that the films became, and when to look again."""
    runs = ",".join(job.run for job in jobs if job.run)
    return draw_films(jobs, lang), runs, gr.Timer(FRESH if is_live(jobs) else RESTING)


def draw_films(jobs: Sequence[Job], lang: str) -> str:
    """The list as HTML; nothing where there is none."""
    if not jobs:
        return ""
    rows = "".join(_draw_film(job, lang) for job in jobs)
    return f'<section class="ink-films"><h2>{voice(lang)("film.list")}</h2>{rows}</section>'


def _draw_film(job: Job, lang: str) -> str:
    speak = voice(lang)
    buttons = "".join(_draw_button(job, wish, speak) for wish in OFFERS)
    said, counted = tell_message(job, lang), _name_counted(job)
    message = f'<p class="ink-alert" role="status">{escape(said)}</p>' if said else ""
    return (
        f'<article class="ink-job" data-job="{escape(job.id)}" data-status="{job.status}">'
        f'<header><h3>{escape(job.title)}</h3><span class="ink-badge"><i class="ink-dot"></i>'
        f"{speak(f'batch.status.{job.status}')}</span></header>{draw_bar(job, speak)}"
        f'<p class="ink-counts"><span>{speak(f"film.{counted}", done=job.done, total=job.total)}</span>'
        f'<span class="ink-pace">{_tell_pace(job, speak)}</span></p>{message}'
        f'<div class="ink-buttons">{buttons}</div></article>'
    )


def _name_counted(job: Job) -> str:
    return COUNTED.get(job.kind, "frames")


def _tell_pace(job: Job, speak: Say) -> str:
    if job.status != "running":
        return speak("film.took", time=show_span(job.seconds, speak)) if job.seconds >= 1 else ""
    words = [speak(f"film.rate.{_name_counted(job)}", rate=f"{job.rate:.1f}")] if job.rate > 0 else []
    if job.seconds_left is not None:
        words.append(speak("film.left", time=show_span(job.seconds_left, speak)))
    return " \u00b7 ".join(words)


def _draw_button(job: Job, wish: str, speak: Say) -> str:
    ending, parts = _know_file(job)
    offered = job.status in OFFERS[wish]
    if wish == "download":
        offered = offered and (job.status == "done" or (job.done > 0 and parts))
    sure = speak("film.forget_sure" if job.run else "film.delete_sure") if wish == "delete" else ""
    part = "_part" if wish == "download" and job.status != "done" else ""
    text = speak(f"film.{wish}{part}", format=speak(f"format.{ending}"))
    return (
        f'<button type="button" class="ink-button" data-act="{wish}" data-sure="{escape(sure)}" '
        f"{'' if offered else 'hidden'}>{text}</button>"
    )


def _know_file(job: Job) -> tuple[str, bool]:
    """The ending of the film's file, and whether a part of it can be had before it is done."""
    kind = FORMATS.get(str(job.settings.get("format")), FORMATS["mp4"])
    return {CARTOON: ("mp4", True), VIDEO: (kind.ending, kind.resumes)}.get(job.kind, (kind.ending, False))
