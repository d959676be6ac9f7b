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
GROUNDS = {"checker": "", "white": "#ffffff", "black": "#000000", "green": "#00b140"}


@dataclass(frozen=True)
class Kind:
    """What a tab's stage offers: its views (none: no toolbar), whether grounds are shown below a cut-out, what it
    says when empty."""

    name: str
    element: str
    views: tuple[str, ...]
    grounds: bool
    empty: str


CUTOUTS = Kind("matting", "stage", ("compare", "cutout", "alpha"), True, "stage.empty")
DRAWINGS = Kind("cartoon", "cartoon-stage", ("compare", "drawing", "faces"), False, "cartoon.empty")
FILMS = Kind("video", "video-stage", (), False, "video.empty")
MOVING = frozenset({".mp4", ".webm", ".mov"})


@dataclass(frozen=True)
class Saved:
    """A file to take home and the name it is saved under."""

    path: Path
    name: str


@dataclass(frozen=True)
class Scene:
    """What the stage shows below its toolbar: a result with its facts, or why there is none.

    `marks` is HTML that lies over the picture, `film` a film that is played instead of one (or a picture that
    stands for it): `trial` says that it is but a preview, `plays` that it begins by itself. `keep` is the id of the
    button that makes a preview a result.
    """

    view: View | None = None
    facts: str = ""
    notes: tuple[str, ...] = ()
    saved: Saved | None = None
    failure: Failure | None = None
    busy: bool = False
    marks: str = ""
    keep: str = ""
    film: Path | None = None
    trial: bool = False
    plays: bool = False


def build_stage(speak: Say, kind: Kind = CUTOUTS) -> object:
    """The component; its value is what `render_stage` gives."""
    return gr.HTML(
        render_stage(Scene(), speak, kind),
        js_on_load=SCRIPT.read_text(encoding="utf-8"),
        apply_default_css=False,
        elem_id=kind.element,
        elem_classes="ink-staged",
        label=speak("stage.label"),
    )


def render_stage(scene: Scene, speak: Say, kind: Kind = CUTOUTS) -> str:
    """The whole stage as HTML."""
    return (
        f'<section class="ink-stage" data-stage="{kind.name}" aria-label="{speak("stage.label")}">'
        f"{_toolbar(scene, speak, kind)}"
        f'<div class="ink-frame" style="--ratio:{_ratio(scene):.5f}">{_frame(scene, speak, kind)}</div>'
        f"{_footer(scene, speak)}</section>"
    )


def _toolbar(scene: Scene, speak: Say, kind: Kind) -> str:
    if not kind.views:
        return ""
    off = "" if scene.view else "disabled"
    alone = off if scene.view is None or scene.view.before else "disabled"
    views = "".join(
        f'<button type="button" data-show="{view}" {alone}>{speak(f"stage.{view}")}</button>'
        for view in kind.views
    )
    tools = "".join(
        f'<button type="button" class="ink-tool" data-tool="{tool}" {off} title="{speak(f"stage.{tool}")}" '
        f'aria-label="{speak(f"stage.{tool}")}"></button>'
        for tool in ("zoom", "full")
    )
    return (
        '<div class="ink-toolbar">'
        f'<div class="ink-views" role="group" aria-label="{speak("stage.view")}">{views}</div>'
        f"{_grounds(off, speak) if kind.grounds else ''}"
        f'<div class="ink-tools">{tools}</div></div>'
    )


def _grounds(off: str, speak: Say) -> str:
    grounds = "".join(
        f'<button type="button" class="ink-ground" data-ground="{name}" {off} style="--chip:{colour or "none"}" '
        f'title="{speak(f"stage.{name}")}" aria-label="{speak(f"stage.{name}")}"></button>'
        for name, colour in GROUNDS.items()
    )
    own = (
        f'<input type="color" class="ink-ground" data-own value="#8a5cf6" {off} '
        f'title="{speak("stage.own")}" aria-label="{speak("stage.own")}">'
    )
    return f'<div class="ink-grounds" role="group" aria-label="{speak("stage.ground")}">{grounds}{own}</div>'


def _frame(scene: Scene, speak: Say, kind: Kind) -> str:
    if scene.failure is not None:
        return (
            f'<div class="ink-card ink-failed" role="alert"><strong>{escape(scene.failure.message)}</strong>'
            f"<span>{escape(scene.failure.hint)}</span></div>"
        )
    if scene.film is not None:
        return _screen(scene, scene.film, speak)
    if scene.view is None:
        if scene.busy:
            return f'<div class="ink-card ink-busy"><strong>{speak("stage.busy")}</strong></div>'
        hint = f"<span>{speak(f'{kind.empty}_hint')}</span>"
        return f'<div class="ink-card ink-empty"><strong>{speak(kind.empty)}</strong>{hint}</div>'
    return _canvas(scene.view, scene.marks, speak)


def _screen(scene: Scene, film: Path, speak: Say) -> str:
    link = escape(link_to(film))
    if film.suffix.lower() not in MOVING:
        return f'<img class="ink-film" src="{link}" alt="{speak("stage.result")}">'
    if scene.trial:  # an element of another kind around it: a film's sound is not muted after it
        return (
            f'<div class="ink-trial"><video class="ink-film" src="{link}" autoplay muted loop playsinline>'
            "</video></div>"
        )
    plays = "autoplay" if scene.plays else ""
    return f'<video class="ink-film" src="{link}" controls loop playsinline {plays}></video>'


def _ratio(scene: Scene) -> float:
    return scene.view.width / scene.view.height if scene.view else 1.0


def _canvas(view: View, marks: str, speak: Say) -> str:
    alone = "" if view.before else " ink-alone"
    layers = (("result", view.result or view.cutout), ("cutout", view.cutout), ("before", view.before))
    pictures = "".join(
        f'<img class="ink-{name}" src="{link_to(path)}" alt="{speak(f"stage.{name}")}" draggable="false">'
        for name, path in layers
        if path is not None
    )
    canvas = f'<div class="ink-canvas{alone}" data-subject="{escape(view.subject)}">{pictures}{marks}</div>'
    if view.before is None:
        return canvas
    return (
        f'{canvas}<div class="ink-split" aria-hidden="true"></div>'
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
    elif scene.keep:
        saved = (
            f'<button type="button" class="ink-save" data-press="{scene.keep}">{speak("stage.keep")}</button>'
        )
    elif scene.view is not None:
        saved = f'<span class="ink-save ink-wait" aria-disabled="true">{speak("stage.preparing")}</span>'
    facts = f'<p class="ink-facts" role="status">{escape(scene.facts)}</p>'
    return f'<div class="ink-foot"><div class="ink-said">{facts}{listed}</div>{saved}</div>'
