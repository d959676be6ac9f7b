"""Make a run in the history of a film that is written."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.credits import Net, describe_nets
from pipelines.history import Draft, Run, RunInput
from pipelines.history.keeping import link_or_copy
from pipelines.history.writing import writing
from pipelines.image_to_video.film import Film
from pipelines.image_to_video.film_files import Order, ending_of
from pipelines.image_to_video.formats import FORMATS
from pipelines.labels import Label, film_label
from pipelines.version import VERSION
from pipelines.video.poster import choose_poster
from weights.manifest import sha256_of

TASK = "video"
MODEL = {
    "id": "camera",
    "title": "Camera moves",
    "version": VERSION,
    "licence": "Apache-2.0",
    "source": "builtin",
}
POSTER_AT = 0.35


@dataclass(frozen=True)
class Made:
    """What is to be said of a film that was written: its `notes`, `seconds` of work, ffmpeg's `encoder`, the `nets`
    of its style."""

    notes: Sequence[str]
    seconds: float
    encoder: str
    nets: Sequence[Net] = ()


def name_result(film: Film) -> str:
    """The film's file in its run."""
    return f"film.{FORMATS[film.options.format].ending}"


def describe_model(nets: Sequence[Net]) -> dict[str, str]:
    """What run.json says of the camera, and of the nets of a style where there is one."""
    if not nets:
        return MODEL
    found = describe_nets(nets)
    joints = {"id": "+", "title": " + ", "version": "+"}
    return {name: joints.get(name, ", ").join([said, found[name]]) for name, said in MODEL.items()}


def label_of(run_id: str, nets: Sequence[Net] = ()) -> Label:
    """The AI label of a film by the camera and the nets of its style."""
    return film_label(TASK, run_id=run_id, model=describe_model(nets)["title"])


def save_film(
    draft: Draft, order: Order, film: Film, made: Made, more: Mapping[str, Any] | None = None
) -> Run:
    """Save the draft, whose folder holds the film, with all that it was made of.

    Raises DiskFull, OutputsUnwritable.
    """
    with writing(draft.folder.parent):
        inputs = keep_inputs(draft.folder, order, film)
    facts = {"frames": film.timeline.frames, "rate": str(film.timeline.rate), "made_with": made.encoder}
    size = {"made_width": film.size[0], "made_height": film.size[1]}
    return draft.save(
        inputs=inputs,
        settings={**asdict(film.options), **facts, **size, **(more or {})},
        model=describe_model(made.nets),
        device=made.nets[0].device if made.nets else "cpu",
        timings={"total": round(made.seconds, 3)},
        results=[name_result(film)],
        notes=list(made.notes),
        thumbnail=find_poster(draft.folder / name_result(film)),
    )


def keep_inputs(folder: Path, order: Order, film: Film) -> list[RunInput]:
    """Put pictures and music beside the film. Raises OSError."""
    inputs = []
    for number, source in enumerate(film.sources, 1):
        kept = f"picture-{number:03d}{ending_of(source.name)}"
        link_or_copy(source.path, folder / kept)
        inputs.append(RunInput(source.name, source.sha256, source.width, source.height, kept))
    if order.music is not None:
        kept = f"music{ending_of(order.music.name)}"
        link_or_copy(order.music.path, folder / kept)
        inputs.append(RunInput(order.music.name, sha256_of(order.music.path), 0, 0, kept))
    return inputs


def find_poster(path: Path) -> NDArray[np.uint8] | None:
    """One frame that stands for the film."""
    if path.suffix != ".zip":
        return choose_poster(path)
    with zipfile.ZipFile(path) as frames:
        names = frames.namelist()
        data = frames.read(names[int(POSTER_AT * len(names))])
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None:
        return None
    return cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGBA if pixels.shape[2] == 4 else cv2.COLOR_BGR2RGB)
