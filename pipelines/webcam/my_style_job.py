"""A style trained as a job: in a process of its own, gone on with after a stop, kept as a run and as a look."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from pipelines.history import Draft, Run
from pipelines.history.keeping import link_or_copy
from pipelines.history.writing import writing
from pipelines.image import encode_image, open_image, resize_to_fit
from pipelines.jobs.publishing import JOB_KEY, note_published, publish_once
from pipelines.jobs.work import Ending, Work
from pipelines.labels import ai_label
from pipelines.version import VERSION
from pipelines.webcam.live_credit import TASK
from pipelines.webcam.my_style import find_teacher, training_threads
from pipelines.webcam.my_style_child import run_child
from pipelines.webcam.my_style_files import (
    PHOTOS,
    RUN,
    SHOWN,
    count_given,
    count_photos,
    forget_training,
    read_given,
)
from pipelines.webcam.my_style_options import STEPS
from pipelines.webcam.my_style_photos import prepare_photos
from pipelines.webcam.my_style_progress import read_steps
from pipelines.webcam.own_styles import OwnStyles
from pipelines.webcam.trained_styles import TrainedStyles

if TYPE_CHECKING:
    from pipelines.studio import Studio

NET, PREVIEW = "style.onnx", "preview.png"
FEW = 24
"""Photos below which half of what is practised on is made up."""
PREVIEW_SIDE = 640
SIDE, COUNT, GPU_SIDE, GPU_COUNT = 192, 2, 256, 16
FEW_NOTE = (
    "Trained on {photos} pictures of yours and on made-up ones. With more photos in the history, or handed in, "
    "it will paint better."
)
UNREAD_NOTE = "Photos that could not be read and were left out: {count}."
SHEETS = 12
"""Sample sheets in one training."""
MODEL = {
    "id": "my-style",
    "title": "Own style",
    "version": VERSION,
    "licence": "Apache-2.0",
    "source": "trained",
}


def do_my_style(studio: Studio, work: Work) -> Ending:
    """Train what is left and make a run of it. See `pipelines.jobs.desk.Kind`."""
    return publish_once(studio.history, work, lambda: train_style(studio, work), forget_training)


def train_style(studio: Studio, work: Work) -> Run:
    """Train what is left, write the net, and keep it as the style's.

    Raises Stopped, TrainingFailed, OutOfMemory, NotFound, ModelMissing, DiskFull, OutputsUnwritable, InvalidOption
    where another picture has taken the style's name.
    """
    folder, steps = work.folder, STEPS[str(work.job.settings["effort"])]
    painting, given = read_given(folder)
    prepare_photos(studio, work)
    run_child(training_command(studio, folder, painting, steps), work, lambda: tell_steps(work, steps))
    work.tell(done=steps, total=steps, current="Writing the net")
    run_child([*python("export_style"), str(folder / NET), "--checkpoint", str(checkpoint(folder))], work)
    # it is there, unless it was removed while the training stood still
    OwnStyles(studio).keep(studio.open(painting), str(work.job.settings["name"]))
    name = TrainedStyles(studio).add(str(work.job.settings["name"]), folder / NET)
    with studio.history.draft(TASK) as draft, writing(studio.settings.outputs):
        note_published(folder, draft.id)
        link_or_copy(painting, draft.folder / given.file)
        link_or_copy(folder / NET, draft.folder / NET)
        preview = draw_preview(studio, name, folder)
        save_preview(draft, preview)
        photos = count_photos(folder)
        return draft.save(
            inputs=[given],
            settings={
                "name": name,
                "effort": work.job.settings["effort"],
                "photos": photos,
                JOB_KEY: work.job.id,
            },
            model=MODEL,
            device=studio.device.kind,
            timings={"total": round(work.job.seconds, 3)},
            results=[PREVIEW, NET],
            notes=tell_photos(photos, count_given(folder)),
            thumbnail=preview,
        )


def tell_photos(photos: int, given: int) -> list[str]:
    """What a person should know of what was practised on."""
    few = [FEW_NOTE.format(photos=photos)] if photos < FEW else []
    return [*few, *([UNREAD_NOTE.format(count=given - photos)] if photos < given else [])]


def python(module: str) -> list[str]:
    """The command that runs a module of training."""
    return [sys.executable, "-m", f"training.{module}"]


def checkpoint(folder: Path) -> Path:
    """Where training leaves its last state."""
    return folder / RUN / "latest.pt"


def training_command(studio: Studio, folder: Path, painting: Path, steps: int) -> list[str]:
    """The training as a command; it goes on from the folder's checkpoint where there is one."""
    on_gpu, photos = studio.device.kind == "cuda", count_photos(folder)
    base = studio_base()
    return [
        *python("train_style"),
        *("--styles", str(painting), "--run", str(folder / RUN), "--teacher", str(find_teacher(studio))),
        *(("--photos", str(folder / PHOTOS)) if photos else ()),
        *("--made", "0" if photos >= FEW else "0.5" if photos else "1"),
        *(("--base", str(base)) if base else ()),
        *("--steps", str(steps), "--cool", str(steps // 4), "--lead", str(steps)),
        *("--side", str(GPU_SIDE if on_gpu else SIDE), "--count", str(GPU_COUNT if on_gpu else COUNT)),
        *("--device", studio.device.kind, "--threads", str(training_threads())),
        *("--log-every", "5", "--save-minutes", "2", "--parent", str(os.getpid())),
        *("--sheet-every", str(max(1, steps // SHEETS)), "--shown", str(folder / SHOWN)),
    ]


def studio_base() -> Path | None:
    """A trained net to start from, where the app comes with one."""
    from weights.files import BUILTIN

    path = BUILTIN / NET
    return path if path.is_file() else None


def tell_steps(work: Work, steps: int) -> None:
    """Tell how many of the steps the training's own log says are done."""
    done = min(steps, read_steps(work.folder))
    work.tell(
        done=done, total=steps, message="", hint="", current="Learning the strokes" if done else "Starting"
    )


def draw_preview(studio: Studio, name: str, folder: Path) -> np.ndarray:
    """The first picture of the sample sheets beside itself in the new style."""
    source = next(iter(sorted((folder / SHOWN).glob("*"))), None) or read_given(folder)[0]
    rgb = resize_to_fit(open_image(source, max_pixels=studio.settings.max_pixels).rgb, PREVIEW_SIDE)
    painted = TrainedStyles(studio).open(name).draw(np.ascontiguousarray(rgb))
    return np.asarray(cv2.hconcat([np.ascontiguousarray(rgb), painted]), np.uint8)


def save_preview(draft: Draft, preview: np.ndarray) -> None:
    """Add the example, RGB uint8 HWC, with its AI label. Raises DiskFull, OutputsUnwritable."""
    label = ai_label("style", run_id=draft.id, model=MODEL["title"])
    draft.add(PREVIEW, encode_image(preview, None, format="png", xmp=label.xmp, text=label.text))
