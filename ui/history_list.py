"""The history as HTML: the list of runs and one run's details."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from pipelines.batch.finish import TASK
from pipelines.batch.job_files import TITLE_KEY
from pipelines.errors import NotFound
from pipelines.history import History, Run
from pipelines.studio import Studio
from ui.batch_work import link_zip
from ui.cartoon_form import tell_settings as tell_cartoon
from ui.figures import show_bytes, show_day, show_seconds
from ui.links import anchor, link_to
from ui.live_recall import tell_settings as tell_live
from ui.matting_form import tell_settings
from ui.texts import label_of, say, voice
from ui.translate import translate, translate_all
from ui.video_form import tell_settings as tell_video

TELLERS: dict[str, Callable[[Mapping[str, Any], str], list[tuple[str, str]]]] = {
    "matting": tell_settings,
    TASK: tell_settings,
    "cartoon": tell_cartoon,
    "video": tell_video,
    "webcam": tell_live,
}
"""How each task's settings are put into words."""


MORE_FILES: dict[str, Callable[[Studio, Run, str], list[str]]] = {TASK: link_zip}
"""Links to what a run of a task has beside its files."""


def list_runs(history: History, runs: list[Run], selected: str, searched: bool, lang: str) -> str:
    """Runs under their days, the newest first."""
    speak = voice(lang)
    if not runs:
        return f'<p class="ink-nothing">{speak("history.none_found" if searched else "history.empty")}</p>'
    today, day, parts = datetime.now().astimezone(), "", []
    for run in runs:
        made = datetime.fromisoformat(run.created).astimezone()
        named = show_day(made, today, speak)
        if named != day:
            parts.append(f"<h3>{escape(named)}</h3>")
            day = named
        parts.append(_draw_run(history, run, made, run.id == selected, lang))
    return f'<div class="ink-runs">{"".join(parts)}</div>'


def name_run(run: Run) -> str:
    """What a run is called: a batch by its title, all else by what went in."""
    title = run.settings.get(TITLE_KEY)
    return str(title) if title else run.inputs[0].name if run.inputs else run.id


def _draw_run(history: History, run: Run, made: datetime, current: bool, lang: str) -> str:
    task = label_of("tab", run.task, lang)
    seconds = voice(lang)("stage.seconds", seconds=show_seconds(run.timings.get("total", 0.0)))
    return (
        f'<button type="button" class="ink-run" data-run="{escape(run.id)}" '
        f"{'aria-current=true' if current else ''}>{_draw_thumbnail(history, run)}"
        f'<span class="ink-run-name">{escape(name_run(run))}</span>'
        f'<span class="ink-run-facts">{made:%H:%M} \u00b7 {escape(task)} \u00b7 {seconds}</span></button>'
    )


def _draw_thumbnail(history: History, run: Run) -> str:
    path = _file(history, run, run.thumbnail)
    return f'<img src="{escape(link_to(path))}" alt="" loading="lazy">' if path else "<i></i>"


def show_details(studio: Studio, run: Run, lang: str) -> str:
    """Everything known of a run, in plain words."""
    speak = voice(lang)
    made = datetime.fromisoformat(run.created).astimezone()
    teller = TELLERS.get(run.task)
    settings = teller(run.settings, lang) if teller else [(k, str(v)) for k, v in run.settings.items()]
    model = run.model
    licence = f"{translate(str(model.get('licence', '')), lang)}"
    rows = [
        (speak("details.made"), f"{made:%Y-%m-%d %H:%M:%S}"),
        (speak("details.inputs"), "\n".join(_tell_input(each) for each in run.inputs)),
        (
            speak("details.settings"),
            "\n".join(speak("mark.pair", name=name, value=value) for name, value in settings),
        ),
        (
            speak("details.model"),
            f"{translate(str(model.get('title', '')), lang)} {model.get('version', '')}".strip(),
        ),
        (speak("details.licence"), licence),
        (speak("details.device"), label_of("device", run.device, lang)),
        (speak("details.timings"), _tell_timings(run, lang)),
        (speak("details.notes"), "\n".join(translate_all(note, lang) for note in run.notes)),
        (speak("details.size"), show_bytes(run.size)),
    ]
    body = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in rows if text)
    head = _draw_head(studio, run, lang)
    main = escape(run.results[0] if run.results else "")
    return (
        f'<article class="ink-details" data-task="{escape(run.task)}" data-result="{main}">'
        f"{head}<dl>{body}</dl></article>"
    )


def _draw_head(studio: Studio, run: Run, lang: str) -> str:
    history, more = studio.history, MORE_FILES.get(run.task)
    files = [(name, path) for name in run.results if (path := _file(history, run, name))]
    links = more(studio, run, lang) if more else []
    links += [anchor(path, name, f"{run.id}-{name}") for name, path in files]
    listed = "".join(f"<li>{link}</li>" for link in links)
    return (
        f"{_draw_thumbnail(history, run)}<h3>{escape(name_run(run))}</h3>"
        f'<ul class="ink-files" aria-label="{say("details.files", lang)}">{listed}</ul>'
    )


def _tell_input(given: Any) -> str:
    return f"{given.name} {given.width}\u00d7{given.height}" if given.width else str(given.name)


def _tell_timings(run: Run, lang: str) -> str:
    speak = voice(lang)
    return "\n".join(
        speak(
            "mark.pair",
            name=label_of("timing", name, lang),
            value=speak("stage.seconds", seconds=show_seconds(took)),
        )
        for name, took in sorted(run.timings.items(), key=lambda each: each[0] != "total")
    )


def _file(history: History, run: Run, name: str) -> Path | None:
    try:
        return history.file(run.id, name)
    except NotFound:
        return None
