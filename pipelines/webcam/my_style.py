"""A user's picture as a style with a net of its own: what it takes here, and how it is asked for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import BadInput, DeviceUnavailable, InkframeError, InvalidOption
from pipelines.image import Picture
from pipelines.jobs.job import Job
from pipelines.webcam.in_training import KIND, find_training
from pipelines.webcam.my_style_files import fill_folder
from pipelines.webcam.my_style_options import STEPS, MyStyleOptions
from pipelines.webcam.names import clean_name
from pipelines.webcam.own_styles import ANY_STYLE, OwnStyles
from pipelines.webcam.trained_styles import TrainedStyles
from weights.files import locate

if TYPE_CHECKING:
    from pipelines.studio import Studio

NEEDED = {"training": "training", "torch": "PyTorch", "onnx": "onnx"}
"""Modules that training imports, and what a person calls them."""
CPU_SECONDS, GPU_SECONDS = 0.75, 0.12
"""Of one step: measured on one core of a server's processor, reckoned for a data-centre GPU with its larger
pieces."""
SLOW_MINUTES = 10
SHORTEST, NARROWEST = 64, 6
"""Px of a picture's shorter side, and how many times as long the longer one may be."""
MOST_JOBS = 100
"""Trainings, of the newest, that are looked through for one that tells how fast this machine is."""


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
    minutes = steps * (measure_step(studio) or (GPU_SECONDS if on_gpu else CPU_SECONDS)) / 60
    note = ""
    if not on_gpu and minutes > SLOW_MINUTES:
        note = f"There is no GPU: this takes about {minutes:.0f} minutes of a processor core, and the rest is slower."
    return TrainingPlan(studio.device.kind, steps, minutes, note)


def measure_step(studio: Studio) -> float:
    """Seconds that a step took in the last training on this machine, 0 where there was none."""
    done = (
        job for job in studio.jobs.list(KIND, MOST_JOBS) if job.status == "done" and job.done and job.seconds
    )
    return next((job.seconds / job.done for job in done), 0.0)


def submit_my_style(
    studio: Studio, picture: Picture, options: MyStyleOptions, photos: Sequence[Path] = ()
) -> Job:
    """Queue the training. `photos` is what it practises on; where there are none, pictures of the history. The
    picture is a style at once, by the net that paints in the manner of any picture, until its own net takes over.

    Raises InvalidOption for a name that does not fit, is another picture's or is being trained, BadInput for a
    picture that is too small, DeviceUnavailable, ModelMissing, ModelDamaged, DiskFull, OutputsUnwritable.
    """
    name = clean_name(options.name)
    _check_free(studio, name)
    _check_sides(picture)
    plan = plan_training(studio, options)
    find_teacher(studio)

    def fill(folder: Path) -> int:
        fill_folder(folder, studio.history, picture, photos)
        return plan.steps

    own = OwnStyles(studio)
    new = own.keep(picture, name)
    try:
        return studio.jobs.submit(KIND, name, {"name": name, "effort": options.effort}, fill)
    except InkframeError:
        if new:
            own.remove(name)
        raise


def _check_free(studio: Studio, name: str) -> None:
    """Raise InvalidOption for a name whose net is there, or on its way."""
    if name.casefold() in (known.casefold() for known in TrainedStyles(studio).list()):
        raise InvalidOption(
            f"There is a trained style called {name!r}.", "Choose another name, or remove that one."
        )
    if find_training(studio, name) is not None:
        raise InvalidOption(
            f"{name!r} is being trained already.", "Wait for it, cancel it, or choose another name."
        )


def _check_sides(picture: Picture) -> None:
    """Raise BadInput for a picture that has too little of a hand in it."""
    shorter, longer = sorted((picture.width, picture.height))
    if shorter < SHORTEST or longer > shorter * NARROWEST:
        raise BadInput(
            f"No style can be learnt from a picture of {picture.width}x{picture.height} pixels.",
            f"Give one of at least {SHORTEST} pixels a side that is not longer than {NARROWEST} times its width.",
        )


def find_teacher(studio: Studio) -> Path:
    """Folder of the net that training asks for a first idea of the look. Raises ModelMissing, ModelDamaged."""
    stamps = studio.downloads.stamps
    return locate(studio.catalogue[ANY_STYLE], studio.settings.weights, stamps=stamps)[0].parent


def training_threads() -> int:
    """Half of the cores: the page goes on beside it."""
    return max(1, (os.cpu_count() or 2) // 2)
