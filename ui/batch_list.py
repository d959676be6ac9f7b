"""The row of this machine's batches: a page that was closed finds its own again here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from pipelines.jobs.job import Job
from ui.texts import Say, voice


def draw_jobs(jobs: Sequence[Job], selected: str, lang: str) -> str:
    """All batches, the newest first; "" while there is no other than the one that is shown anyway."""
    if len(jobs) < 2:
        return ""
    speak = voice(lang)
    rows = "".join(_draw_job(job, job.id == selected, speak) for job in jobs)
    return f'<nav class="ink-batches" aria-label="{speak("batch.jobs")}">{rows}</nav>'


def _draw_job(job: Job, current: bool, speak: Say) -> str:
    how = speak(f"batch.status.{job.status}")
    far = speak("batch.progress", done=job.done + job.failed, total=job.total)
    return (
        f'<button type="button" class="ink-batch" data-job="{escape(job.id)}" data-status="{job.status}" '
        f'title="{escape(job.title)}\n{how}" {"aria-current=true" if current else ""}>'
        f'<i class="ink-dot"></i><strong>{escape(job.title)}</strong><span>{far}</span></button>'
    )
