"""The stage: where a result is looked at. It keeps its height whatever it shows.

The browser gets the original and the cut-out once; views, grounds and zoom are its own (stage.js), so that
looking never asks the server.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

import gradio as gr

from ui.failures import Failure
from ui.links import anchor, link_to
from ui.previews import View
from ui.texts import Say

SCRIPT = Path(__file__).with_name("stage.js")
VIEWS = ("compare", "cutout", "alpha")
GROUNDS = {"checker": "", "white": "#ffffff", "black": "#000000", "green": "#00b140"}


@dataclass(frozen=True)
class Saved:
    """A file to take home and the name it is saved under."""

    path: Path
    name: str


@dataclass(frozen=True)
class Scene:
    """What the stage shows below its toolbar: a result with its facts, or why there is none."""

    view: View | None = None
    facts: str = ""
    notes: tuple[str, ...] = ()
    saved: Saved | None = None
    failure: Failure | None = None
    busy: bool = False


def build_stage(speak: Say) -> object:
    """The component; its value is what `render_stage` gives."""
    return gr.HTML(
        render_stage(Scene(), speak),
        js_on_load=SCRIPT.read_text(encoding="utf-8"),
        apply_default_css=False,
        elem_id="stage",
        label=speak("stage.label"),
    )


def render_stage(scene: Scene, speak: Say) -> str:
    """The whole stage as HTML."""
    return (
        f'<section class="ink-stage" aria-label="{speak("stage.label")}">'
        f"{_toolbar(scene, speak)}"
        f'<div class="ink-frame" style="--ratio:{_ratio(scene):.5f}">{_frame(scene, speak)}</div>'
        f"{_footer(scene, speak)}</section>"
    )


def _toolbar(scene: Scene, speak: Say) -> str:
    off = "" if scene.view else "disabled"
    views = "".join(
        f'<button type="button" data-show="{view}" {off}>{speak(f"stage.{view}")}</button>' for view in VIEWS
    )
    grounds = "".join(
        f'<button type="button" class="ink-ground" data-ground="{name}" {off} style="--chip:{colour or "none"}" '
        f'title="{speak(f"stage.{name}")}" aria-label="{speak(f"stage.{name}")}"></button>'
        for name, colour in GROUNDS.items()
    )
    own = (
        f'<input type="color" class="ink-ground" data-own value="#8a5cf6" {off} '
        f'title="{speak("stage.own")}" aria-label="{speak("stage.own")}">'
    )
    tools = "".join(
        f'<button type="button" class="ink-tool" data-tool="{tool}" {off} title="{speak(f"stage.{tool}")}" '
        f'aria-label="{speak(f"stage.{tool}")}"></button>'
        for tool in ("zoom", "full")
    )
    return (
        '<div class="ink-toolbar">'
        f'<div class="ink-views" role="group" aria-label="{speak("stage.view")}">{views}</div>'
        f'<div class="ink-grounds" role="group" aria-label="{speak("stage.ground")}">{grounds}{own}</div>'
        f'<div class="ink-tools">{tools}</div></div>'
    )


def _frame(scene: Scene, speak: Say) -> str:
    if scene.failure is not None:
        return (
            f'<div class="ink-card ink-failed" role="alert"><strong>{escape(scene.failure.message)}</strong>'
            f"<span>{escape(scene.failure.hint)}</span></div>"
        )
    if scene.view is None:
        words = ("stage.busy", "") if scene.busy else ("stage.empty", "stage.empty_hint")
        hint = f"<span>{speak(words[1])}</span>" if words[1] else ""
        kind = "ink-busy" if scene.busy else "ink-empty"
        return f'<div class="ink-card {kind}"><strong>{speak(words[0])}</strong>{hint}</div>'
    return _canvas(scene.view, speak)


def _ratio(scene: Scene) -> float:
    return scene.view.width / scene.view.height if scene.view else 1.0


def _canvas(view: View, speak: Say) -> str:
    result = view.result or view.cutout
    plain = "" if view.result else " ink-plain"
    return (
        f'<div class="ink-canvas{plain}">'
        f'<img class="ink-result" src="{link_to(result)}" alt="{speak("stage.result")}" draggable="false">'
        f'<img class="ink-cutout" src="{link_to(view.cutout)}" alt="{speak("stage.cutout")}" draggable="false">'
        f'<img class="ink-before" src="{link_to(view.before)}" alt="{speak("stage.original")}" '
        'draggable="false"></div>'
        '<div class="ink-split" aria-hidden="true"></div>'
        f'<input class="ink-slide" type="range" min="0" max="100" step="0.5" value="50" '
        f'aria-label="{speak("stage.split")}">'
    )


def _footer(scene: Scene, speak: Say) -> str:
    notes = "".join(f"<li>{escape(note)}</li>" for note in scene.notes)
    listed = f'<ul class="ink-notes" aria-label="{speak("stage.notes")}">{notes}</ul>' if notes else ""
    saved = ""
    if scene.saved is not None:
        kind = scene.saved.path.suffix.lstrip(".").replace("jpg", "jpeg")
        text = speak("stage.download_as", format=speak(f"format.{kind}"))
        saved = anchor(scene.saved.path, text, scene.saved.name, "ink-save")
    elif scene.view is not None:
        saved = f'<span class="ink-save ink-wait" aria-disabled="true">{speak("stage.preparing")}</span>'
    facts = f'<p class="ink-facts" role="status">{escape(scene.facts)}</p>'
    return f'<div class="ink-foot"><div class="ink-said">{facts}{listed}</div>{saved}</div>'
