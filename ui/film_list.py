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
from ui.batch_card import LIVE
from ui.batch_work import sign_link
from ui.job_row import draw_button, draw_row, draw_rows, tell_pace
from ui.texts import Say, voice

LISTED = 6
"""Films, or more where more have not ended."""
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
    return studio.jobs.list_open(kinds, LISTED)


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
    return draw_rows(voice(lang)("film.list"), [_draw_film(job, lang) for job in jobs])


def _draw_film(job: Job, lang: str) -> str:
    speak, counted = voice(lang), COUNTED.get(job.kind, "frames")
    rate = speak(f"film.rate.{counted}", rate=f"{job.rate:.1f}") if job.rate > 0 else ""
    return draw_row(
        job,
        lang,
        counts=speak(f"film.{counted}", done=job.done, total=job.total),
        pace=tell_pace(job, speak, rate),
        buttons="".join(_draw_button(job, wish, speak) for wish in OFFERS),
    )


def _draw_button(job: Job, wish: str, speak: Say) -> str:
    ending, parts = _know_file(job)
    offered = job.status in OFFERS[wish]
    if wish == "download":
        offered = offered and (job.status == "done" or (job.done > 0 and parts))
    sure = speak("film.forget_sure" if job.run else "film.delete_sure") if wish == "delete" else ""
    part = "_part" if wish == "download" and job.status != "done" else ""
    text = speak(f"film.{wish}{part}", format=speak(f"format.{ending}"))
    return draw_button(wish, text, offered=offered, sure=sure)


def _know_file(job: Job) -> tuple[str, bool]:
    """The ending of the film's file, and whether a part of it can be had before it is done."""
    kind = FORMATS.get(str(job.settings.get("format")), FORMATS["mp4"])
    return {CARTOON: ("mp4", True), VIDEO: (kind.ending, kind.resumes)}.get(job.kind, (kind.ending, False))
