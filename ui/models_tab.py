"""The Models tab: every model's state, and fetching or deleting it."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from pipelines.errors import LicenceNotAccepted
from pipelines.studio import Studio
from ui.failures import told
from ui.figures import show_bytes, show_span
from ui.header import is_active
from ui.part import Part, Room
from ui.texts import Say, label_of, voice
from ui.translate import translate
from weights.hub.progress import ModelState
from weights.spec import ModelSpec

SCRIPT = Path(__file__).with_name("models.js")
PACE = 1.0
ACTIONS = {
    "missing": ("download",),
    "failed": ("retry", "delete"),
    "queued": ("cancel",),
    "downloading": ("cancel",),
    "ready": ("delete",),
    "builtin": (),
}


def build(room: Room) -> Part:
    """The table and its clock, which runs only while something is on its way."""
    lang, studio = room.lang, room.studio
    table = gr.HTML(
        list_models(studio, lang),
        js_on_load=SCRIPT.read_text(encoding="utf-8"),
        apply_default_css=False,
        elem_id="models",
    )
    clock = gr.Timer(PACE, active=False)

    def refresh() -> tuple[Any, Any]:
        return list_models(studio, lang), gr.Timer(active=is_active(studio))

    def press(event: gr.EventData) -> tuple[Any, Any]:
        with told(lang):
            act(studio, event._data, lang)
        return refresh()

    table.select(press, None, [table, clock])
    clock.tick(refresh, None, [table, clock])
    room.blocks.load(refresh, None, [table, clock])
    return Part("", [table, clock], refresh=refresh)


def act(studio: Studio, asked: Any, lang: str) -> None:
    """Do what a button of the table asks for. Raises what Downloads and Studio.delete_model raise."""
    wish = asked if isinstance(asked, dict) else {}
    model_id, action = str(wish.get("model")), wish.get("action")
    spec = studio.catalogue[model_id]
    if action in ("download", "retry"):
        accepted = wish.get("accepted") is True
        if not accepted and not studio.downloads.licence_accepted(model_id):
            raise LicenceNotAccepted("Tick the box first: this model's licence needs your yes.")
        studio.downloads.start(model_id, accept_licence=accepted)
    elif action == "cancel":
        studio.downloads.cancel(model_id)
    elif action == "delete":
        freed = studio.delete_model(spec.id)
        title = escape(translate(spec.title, lang))
        gr.Info(voice(lang)("models.freed", title=title, size=show_bytes(freed)))


def list_models(studio: Studio, lang: str) -> str:
    """All models as HTML, those that can be used first."""
    speak = voice(lang)
    rows = [(spec, studio.downloads.state(spec.id)) for spec in studio.catalogue]
    offline = f'<p class="ink-alert">{speak("models.offline")}</p>' if studio.settings.offline else ""
    items = "".join(_draw_row(studio, spec, state, lang) for spec, state in rows)
    return (
        f'<section class="ink-models" aria-label="{speak("models.list")}"><p>{speak("models.intro")}</p>{offline}'
        f"<ul>{items}</ul></section>"
    )


def _draw_row(studio: Studio, spec: ModelSpec, state: ModelState, lang: str) -> str:
    speak, title = voice(lang), translate(spec.title, lang)
    home = spec.homepage and (
        f' <a href="{escape(spec.homepage)}" target="_blank" rel="noreferrer" '
        f'aria-label="{escape(speak("models.homepage", title=title))}">\u2197</a>'
    )
    source = label_of("source", spec.source, lang)
    where = f"{source} \u00b7 {spec.repo}" if spec.source == "modelscope" else source
    return (
        f'<li class="ink-model" data-model="{escape(spec.id)}" data-state="{state.status}">'
        f'<div class="ink-model-name"><strong>{escape(title)}</strong>{home}'
        f"<p>{escape(translate(spec.hint, lang))}</p></div>"
        f'<div class="ink-model-facts"><span>{escape(translate(spec.licence, lang))}</span>'
        f"<span>{escape(where)}</span></div>"
        f'<div class="ink-model-state">{_draw_state(state, lang)}</div>'
        f'<div class="ink-model-do">{_draw_actions(studio, spec, state, lang)}</div></li>'
    )


def _draw_state(state: ModelState, lang: str) -> str:
    speak = voice(lang)
    size = show_bytes(state.total) if state.total else speak("models.size_unknown")
    percent = round(100 * state.done / state.total) if state.total else 0
    words = speak(f"models.state.{state.status}")
    if state.status == "missing" and percent:
        words = speak("models.state.partial", percent=percent)
    if state.status != "downloading":
        lines = [f'<span class="ink-state"><i></i>{words}</span>', f"<span>{size}</span>"]
    else:
        lines = [
            f'<progress max="100" value="{percent}" aria-label="{words}"></progress>',
            f"<span>{_tell_progress(state, size, speak)}</span>",
        ]
    trouble = " ".join(translate(part, lang) for part in (state.error, state.hint) if part)
    return "".join(lines) + (f'<p class="ink-trouble">{escape(trouble)}</p>' if trouble else "")


def _tell_progress(state: ModelState, size: str, speak: Say) -> str:
    words = [speak("models.progress", done=show_bytes(state.done), total=size)]
    if state.speed > 0:
        words.append(speak("models.speed", speed=show_bytes(state.speed)))
    if state.eta is not None:
        words.append(speak("models.left", time=show_span(state.eta, speak)))
    return " \u00b7 ".join(words)


def _draw_actions(studio: Studio, spec: ModelSpec, state: ModelState, lang: str) -> str:
    speak = voice(lang)
    if spec.source != "modelscope":
        return ""
    yes = ""
    if state.status in ("missing", "failed") and not studio.downloads.licence_accepted(spec.id):
        yes = (
            f'<label class="ink-accept"><input type="checkbox" data-accept> {speak("models.accept")}</label>'
        )
    buttons = ""
    for action in ACTIONS[state.status]:
        if action == "delete" and not state.on_disk:
            continue
        word = "resume" if action == "download" and state.done else action
        off = "disabled" if studio.settings.offline and action in ("download", "retry") else ""
        sure = speak("models.delete_sure", title=translate(spec.title, lang)) if action == "delete" else ""
        buttons += (
            f'<button type="button" class="ink-button" data-action="{action}" data-sure="{escape(sure)}" {off}>'
            f"{speak(f'models.{word}')}</button>"
        )
    return yes + f'<div class="ink-buttons">{buttons}</div>'
