"""Make a run in the history of a film that is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipelines.cartoon.cartoonize import MISSING_FACE_NOTE
from pipelines.cartoon.options import STYLES, CartoonOptions
from pipelines.cartoon.save import TASK
from pipelines.cartoon.wishes import read_wishes
from pipelines.credits import Net, describe_nets, name_nets
from pipelines.history import Draft, Run, RunInput
from pipelines.history.keeping import link_or_copy
from pipelines.history.writing import writing
from pipelines.labels import film_label
from pipelines.video import VideoInfo
from pipelines.video.given import DAMAGED_NOTE, SOUND_NOTE, ending_of
from pipelines.video.poster import choose_poster
from weights.manifest import sha256_of

RESULT = "cartoon.mp4"
NO_FACE_NOTE = "No face was found: the whole film was drawn in the style's background net."
SHORT, SHORT_SECONDS = 0.9, 0.5
"""Less than this share of what was announced, and so much shorter, is a film that was cut off; less than that
may be sound that goes on after the pictures."""
ALPHA_NOTE = "MP4 has no transparency: see-through parts stand on white."


@dataclass(frozen=True)
class Drawn:
    """What is to be said of a film that was drawn: its `frames`, the `faces` seen, whether it was `damaged`."""

    info: VideoInfo
    frames: int
    faces: int
    damaged: bool
    nets: tuple[Net, ...]
    seconds: float


def label_of(run_id: str, nets: tuple[Net, ...]) -> dict[str, Any]:
    """The AI label as VideoWriter and `join_films` take it."""
    label = film_label(TASK, run_id=run_id, model=name_nets(nets))
    return {"metadata": label.text, "xmp": label.xmp}


def save_film(
    draft: Draft,
    film: Path,
    name: str,
    options: CartoonOptions,
    drawn: Drawn,
    *,
    sound_kept: bool,
    more: Mapping[str, Any] | None = None,
) -> Run:
    """Save the draft, whose folder holds RESULT, with the film that it was made of and what is to be said.

    Raises DiskFull, OutputsUnwritable.
    """
    kept = f"input{ending_of(name)}"
    with writing(draft.folder.parent):
        link_or_copy(film, draft.folder / kept)
    settings = {key: value for key, value in asdict(options).items() if key != "format"}
    facts = {"frames": drawn.frames, "rate": str(drawn.info.rate)}
    return draft.save(
        inputs=[RunInput(name, sha256_of(film), drawn.info.width, drawn.info.height, kept)],
        settings={**settings, **facts, **(more or {})},
        model=describe_nets(drawn.nets),
        device=drawn.nets[0].device,
        timings={"total": round(drawn.seconds, 3)},
        results=[RESULT],
        notes=list_notes(options, drawn, sound_kept),
        thumbnail=choose_poster(draft.folder / RESULT),
    )


def list_notes(options: CartoonOptions, drawn: Drawn, sound_kept: bool) -> list[str]:
    """What is to be said beside the film."""
    wishes = read_wishes(options.faces, STYLES)
    notes = []
    if (wishes.every or wishes.named) and not drawn.faces:
        notes.append(NO_FACE_NOTE)
    elif drawn.faces:
        missing = sorted(number for number in wishes.named if number > drawn.faces)
        notes += [MISSING_FACE_NOTE.format(number, drawn.faces) for number in missing]
    if drawn.damaged or is_cut_off(drawn):
        notes.append(DAMAGED_NOTE.format(drawn.frames, max(drawn.frames, drawn.info.frames)))
    if not sound_kept:
        notes.append(SOUND_NOTE)
    if drawn.info.alpha:
        notes.append(ALPHA_NOTE)
    return notes


def is_cut_off(drawn: Drawn) -> bool:
    """Whether far fewer frames came than the film's header says."""
    missing = drawn.info.frames - drawn.frames
    return drawn.frames < SHORT * drawn.info.frames and missing > SHORT_SECONDS * drawn.info.rate
