"""A film that is dropped in, made smoother or slower: its folded form in the Image → Video tab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import gradio as gr

from pipelines.errors import InkframeError
from pipelines.history import Run
from pipelines.image_to_video.interpolators import RIFE
from pipelines.image_to_video.slow_job import RESULT, submit_slow
from pipelines.image_to_video.slow_options import SlowOptions
from pipelines.jobs.job import Job
from pipelines.studio import Studio
from pipelines.video.given import PLAIN_ENDINGS
from ui.texts import Say, label_of, voice
from ui.upload import Upload, need_film

GO, FOLD = "video-slow-go", "video-group-slow"
NAMES = ("times", "slow", "rate", "sound", "net")
FACTS = {item.name: item for item in fields(SlowOptions)}
RATES = ("", "24", "25", "30", "50", "60", "120")


@dataclass(frozen=True)
class Slow:
    """The upload, the button and, by the names of NAMES, the controls."""

    film: Any
    go: Any
    parts: Mapping[str, Any]

    @property
    def inputs(self) -> list[Any]:
        """In the order of NAMES."""
        return [self.parts[name] for name in NAMES]


def build_slow(studio: Studio, lang: str) -> Slow:
    """The folded form."""
    speak = voice(lang)
    with gr.Accordion(speak("slow.title"), open=False, elem_classes="ink-more ink-folds", elem_id=FOLD):
        film = gr.File(
            label=speak("film.label"),
            file_count="single",
            file_types=[*PLAIN_ENDINGS],
            height=104,
            elem_id="video-film",
            elem_classes="ink-takes-files",
        )
        parts = {name: _build_control(name, studio, speak) for name in NAMES}
        go = gr.Button(speak("slow.go"), elem_id=GO)
    return Slow(film, go, parts)


def _build_control(name: str, studio: Studio, speak: Say) -> Any:
    item = FACTS[name]
    words: dict[str, Any] = {"label": speak(f"slow.{name}"), "elem_id": f"video-slow-{name}"}
    if name == "rate":
        rows = [(each or speak("slow.rate.none"), each) for each in RATES]
        return gr.Dropdown(rows, value="", allow_custom_value=True, info=speak("slow.rate.help"), **words)
    if item.metadata["choices"]:
        rows = [(speak(f"slow.{name}.{each}"), each) for each in list_choices(name, studio)]
        return gr.Radio(rows, value=item.default, elem_classes="ink-segments", **words)
    low, high, step = (item.metadata[fact] for fact in ("low", "high", "step"))
    help = speak(f"slow.{name}.help")
    return gr.Slider(low, high, value=item.default, step=step, info=help, buttons=["reset"], **words)


def list_choices(name: str, studio: Studio) -> list[str]:
    """An option's values; a net that is not here is none."""
    here = RIFE in studio.catalogue and studio.downloads.state(RIFE).usable
    return [each for each in FACTS[name].metadata["choices"] if each != RIFE or here]


def read_slow(values: Sequence[Any]) -> SlowOptions:
    """Options of the controls' values, in the order of NAMES. Raises InvalidOption."""
    given = dict(zip(NAMES, values, strict=True))
    plain = {
        name: value if isinstance(value, int | float) else str(value)
        for name, value in given.items()
        if value is not None
    }
    return SlowOptions.parse(plain)


def show_slow(settings: Mapping[str, Any]) -> list[Any]:
    """The controls' values for a run's settings; the defaults where they are of another version."""
    try:
        options = SlowOptions(**{name: settings[name] for name in NAMES if name in settings})
    except (InkframeError, TypeError, AttributeError):
        options = SlowOptions()
    return [getattr(options, name) for name in NAMES]


def begin_slow(studio: Studio, film: Upload | None, values: Sequence[Any], speak: Say) -> Job:
    """Start with a film. Raises BadInput without one, TooLarge, and what `submit_slow` does."""
    film = need_film(film, studio.settings, speak)
    return submit_slow(studio, film.path, read_slow(values), name=film.name)


def is_slow(run: Run) -> bool:
    """Whether a run was made of a film."""
    return run.results[:1] == (RESULT,)


def tell_slow(settings: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    """A run's settings in plain words: (option, value)."""
    rows = []
    for name in NAMES:
        value = settings.get(name)
        if (name == "times" and settings.get("rate")) or (name != "times" and value == FACTS[name].default):
            continue
        shown = f"{value:g}" if isinstance(value, int | float) else label_of(f"slow.{name}", str(value), lang)
        rows.append((voice(lang)(f"slow.{name}"), shown))
    return rows
