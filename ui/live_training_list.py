"""Styles that are being trained: how far each is, how it paints by now, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from pipelines.errors import NotFound
from pipelines.jobs.job import Job
from pipelines.studio import Studio
from pipelines.webcam.in_training import KIND
from pipelines.webcam.my_style_job import PREVIEW
from pipelines.webcam.my_style_progress import find_sheet, read_losses
from pipelines.webcam.trained_styles import TrainedStyles
from ui.film_list import is_live
from ui.job_row import draw_button, draw_row, draw_rows, tell_pace
from ui.links import link_to
from ui.texts import Say, voice
from ui.translate import translate

LISTED = 4
"""Trainings, or more where more have not ended."""
FRESH, RESTING = 2.0, 10.0
"""Seconds between two looks while a style is trained, and while none is: one may be begun over REST, too."""
OFFERS = {
    "choose": frozenset({"done"}),
    "resume": frozenset({"paused", "failed", "cancelled"}),
    "cancel": frozenset({"queued", "running", "paused"}),
    "delete": frozenset({"done", "failed", "cancelled"}),
}
"""In which states of a job each button is offered."""
WIDTH, HEIGHT = 280, 56
"""Of the plot."""


def list_trainings(studio: Studio) -> list[Job]:
    """The trainings of this machine, the newest first."""
    return studio.jobs.list_open([KIND], LISTED)


def show_trainings(studio: Studio, jobs: Sequence[Job], lang: str) -> tuple[str, str, Any]:
    """The list as HTML, the nets and runs that there are, and when to look again."""
    made = [*TrainedStyles(studio).list(), *(job.run for job in jobs)]
    return (
        draw_trainings(studio, jobs, lang),
        escape(f"made: {', '.join(made)}"),
        gr.Timer(FRESH if is_live(jobs) else RESTING),
    )


def draw_trainings(studio: Studio, jobs: Sequence[Job], lang: str) -> str:
    """The list as HTML; nothing where there is none."""
    return draw_rows(voice(lang)("mine.list"), [_draw_training(studio, job, lang) for job in jobs])


def _draw_training(studio: Studio, job: Job, lang: str) -> str:
    speak = voice(lang)
    now = translate(job.current, lang) if job.status == "running" else ""
    return draw_row(
        job,
        lang,
        counts=speak("mine.steps", done=job.done, total=job.total),
        pace=tell_pace(job, speak),
        buttons="".join(_draw_button(studio, job, wish, speak) for wish in OFFERS),
        inside=f'<p class="ink-current">{escape(now)}</p>{_draw_pictures(studio, job, speak)}',
        look="ink-training",
    )


def _draw_pictures(studio: Studio, job: Job, speak: Say) -> str:
    """The course of the loss and the newest sheet, or the preview of what came of it."""
    try:
        folder = studio.jobs.folder(job.id)
        shown = studio.history.file(job.run, PREVIEW) if job.run else find_sheet(folder)
    except NotFound:  # taken off the list or out of the history a moment ago
        return ""
    plot = draw_plot(read_losses(folder), speak("mine.plot"))
    return plot + (_draw_sheet(shown, speak("mine.sheet", name=escape(job.title))) if shown else "")


def _draw_sheet(path: Path, label: str) -> str:
    return f'<img src="{escape(link_to(path))}" alt="{label}" decoding="async">'


def draw_plot(losses: Sequence[tuple[int, float]], label: str) -> str:
    """The loss over the steps as SVG; nothing before there are two figures."""
    if len(losses) < 2:
        return ""
    (first, _), (last, _) = losses[0], losses[-1]
    low, high = min(loss for _, loss in losses), max(loss for _, loss in losses)
    points = " ".join(
        f"{WIDTH * (step - first) / max(last - first, 1):.1f},"
        f"{2 + (HEIGHT - 4) * (high - loss) / max(high - low, 1e-9):.1f}"
        for step, loss in losses
    )
    return (
        f'<figure class="ink-course"><svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" '
        f'aria-label="{label}"><polyline points="{points}"/></svg><figcaption>{label}</figcaption></figure>'
    )


def _draw_button(studio: Studio, job: Job, wish: str, speak: Say) -> str:
    offered = job.status in OFFERS[wish]
    if wish == "choose":
        offered = offered and TrainedStyles(studio).has(str(job.settings.get("name")))
    sure = speak("mine.forget_sure" if job.run else "mine.delete_sure") if wish == "delete" else ""
    return draw_button(wish, speak(f"mine.{wish}"), offered=offered, sure=sure)
