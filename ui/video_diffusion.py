"""A shot that a diffusion model draws from a prompt: its folded form in the Image → Video tab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import gradio as gr

from pipelines.errors import BadInput, InkframeError
from pipelines.history import Run
from pipelines.image_to_video.diffusion_engines import ENGINES, MEMORY
from pipelines.image_to_video.diffusion_job import submit_shot
from pipelines.image_to_video.diffusion_options import LONGEST_PROMPT, DiffusionOptions
from pipelines.image_to_video.film_files import Order
from pipelines.image_to_video.formats import FORMATS
from pipelines.image_to_video.make_shot import RESULT
from pipelines.jobs.job import Job
from pipelines.studio import Studio
from ui.texts import Say, voice
from ui.video_strip import Item, find_files

GO, FOLD = "video-diffusion-go", "video-group-diffusion"
NAMES = ("engine", "prompt", "duration", "motion_strength", "seed", "memory")
RESULTS = tuple(f"{RESULT}.{kind.ending}" for kind in FORMATS.values())
FACTS = {item.name: item for item in fields(DiffusionOptions)}


@dataclass(frozen=True)
class Diffusion:
    """The button and, by the names of NAMES, the controls."""

    go: Any
    parts: Mapping[str, Any]

    @property
    def inputs(self) -> list[Any]:
        """In the order of NAMES."""
        return [self.parts[name] for name in NAMES]


def build_diffusion(studio: Studio, lang: str) -> Diffusion:
    """The folded form; without a GPU it says what each model needs, and its button rests."""
    speak, gpu = voice(lang), studio.device.kind != "cpu"
    with gr.Accordion(speak("diffusion.title"), open=False, elem_classes="ink-more ink-folds", elem_id=FOLD):
        if not gpu:
            gr.HTML(f'<p class="ink-hint">{speak("diffusion.no_gpu")}</p>', apply_default_css=False)
        parts = {name: _build_control(name, speak) for name in NAMES}
        go = gr.Button(speak("diffusion.go"), interactive=gpu, elem_id=GO)
    return Diffusion(go, parts)


def _build_control(name: str, speak: Say) -> Any:
    item = FACTS[name]
    words: dict[str, Any] = {"label": speak(f"diffusion.{name}"), "elem_id": f"video-diffusion-{name}"}
    if name == "engine":
        return gr.Radio(list_engines(speak), value=item.default, **words)
    if name == "memory":
        rows = [(speak(f"diffusion.memory.{each}"), each) for each in ("auto", *MEMORY)]
        return gr.Dropdown(rows, value=item.default, filterable=False, **words)
    if name == "prompt":
        hint = speak("diffusion.prompt.hint")
        return gr.Textbox(lines=3, max_length=LONGEST_PROMPT, placeholder=hint, **words)
    low, high, step = (item.metadata[fact] for fact in ("low", "high", "step"))
    words["info"] = speak(f"diffusion.{name}.help")
    if name == "motion_strength":
        return gr.Slider(low, high, value=item.default, step=step, buttons=["reset"], **words)
    return gr.Number(item.default, minimum=low, maximum=high, step=step, **words)


def list_engines(speak: Say) -> list[tuple[str, str]]:
    """Each model with the least GPU memory that it needs."""
    return [
        (speak("diffusion.needs", name=engine.name, gb=min(engine.needs.values())), key)
        for key, engine in ENGINES.items()
    ]


def read_diffusion(values: Sequence[Any]) -> DiffusionOptions:
    """Options of the controls' values, in the order of NAMES. Raises InvalidOption."""
    given = dict(zip(NAMES, values, strict=True))
    plain = {
        name: float(value) if isinstance(value, int | float) else str(value)
        for name, value in given.items()
        if value is not None
    }
    return DiffusionOptions.parse(plain)


def show_diffusion(settings: Mapping[str, Any]) -> list[Any]:
    """The controls' values for a run's settings; the defaults where they are of another version."""
    try:
        options = DiffusionOptions(**{name: settings[name] for name in NAMES if name in settings})
    except (InkframeError, TypeError, AttributeError):
        options = DiffusionOptions()
    return [getattr(options, name) for name in NAMES]


def is_shot(run: Run) -> bool:
    """Whether a diffusion model drew a run."""
    return run.results[:1] != () and run.results[0] in RESULTS


def begin_shot(
    studio: Studio, items: Sequence[Item], uploads: Path, values: Sequence[Any], speak: Say
) -> Job:
    """Start with the strip's one picture. Raises BadInput for none or several, and what `submit_shot` does."""
    if len(items) != 1:
        raise BadInput(speak("diffusion.one"), speak("diffusion.one_hint"))
    order = Order(find_files(items, uploads), visible_label=studio.settings.visible_label)
    return submit_shot(studio, order, read_diffusion(values))
