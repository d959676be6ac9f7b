"""One batch's card: how far it is, how long still, what went wrong, and what can be done with it."""

from __future__ import annotations

from html import escape

from pipelines.jobs.job import Job
from ui.figures import say_count, show_seconds, show_span
from ui.matting_form import tell_settings
from ui.texts import Say, label_of, say, voice
from ui.translate import translate_all

LIVE = frozenset({"queued", "running"})
OFFERS = {
    "resume": frozenset({"paused", "failed", "cancelled"}),
    "retry": frozenset({"done"}),
    "download": frozenset({"queued", "running", "paused", "done", "failed", "cancelled"}),
    "cancel": frozenset({"queued", "running", "paused"}),
    "delete": frozenset({"done", "failed", "cancelled"}),
}
"""In which states of a job each button is offered. All are always there, so that none moves into another's
place under a finger."""
SLOW = 0.95
"""Pictures a second below which seconds a picture are said instead."""


def draw_card(job: Job | None, lang: str) -> str:
    """The card as HTML, or what to expect where there is no batch yet."""
    speak = voice(lang)
    if job is None:
        return (
            f'<section class="ink-job" aria-label="{speak("batch.label")}"><div class="ink-card ink-empty">'
            f"<strong>{speak('batch.empty')}</strong><span>{speak('batch.empty_hint')}</span></div></section>"
        )
    return (
        f'<section class="ink-job" data-job="{escape(job.id)}" data-status="{job.status}" '
        f'aria-label="{speak("batch.label")}">'
        f'<header><h2>{escape(job.title)}</h2><span class="ink-badge"><i class="ink-dot"></i>'
        f"{speak(f'batch.status.{job.status}')}</span></header>"
        f"{draw_bar(job, speak)}{_draw_counts(job, speak)}"
        f'<p class="ink-current">{escape(_tell_current(job, lang))}</p>'
        f'<p class="ink-alert" role="status">{escape(tell_message(job, lang))}</p>'
        f'<div class="ink-buttons">{"".join(_draw_button(job, act, speak) for act in OFFERS)}</div></section>'
    )


def share(count: int, total: int) -> float:
    """Percent of the whole; 0 of an unknown whole."""
    return 100 * count / total if total else 0.0


def draw_bar(job: Job, speak: Say) -> str:
    """How far a job is, as a bar."""
    done, failed = share(job.done, job.total), share(job.failed, job.total)
    words = speak("batch.progress", done=job.done + job.failed, total=job.total)
    return (
        f'<div class="ink-bar" role="progressbar" aria-valuemin="0" aria-valuemax="{job.total}" '
        f'aria-valuenow="{job.done + job.failed}" aria-valuetext="{words}" aria-label="{escape(job.title)}">'
        f'<i style="width:{done:.2f}%"></i><b style="width:{failed:.2f}%"></b></div>'
    )


def _draw_counts(job: Job, speak: Say) -> str:
    numbers = {"done": job.done, "failed": job.failed, "left": job.left}
    counts = "".join(
        f'<span data-count="{name}" data-number="{number}">{speak(f"batch.{name}", count=number)}</span>'
        for name, number in numbers.items()
    )
    return f'<p class="ink-counts">{counts}<span class="ink-pace">{_tell_pace(job, speak)}</span></p>'


def _tell_pace(job: Job, speak: Say) -> str:
    if job.status != "running":
        return speak("batch.took", time=show_span(job.seconds, speak)) if job.seconds >= 1 else ""
    words = []
    if job.rate > 0:
        slow = speak("batch.pace", seconds=show_seconds(1 / job.rate))
        words.append(slow if job.rate < SLOW else speak("batch.rate", rate=f"{job.rate:.1f}"))
    if job.seconds_left is not None:
        words.append(speak("batch.time_left", time=show_span(job.seconds_left, speak)))
    return " \u00b7 ".join(words)


def _tell_current(job: Job, lang: str) -> str:
    """What is worked on now; of a job that does not run, its settings."""
    if job.status == "running":
        return job.current or ("" if job.total else say("batch.reading", lang))
    model = str(job.settings.get("model", ""))
    named = [(say("option.model", lang), label_of("model", model, lang))] if model else []
    told = [*named, *tell_settings(job.settings, lang)]
    return " \u00b7 ".join(say("mark.pair", lang, name=name, value=value) for name, value in told)


def tell_message(job: Job, lang: str) -> str:
    """Why a job does not go on, and what to do."""
    said = [translate_all(part, lang) for part in (job.message, job.hint) if part]
    if job.status == "cancelled" and not said:
        said = [voice(lang)("batch.cancelled_hint")]
    return " ".join(said)


def _draw_button(job: Job, act: str, speak: Say) -> str:
    offered = job.status in OFFERS[act]
    if act == "retry":
        offered = offered and job.failed > 0
    if act == "download":
        offered = offered and job.done > 0
    sure = speak("batch.forget_sure" if job.run else "batch.delete_sure") if act == "delete" else ""
    leading = act == "resume" or (act == "download" and job.status == "done")
    return (
        f'<button type="button" class="{"ink-save" if leading else "ink-button"}" data-act="{act}" '
        f'data-sure="{escape(sure)}" {"" if offered else "hidden"}>{_name_button(job, act, speak)}</button>'
    )


def _name_button(job: Job, act: str, speak: Say) -> str:
    if act == "retry":
        return say_count("batch.retry", job.failed, speak)
    if act == "download" and job.status != "done":
        return speak("batch.download_part", count=job.done)
    return speak(f"batch.{act}")
