"""The controls of CartoonOptions, and the way between them and options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import gradio as gr

from pipelines.cartoon.options import NETS, STYLES, CartoonOptions
from pipelines.cartoon.painters import PUBLISHED
from pipelines.errors import InkframeError
from pipelines.studio import Studio
from ui.cartoon_swatches import build_swatches
from ui.texts import Say, label_of, voice

TAB = "cartoon"
NAMES = ("style", "style_b", "mix", "strength", "faces", "colours", "detail", "size", "net")
STYLE_B, FACES, SIZE, NET = (NAMES.index(name) for name in ("style_b", "faces", "size", "net"))
SLIDERS = ("mix", "strength", "colours", "detail")
FACTS = {item.name: item for item in fields(CartoonOptions)}
ALL_STYLES = "all"
"""What a sheet's run says of its style."""


@dataclass(frozen=True)
class Form:
    """The components by the names of NAMES; `rows` shows the faces, `swatches` paints the styles' pictures."""

    parts: dict[str, Any]
    mix_box: Any
    rows: Any
    swatches: Any

    @property
    def inputs(self) -> list[Any]:
        """In the order of NAMES."""
        return [self.parts[name] for name in NAMES]


def build_form(studio: Studio, lang: str, rows: Any) -> Form:
    """All controls; `rows` is a component, not yet placed, that shows the faces."""
    speak, default = voice(lang), CartoonOptions()
    parts = {"style": _build_styles(speak, default.style)}
    swatches = build_swatches()
    parts["style_b"] = gr.Dropdown(
        [(speak("cartoon.no_mix"), ""), *((speak(f"style.{name}"), name) for name in STYLES)],
        value=default.style_b,
        label=speak("option.style_b"),
        filterable=False,
        elem_id="cartoon-style-b",
    )
    with gr.Column(visible=False, elem_classes="ink-tight") as mix_box:
        parts["mix"] = _build_slider("mix", speak)
    parts["strength"] = _build_slider("strength", speak)
    rows.render()
    parts["faces"] = gr.State(default.faces)
    with gr.Accordion(speak("cartoon.more"), open=False, elem_classes="ink-more"):
        for name in ("colours", "detail", "size"):
            parts[name] = _build_slider(name, speak)
        parts["net"] = _build_nets(studio, speak, default.net)
    parts["style_b"].change(lambda style: show_mix(str(style)), parts["style_b"], mix_box)
    return Form(parts, mix_box, rows, swatches)


def show_mix(style_b: str) -> Any:
    """The mix slider's box: seen only with a second style."""
    return gr.Column(visible=bool(style_b))


def list_nets(studio: Studio, speak: Say) -> list[tuple[str, str]]:
    """Who may draw, and what of it is here."""
    here = sum(studio.downloads.state(PUBLISHED + style).usable for style in STYLES)
    said = {
        "auto": speak("net.auto"),
        "builtin": speak("net.builtin"),
        "published": speak("net.published", here=here, all=len(STYLES)),
    }
    return [(said[name], name) for name in NETS]


def _build_styles(speak: Say, value: str) -> Any:
    return gr.Radio(
        [(speak(f"style.{name}"), name) for name in STYLES],
        value=value,
        label=speak("option.style"),
        elem_classes="ink-segments ink-styles",
        elem_id="cartoon-style",
    )


def _build_slider(name: str, speak: Say) -> Any:
    item = FACTS[name]
    return gr.Slider(
        item.metadata["low"],
        item.metadata["high"],
        value=item.default,
        step=item.metadata["step"],
        label=speak(f"cartoon.{name}"),
        info=speak(f"cartoon.{name}_help"),
        buttons=["reset"],
        elem_id=f"cartoon-{name}",
    )


def _build_nets(studio: Studio, speak: Say, value: str) -> Any:
    return gr.Dropdown(
        list_nets(studio, speak),
        value=value,
        label=speak("option.net"),
        info=speak("help.net"),
        filterable=False,
        elem_id="cartoon-net",
    )


def read_options(values: Sequence[Any]) -> CartoonOptions:
    """Options of the controls' values, in the order of NAMES. Raises InvalidOption."""
    given = dict(zip(NAMES, values, strict=True))
    plain = {name: value if isinstance(value, int | float) else str(value) for name, value in given.items()}
    return CartoonOptions.parse(plain)


def show_options(settings: Mapping[str, Any]) -> list[Any]:
    """The controls' values for a run's settings; the default where a setting is missing or unknown."""
    known = {name: value for name, value in settings.items() if name in FACTS and value != ALL_STYLES}
    if settings.get("faces") == ALL_STYLES:
        known["faces"] = ALL_STYLES
    try:
        options = CartoonOptions(**known)
    except (InkframeError, TypeError, AttributeError):
        options = CartoonOptions()
    return [getattr(options, name) for name in NAMES]


def tell_settings(settings: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    """A run's settings in plain words: (option, value); the net is told elsewhere."""
    speak, mixed = voice(lang), bool(settings.get("style_b"))
    rows = [(speak("option.style"), _tell_style(settings, lang))]
    for name in ("mix", "strength", "colours", "detail", "faces", "size"):
        value = settings.get(name)
        changed = value is not None and value != FACTS[name].default
        if mixed if name == "mix" else changed:
            shown = f"{value:g}" if isinstance(value, int | float) else str(value)
            rows.append((label_of("cartoon", name, lang), label_of("faces", shown, lang)))
    return rows


def _tell_style(settings: Mapping[str, Any], lang: str) -> str:
    styles = [str(settings.get(name) or "") for name in ("style", "style_b")]
    return " + ".join(label_of("style", style, lang) for style in styles if style)
