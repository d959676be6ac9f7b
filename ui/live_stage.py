"""The live stage: the picture, one line that speaks, and the dashboard below. live.js moves it all."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import gradio as gr

from pipelines.webcam.options import LiveOptions
from pipelines.webcam.telemetry import GRADES
from ui.links import escape
from ui.part import Room
from ui.texts import LANGUAGES, Say, voice
from ui.translate import translate

HERE = Path(__file__).parent
LIVE = "/api/v1/live"
"""The socket's path, as the server sees it."""
SCRIPTS = (
    "live_source",
    "live_wire",
    "live_rtc",
    "live_dash",
    "live_frames",
    "live_figures",
    "live",
    "live_out",
)
VIEWS = ("styled", "both", "source")
STAGES = ("decode", "fit", "draw", "smooth", "encode")
TILES = (
    ("grade", "grade", "target"),
    ("fps", "fps", "limited"),
    ("age", "age", "age95"),
    ("size", "size", "why"),
    ("drops", "drops", "places"),
    ("jitter", "jitter", ""),
    ("cpu", "cpu", "memory"),
)
"""A tile's word, the figure in it, and the smaller line below it."""
PREFIX = "live.js."
"""Words that the script speaks; their places are filled in the browser."""


def build_live_stage(room: Room) -> Any:
    """The component. It triggers `change` when the server has made a new run."""
    return gr.HTML(
        render_live_stage(room.lang),
        js_on_load="\n".join((HERE / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS),
        server_functions=[_sign(room), _translate(room)],
        apply_default_css=False,
        elem_id="live-stage",
        elem_classes="ink-staged",
        label=voice(room.lang)("stage.label"),
    )


def _sign(room: Room) -> Callable[[Any], str]:
    def open_ticket(_: Any) -> str:
        """A ticket for the socket: only who may see the page gets one."""
        return room.studio.tickets.sign(LIVE)

    return open_ticket


def _translate(room: Room) -> Callable[[Any], str]:
    def tell(sentences: Any) -> str:
        """What the socket said, in the page's language."""
        given = sentences if isinstance(sentences, list) else []
        return " ".join(translate(str(each), room.lang) for each in given[:4] if each)

    return tell


def render_live_stage(lang: str) -> str:
    """The stage as HTML, at rest."""
    speak = voice(lang)
    words = {key.removeprefix(PREFIX): speak(key) for key in LANGUAGES[lang] if key.startswith(PREFIX)}
    defaults = {item.name: item.default for item in fields(LiveOptions)}
    facts = {"options": defaults, "grades": GRADES}
    return (
        f'<section class="ink-stage ink-live" data-state="idle" data-view="styled" data-mirror="no" '
        f'data-words="{escape(json.dumps(words))}" data-facts="{escape(json.dumps(facts))}" '
        f'aria-label="{speak("live.stage")}">{_draw_toolbar(speak)}{_draw_frame(speak)}'
        '<p class="ink-live-said" data-part="said" role="status"></p>'
        f"{_draw_dashboard(speak)}</section>"
    )


def _draw_toolbar(speak: Say) -> str:
    views = "".join(
        f'<button type="button" data-view="{view}">{speak(f"live.view.{view}")}</button>' for view in VIEWS
    )
    keeps = "".join(
        f'<button type="button" class="ink-button" data-part="{name}" disabled><i></i>'
        f"<span>{speak(f'live.{name}')}</span></button>"
        for name in ("snapshot", "record")
    )
    full = speak("stage.full")
    return (
        f'<div class="ink-toolbar"><div class="ink-views" role="group" aria-label="{speak("stage.view")}">{views}'
        f'</div><select data-part="camera" aria-label="{speak("live.camera")}"></select>'
        f'<div class="ink-tools">{keeps}<button type="button" class="ink-tool" data-tool="full" title="{full}" '
        f'aria-label="{full}"></button></div></div>'
    )


def _draw_frame(speak: Say) -> str:
    return (
        '<div class="ink-frame"><video data-part="source" muted playsinline></video>'
        '<video data-part="remote" muted playsinline></video>'
        f'<canvas data-part="picture" width="4" height="3" role="img" aria-label="{speak("live.picture")}">'
        '</canvas><div class="ink-kept" data-part="kept"></div>'
        '<span class="ink-rec" data-part="rec" hidden><i></i><b></b></span>'
        f'<div class="ink-card ink-empty"><strong>{speak("live.empty")}</strong>'
        f"<span>{speak('live.empty_hint')}</span></div>"
        '<div class="ink-card ink-busy"><strong data-part="busy"></strong><span data-part="busy-hint"></span></div>'
        '<div class="ink-card ink-failed" role="alert"><strong data-part="trouble"></strong>'
        '<span data-part="trouble-hint"></span></div></div>'
    )


def _draw_dashboard(speak: Say) -> str:
    tiles = "".join(
        f'<div><dt>{speak(f"live.tile.{word}")}</dt><dd><b data-part="{figure}">–</b>'
        f"{f'<small data-part={below!r}></small>' if below else ''}</dd></div>"
        for word, figure, below in TILES
    )
    stages = "".join(
        f'<span data-stage="{stage}">{speak(f"live.js.stage.{stage}")} <b>–</b></span>' for stage in STAGES
    )
    return (
        f'<div class="ink-pulse" aria-label="{speak("live.dashboard")}"><dl>{tiles}</dl>'
        f'<div class="ink-stages" data-part="stages" aria-label="{speak("live.stages")}">{stages}</div>'
        f'<figure><canvas data-part="plot" role="img" aria-label="{speak("live.plot")}"></canvas>'
        f"<figcaption><span>{speak('live.plot_fps')}</span><span>{speak('live.plot_age')}</span>"
        f'<button type="button" class="ink-link" data-part="report" disabled>{speak("live.report")}</button>'
        "</figcaption></figure></div>"
    )
