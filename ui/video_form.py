"""The controls of VideoOptions, made from its fields, and the way between them and options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, fields, replace
from typing import Any

import gradio as gr

from pipelines.errors import InkframeError
from pipelines.image_to_video.film_options import AUTO, TRANSPARENT, VideoOptions
from pipelines.image_to_video.motion import MOTIONS
from ui.matting_form import to_hex
from ui.texts import Say, label_of, say, voice
from ui.video_slow import tell_slow

TAB = "video"
FIRST = ("motion", "duration", "amount", "aspect", "transition")
GROUPS: Mapping[str, tuple[str, ...]] = {
    "music": ("music_start", "music_fade_in", "music_fade_out", "music_volume", "music_loop"),
    "camera": (
        "easing", "loop", "transition_seconds", "focus_x", "focus_y", "depth", "fade_in", "fade_out",
        "linear_light",
    ),
    "style": ("style", "style_course", "style_becomes", "style_strength", "style_keys"),
    "frame": ("fit", "background", "colour", "width", "height"),
    "file": ("format", "quality", "fps", "encoder"),
}  # fmt: skip
"""What is folded away, by its title. `background` and `colour` together are the option `background`."""
NAMES = (*FIRST, *(name for names in GROUPS.values() for name in names))
PAIRS = (("motion", "duration"), ("width", "height"))
"""Controls that stand side by side."""
BY_PICTURE = ("motions", "durations")
"""Options that each picture's own wishes make."""
SUGGESTED: Mapping[str, tuple[str, ...]] = {"fps": ("24", "25", "29.97", "30", "50", "59.94", "60")}
TABLES = {
    "motion": "motion",
    "easing": "easing",
    "transition": "transition",
    "style": "style",
    "style_becomes": "style",
}
"""Where the words of an option's choices are, if not under `video.<option>`."""
CHIPS = frozenset({"aspect"})
"""Options with many but short choices."""
UNTOLD = frozenset({"duration"})
"""Numbers that their label explains."""
SLIDER_STEPS, FEW = 300, 4
UNSEEN = ("quality", "encoder", *GROUPS["music"])
"""Options that a preview does not show."""
COLOUR, FIRST_COLOUR = "colour", "#101418"
FACTS = {item.name: item for item in fields(VideoOptions)}


@dataclass(frozen=True)
class Form:
    """The components by the names of NAMES, and the upload of the music. What is for several pictures is seen
    only with several, and the colour only where one is wanted: see video.css."""

    parts: Mapping[str, Any]
    music: Any

    @property
    def inputs(self) -> list[Any]:
        """In the order of NAMES."""
        return [self.parts[name] for name in NAMES]


def build_form(lang: str) -> Form:
    """All controls."""
    speak = voice(lang)
    parts = _build_group(FIRST, speak)
    music = None
    for group, names in GROUPS.items():
        with gr.Accordion(
            speak(f"video.group.{group}"),
            open=False,
            elem_classes="ink-more ink-folds",
            elem_id=f"video-group-{group}",
        ):
            if group == "music":
                music = _build_music(speak)
            parts |= _build_group(names, speak)
    return Form(parts, music)


def _build_music(speak: Say) -> Any:
    return gr.File(
        label=speak("video.music"),
        file_count="single",
        file_types=["audio"],
        height=104,
        elem_id="video-music",
        elem_classes="ink-takes-files",
    )


def _build_group(names: Sequence[str], speak: Say) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for name in names:
        pair = next((pair for pair in PAIRS if name in pair), None)
        if pair is None:
            parts[name] = _build_control(name, speak)
        elif name == pair[0]:
            with gr.Row(elem_classes="ink-side-by-side"):
                parts |= {each: _build_control(each, speak) for each in pair}
    return parts


def _build_control(name: str, speak: Say) -> Any:
    """A control from an option's type, bounds or choices."""
    words: dict[str, Any] = {"label": speak(f"video.{name}"), "elem_id": f"video-{name.replace('_', '-')}"}
    if name == COLOUR:
        return gr.ColorPicker(FIRST_COLOUR, **words)
    item = FACTS[name]
    if name in SUGGESTED or name == "background" or item.metadata["choices"]:
        return _build_choice(item, speak, words)
    if name not in UNTOLD:
        words["info"] = speak(f"video.{name}.help")
    if isinstance(item.default, str):
        return gr.Textbox(item.default, max_lines=2, **words)
    if isinstance(item.default, bool):
        return gr.Checkbox(item.default, container=False, **words)
    low, high, step = (item.metadata[fact] for fact in ("low", "high", "step"))
    if (high - low) / step > SLIDER_STEPS:
        words |= {"min_width": 96, "elem_classes": "ink-number"}
        return gr.Number(item.default, minimum=low, maximum=high, step=step, **words)
    return gr.Slider(low, high, value=item.default, step=step, buttons=["reset"], **words)


def _build_choice(item: Field[Any], speak: Say, words: dict[str, Any]) -> Any:
    name, values = item.name, list_choices(item)
    if name in SUGGESTED:
        help = speak(f"video.{name}.help")
        return gr.Dropdown(values, value=item.default, allow_custom_value=True, info=help, **words)
    table = TABLES.get(name, f"video.{name}")
    known = name != "aspect"
    rows = [(speak(f"{table}.{each}") if known or each == "source" else each, each) for each in values]
    if len(rows) <= FEW or name in CHIPS:
        return gr.Radio(rows, value=item.default, elem_classes="ink-segments", **words)
    return gr.Dropdown(rows, value=item.default, filterable=False, **words)


def list_choices(item: Field[Any]) -> list[str]:
    """An option's values that can be picked."""
    if item.name == "background":
        return [AUTO, TRANSPARENT, COLOUR]
    return [*(SUGGESTED.get(item.name) or item.metadata["choices"])]


def read_options(values: Sequence[Any], more: Mapping[str, str] | None = None) -> VideoOptions:
    """Options of the controls' values, in the order of NAMES, and what the pictures' own wishes are.

    An emptied number is as it was at first. Raises InvalidOption.
    """
    given = dict(zip(NAMES, values, strict=True))
    ground, colour = str(given.pop("background")), str(given.pop(COLOUR))
    texts: dict[str, Any] = {name: _plain(name, value) for name, value in given.items() if value is not None}
    texts["background"] = to_hex(colour) if ground == COLOUR else ground
    return VideoOptions.parse({**texts, **(more or {})})


def _plain(name: str, value: Any) -> Any:
    """A value as VideoOptions takes it: the same choice is always the same value."""
    usual = FACTS[name].default
    if isinstance(value, bool) and isinstance(usual, bool):
        return value
    return float(value) if isinstance(value, int | float) and isinstance(usual, float) else str(value)


def show_options(settings: Mapping[str, Any]) -> list[Any]:
    """The controls' values for a film's settings; the default where a setting is missing or unknown."""
    known = {name: value for name, value in settings.items() if name in FACTS and name not in BY_PICTURE}
    try:
        options = VideoOptions(**known)
    except (InkframeError, TypeError, AttributeError, ValueError):
        options = VideoOptions()
    own = options.background.startswith("#")
    shown = {
        "background": COLOUR if own else options.background,
        COLOUR: options.background if own else FIRST_COLOUR,
    }
    return [shown[name] if name in shown else getattr(options, name) for name in NAMES]


def as_seen(options: VideoOptions) -> VideoOptions:
    """The options with all that a preview does not show as it is at first."""
    usual: dict[str, Any] = {name: FACTS[name].default for name in UNSEEN}
    return replace(options, **usual)


def tell_settings(settings: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    """A film's settings in plain words: (option, value)."""
    rows = tell_slow(settings, lang) if "times" in settings else []
    for name in NAMES:
        value = settings.get(name)
        if value is None or name == COLOUR or (name not in FIRST[:1] and value == FACTS[name].default):
            continue
        rows.append((voice(lang)(f"video.{name}"), _tell_value(name, value, lang)))
    for name, said in (("motions", "video.motion"), ("durations", "video.duration")):
        if settings.get(name):
            rows.append((voice(lang)(said), _tell_list(name, str(settings[name]), lang)))
    return rows


def _tell_list(name: str, text: str, lang: str) -> str:
    words = text.split(",")
    return say("mark.list", lang).join(
        label_of("motion", word, lang) if name == "motions" else word for word in words
    )


def _tell_value(name: str, value: Any, lang: str) -> str:
    if isinstance(value, bool):
        return voice(lang)("value.on" if value else "value.off")
    if isinstance(value, int | float):
        return f"{value:g}"
    return label_of(TABLES.get(name, f"video.{name}"), str(value), lang)


def list_motions(speak: Say) -> list[list[str]]:
    """The movements that a picture of its own may have: [value, text] each; "" is the form's."""
    return [["", speak("strip.same")], *([name, speak(f"motion.{name}")] for name in MOTIONS)]
