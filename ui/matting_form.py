"""The controls of MattingOptions, for every tab that cuts out, and the way between them and options."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, fields
from typing import Any

import gradio as gr

from pipelines.errors import InkframeError
from pipelines.matting.options import AUTO, REFINES, MattingOptions
from pipelines.studio import Studio
from ui.texts import Say, label_of, voice
from ui.translate import translate

NAMES = (
    "model", "refine", "ground", "colour", "despill", "edge", "feather", "threshold", "fill_holes",
    "largest", "blur", "crop", "margin",
)  # fmt: skip
"""The controls in their order. `ground` and `colour` together are the option `background`."""
PLAIN_GROUNDS = {"white": "#ffffff", "black": "#000000"}
GROUNDS = ("transparent", *PLAIN_GROUNDS, "colour", "blur", "picture")
MORE = ("despill", "edge", "feather", "threshold", "fill_holes", "largest", "blur", "crop", "margin")
LOOKS = ("ground", "colour", "blur", "crop", "margin")
"""Controls that change a finished cut-out without the model."""
GROUND = NAMES.index("ground")
FIRST_COLOUR = "#3d7ea6"
RGB = re.compile(r"rgba?\(\s*([\d.]+)\s*,\s*([\d.]+)\s*,\s*([\d.]+)")
FACTS = {item.name: item for item in fields(MattingOptions)}


@dataclass(frozen=True)
class Form:
    """The components by name, and the upload of a background picture."""

    parts: dict[str, Any]
    picture: Any
    colour_box: Any
    picture_box: Any
    also: tuple[str, ...] = ()

    @property
    def inputs(self) -> list[Any]:
        """In the order of NAMES, then of `also`: what only this tab has."""
        return [self.parts[name] for name in (*NAMES, *self.also)]

    @property
    def boxes(self) -> list[Any]:
        """What is seen only with some backgrounds: the colour's box and the picture's."""
        return [self.colour_box, self.picture_box]


def build_form(
    studio: Studio,
    lang: str,
    tab: str,
    noun: type[MattingOptions] = MattingOptions,
    first: tuple[str, ...] = (),
    more: tuple[str, ...] = (),
) -> Form:
    """All controls of a tab; their ids begin with its name. The boxes follow the background by themselves.

    `first` and `more` name further options of `noun` that the tab shows among the first controls and behind
    "More".
    """
    speak = voice(lang)
    facts = {item.name: item for item in fields(noun)}
    parts = build_first(studio, lang, tab)
    with gr.Column(visible=False, elem_classes="ink-tight") as colour_box:
        parts["colour"] = gr.ColorPicker(FIRST_COLOUR, label=speak("option.colour"), elem_id=f"{tab}-colour")
    with gr.Column(visible=False, elem_classes="ink-tight") as picture_box:
        picture = gr.Image(
            type="filepath",
            sources=["upload"],
            image_mode=None,
            height=120,
            label=speak("option.background_picture"),
            placeholder=speak("option.background_picture.drop"),
            buttons=[],
            elem_id=f"{tab}-background-picture",
        )
    parts |= {name: _build_control(facts[name], speak, tab) for name in first}
    with gr.Accordion(speak("matting.more"), open=False, elem_classes="ink-more"):
        parts |= {name: _build_control(facts[name], speak, tab) for name in (*MORE, *more)}
    form = Form(parts, picture, colour_box, picture_box, (*first, *more))
    parts["ground"].change(lambda ground: show_boxes(str(ground)), parts["ground"], form.boxes)
    return form


def show_boxes(ground: str) -> tuple[Any, Any]:
    """The values of a form's `boxes` for a background."""
    return gr.Column(visible=ground == "colour"), gr.Column(visible=ground == "picture")


def list_models(studio: Studio, lang: str) -> list[tuple[str, str]]:
    """The models of this tab as a drop-down's rows, the automatic choice first; those not here say so."""
    keys = {"queued": "matting.on_its_way", "downloading": "matting.on_its_way"}
    speak = voice(lang)
    rows = [(speak("model.auto"), AUTO)]
    for spec in studio.catalogue.of_task("matting"):
        state = studio.downloads.state(spec.id)
        key = keys.get(state.status, "matting.not_here")
        title = translate(spec.title, lang)
        rows.append((title if state.usable else speak(key, title=title), spec.id))
    return rows


def build_first(studio: Studio, lang: str, tab: str) -> dict[str, Any]:
    """The controls that everyone needs: model, edges, background."""
    speak = voice(lang)
    default = MattingOptions()
    return {
        "model": gr.Dropdown(
            list_models(studio, lang),
            value=default.model,
            label=speak("option.model"),
            info=speak("help.model"),
            filterable=False,
            elem_id=f"{tab}-model",
        ),
        "refine": gr.Radio(
            [(speak(f"refine.{name}"), name) for name in REFINES],
            value=default.refine,
            label=speak("option.refine"),
            elem_classes="ink-segments",
            elem_id=f"{tab}-refine",
        ),
        "ground": gr.Radio(
            [(speak(f"ground.{name}"), name) for name in GROUNDS],
            value="transparent",
            label=speak("option.background"),
            elem_classes="ink-segments ink-swatches",
            elem_id=f"{tab}-background",
        ),
    }


def _build_control(item: Field[Any], speak: Say, tab: str) -> Any:
    """A control from an option's type, bounds or choices."""
    name, facts = item.name, item.metadata
    words = {"label": speak(f"option.{name}"), "elem_id": f"{tab}-{name}"}
    if facts["choices"]:
        rows = [(speak(f"{name}.{choice}"), choice) for choice in facts["choices"]]
        return gr.Radio(rows, value=item.default, elem_classes="ink-segments", **words)
    words["info"] = speak(f"help.{name}")
    if isinstance(item.default, bool):
        return gr.Checkbox(item.default, container=False, **words)
    return gr.Slider(
        facts["low"],
        facts["high"],
        value=item.default,
        step=facts["step"],
        buttons=["reset"],
        **words,
    )


def read_options(values: Sequence[Any]) -> MattingOptions:
    """Options of the controls' values, in the order of NAMES. Raises InvalidOption."""
    return MattingOptions.parse(gather(values))


def gather(values: Sequence[Any], also: tuple[str, ...] = ()) -> dict[str, Any]:
    """The controls' values, in the order of a form's inputs, as options by name; nothing is checked yet."""
    given = dict(zip((*NAMES, *also), values, strict=True))
    ground, colour = str(given.pop("ground")), str(given.pop("colour"))
    plain = PLAIN_GROUNDS.get(ground, ground)
    background = to_hex(colour) if ground == "colour" else plain
    texts = {
        name: value if isinstance(value, bool | int | float) else str(value) for name, value in given.items()
    }
    return {**texts, "background": background}


def show_options(settings: Mapping[str, Any]) -> list[Any]:
    """The controls' values for a run's settings; the default where a setting is missing or unknown."""
    known = {name: value for name, value in settings.items() if name in FACTS}
    try:
        options = MattingOptions(**known)
    except (InkframeError, TypeError):
        options = MattingOptions()
    ground, colour = split_background(options.background)
    return [{"ground": ground, "colour": colour}.get(name) or getattr(options, name, None) for name in NAMES]


def split_background(background: str) -> tuple[str, str]:
    """An option's background as the two controls show it."""
    if not background.startswith("#"):
        return background, FIRST_COLOUR
    for name, colour in PLAIN_GROUNDS.items():
        if background.lower() == colour:
            return name, FIRST_COLOUR
    return "colour", background


def to_hex(colour: str) -> str:
    """A colour picker's "rgba(12.3, 4, 5, 1)" as #rrggbb; anything else stays as it is."""
    found = RGB.match(colour)
    if not found:
        return colour
    return "#" + "".join(f"{min(255, round(float(part))):02x}" for part in found.groups())


def tell_settings(settings: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    """A run's settings in plain words: (option, value); the model is told elsewhere."""
    speak = voice(lang)
    rows = []
    for name, value in settings.items():
        if name in FACTS and _worth_telling(name, value):
            rows.append((label_of("option", name, lang), _tell_value(name, value, lang, speak)))
    return rows


def _worth_telling(name: str, value: Any) -> bool:
    return name in ("refine", "background") or (name != "model" and value != FACTS[name].default)


def _tell_value(name: str, value: Any, lang: str, speak: Say) -> str:
    if isinstance(value, bool):
        return speak("value.on" if value else "value.off")
    if name == "background":
        ground, _ = split_background(str(value))
        return str(value) if ground == "colour" else label_of("ground", ground, lang)
    if isinstance(value, int | float):
        return f"{value:g}"
    return label_of(name, str(value), lang)
