"""Cleaning the history up: what would go is shown before it goes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import gradio as gr

from pipelines.errors import NotFound
from pipelines.history import History, Run
from ui.failures import told
from ui.figures import say_count, show_bytes
from ui.part import Room
from ui.texts import voice

GB = 1_000_000_000
ALL = 1_000_000


def find_disposable(history: History, older_than_days: float, keep_gb: float) -> list[Run]:
    """Runs that are older than so many days, and the oldest beyond so many GB; 0 means no limit."""
    runs = history.runs(limit=ALL)
    now, kept, gone = datetime.now().astimezone(), 0, []
    for run in runs:
        age = now - datetime.fromisoformat(run.created).astimezone()
        too_old = older_than_days > 0 and age > timedelta(days=older_than_days)
        too_much = keep_gb > 0 and kept + run.size > keep_gb * GB
        if too_old or too_much:
            gone.append(run)
        else:
            kept += run.size
    return gone


def build_cleaning(room: Room) -> list[Any]:
    """The form; returns the events after which runs are gone."""
    speak = voice(room.lang)
    with gr.Accordion(speak("history.clean"), open=False, elem_id="history-clean"):
        with gr.Row():
            days = gr.Number(30, label=speak("history.clean_days"), minimum=0, precision=0, min_width=96)
            size = gr.Number(
                0,
                label=speak("history.clean_size"),
                minimum=0,
                min_width=96,
                info=speak("history.clean_hint"),
            )
        look = gr.Button(speak("history.clean_look"), size="sm", elem_id="history-clean-look")
        told_text = gr.HTML(apply_default_css=False)
        go = gr.Button(
            speak("history.clean_go"), size="sm", variant="stop", visible=False, elem_id="history-clean-go"
        )
    doomed = gr.State([])
    look.click(_look(room), [days, size], [told_text, go, doomed])
    gone = go.click(_delete(room), doomed, [told_text, go, doomed])
    return [gone]


def _look(room: Room) -> Any:
    speak = voice(room.lang)

    def look(days: float | None, size: float | None) -> tuple[str, Any, list[str]]:
        with told(room.lang):
            runs = find_disposable(room.history, days or 0, size or 0)
        if not runs:
            return f"<p>{speak('history.clean_nothing')}</p>", gr.Button(visible=False), []
        freed = show_bytes(sum(run.size for run in runs))
        words = say_count("history.clean_would", len(runs), speak, size=freed)
        return f"<p>{words}</p>", gr.Button(visible=True), [run.id for run in runs]

    return look


def _delete(room: Room) -> Any:
    speak = voice(room.lang)

    def delete(doomed: list[str]) -> tuple[str, Any, list[str]]:
        freed = 0
        with told(room.lang):
            for run_id in doomed:
                try:
                    size = room.history.get(run_id).size
                    room.history.delete(run_id)
                except NotFound:
                    continue
                freed += size
        return f"<p>{speak('history.cleaned', size=show_bytes(freed))}</p>", gr.Button(visible=False), []

    return delete
