"""One job in a list on the page: how far it is, how fast, and its buttons; shared by films and trainings."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from pipelines.jobs.job import Job
from ui.batch_card import draw_bar, tell_message
from ui.figures import show_span
from ui.texts import Say, voice


def draw_rows(title: str, rows: Sequence[str]) -> str:
    """The list as HTML; nothing where there are no rows."""
    return f'<section class="ink-films"><h2>{title}</h2>{"".join(rows)}</section>' if rows else ""


def draw_row(
    job: Job, lang: str, *, counts: str, pace: str, buttons: str, inside: str = "", look: str = ""
) -> str:
    """A job as HTML. `counts` says how far it is, `inside` is what its kind adds, `look` a class of its own."""
    speak, said = voice(lang), tell_message(job, lang)
    message = f'<p class="ink-alert" role="status">{escape(said)}</p>' if said else ""
    return (
        f'<article class="{f"ink-job {look}".strip()}" data-job="{escape(job.id)}" data-status="{job.status}">'
        f'<header><h3>{escape(job.title)}</h3><span class="ink-badge"><i class="ink-dot"></i>'
        f"{speak(f'batch.status.{job.status}')}</span></header>{draw_bar(job, speak)}"
        f'<p class="ink-counts"><span>{counts}</span><span class="ink-pace">{pace}</span></p>'
        f'{inside}{message}<div class="ink-buttons">{buttons}</div></article>'
    )


def draw_button(wish: str, text: str, *, offered: bool, sure: str = "") -> str:
    """A button of a job; `sure` is what is asked before it does anything, "" for nothing."""
    return (
        f'<button type="button" class="ink-button" data-act="{wish}" data-sure="{escape(sure)}" '
        f"{'' if offered else 'hidden'}>{text}</button>"
    )


def tell_pace(job: Job, speak: Say, rate: str = "") -> str:
    """The `rate` and the time left while it runs, afterwards the time that it took."""
    if job.status != "running":
        return speak("film.took", time=show_span(job.seconds, speak)) if job.seconds >= 1 else ""
    left = "" if job.seconds_left is None else speak("film.left", time=show_span(job.seconds_left, speak))
    return " \u00b7 ".join(words for words in (rate, left) if words)
