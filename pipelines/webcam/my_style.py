"""A user's picture as a style with a net of its own: what it takes here, and how it is asked for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import DeviceUnavailable, InvalidOption
from pipelines.image import Picture
from pipelines.jobs.job import Job
from pipelines.options import Options, option
from pipelines.webcam.my_style_files import fill_folder
from pipelines.webcam.names import clean_name
from pipelines.webcam.own_styles import ANY_STYLE
from pipelines.webcam.trained_styles import TrainedStyles
from weights.files import locate

if TYPE_CHECKING:
    from pipelines.studio import Studio

KIND = "my-style"
STEPS = {"quick": 400, "usual": 1500, "thorough": 6000}
NEEDED = {"training": "training", "torch": "PyTorch", "onnx": "onnx"}
"""Modules that training imports, and what a person calls them."""
CPU_SECONDS, GPU_SECONDS = 0.75, 0.12
"""Of one step: measured on one core of a server's processor, reckoned for a data-centre GPU with its larger
pieces."""
SLOW_MINUTES = 10


@dataclass(frozen=True)
class MyStyleOptions(Options):
    """See each field's help."""

    name: str = option("", "What the style is called in the list of looks.")
    effort: str = option(
        "usual",
        "How long it is trained: quick shows the colours, thorough the strokes.",
        choices=tuple(STEPS),
    )


@dataclass(frozen=True)
class TrainingPlan:
    """What training will take here. `note` says what a person should know before it starts, "" for nothing."""

    device: str
    steps: int
    minutes: float
    note: str = ""


def plan_training(studio: Studio, options: MyStyleOptions) -> TrainingPlan:
    """How long training takes on this machine. Raises DeviceUnavailable where something that it needs is not here."""
    lacking = [called for module, called in NEEDED.items() if find_spec(module) is None]
    if lacking:
        raise DeviceUnavailable(
            f"A style can't be trained here: {' and '.join(lacking)} is not installed.",
            "Set Inkframe up with ./run.sh setup from a whole copy of it. Own pictures work as styles without "
            "training, too, only more slowly.",
        )
    steps, on_gpu = STEPS[options.effort], studio.device.kind == "cuda"
    minutes = steps * (GPU_SECONDS if on_gpu else CPU_SECONDS) / 60
    note = ""
    if not on_gpu and minutes > SLOW_MINUTES:
        note = f"There is no GPU: this takes about {minutes:.0f} minutes of a processor core, and the rest is slower."
    return TrainingPlan(studio.device.kind, steps, minutes, note)


def submit_my_style(
    studio: Studio, picture: Picture, options: MyStyleOptions, photos: Sequence[Path] = ()
) -> Job:
    """Queue the training. `photos` is what it practises on; where there are none, pictures of the history.

    Raises InvalidOption for a name that does not fit or is taken, DeviceUnavailable, ModelMissing, ModelDamaged,
    DiskFull, OutputsUnwritable.
    """
    name = clean_name(options.name)
    if name.lower() in (known.lower() for known in TrainedStyles(studio).list()):
        raise InvalidOption(
            f"There is a trained style called {name!r}.", "Choose another name, or remove that one."
        )
    plan = plan_training(studio, options)
    find_teacher(studio)

    def fill(folder: Path) -> int:
        fill_folder(folder, studio.history, picture, photos)
        return plan.steps

    return studio.jobs.submit(KIND, name, {"name": name, "effort": options.effort}, fill)


def find_teacher(studio: Studio) -> Path:
    """Folder of the net that training asks for a first idea of the look. Raises ModelMissing, ModelDamaged."""
    stamps = studio.downloads.stamps
    return locate(studio.catalogue[ANY_STYLE], studio.settings.weights, stamps=stamps)[0].parent


def training_threads() -> int:
    """Half of the cores: the page goes on beside it."""
    return max(1, (os.cpu_count() or 2) // 2)
