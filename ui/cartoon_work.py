"""What the Cartoon tab does when something is pressed: plain functions of the studio and values."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.cartoon.cartoonize import Cartoon
from pipelines.cartoon.convert import convert_run
from pipelines.cartoon.options import CartoonOptions
from pipelines.cartoon.preview import Sitting, draw_sitting, sit
from pipelines.cartoon.save import cartoonize_to_run, sheet_to_run
from pipelines.credits import describe_nets
from pipelines.history import Run
from pipelines.progress import Progress
from pipelines.studio import Studio
from ui.cartoon_faces import render_marks
from ui.cartoon_previews import is_sheet, keep_drawing, keep_trial, show_drawing
from ui.previews import Previews
from ui.run_facts import save_as, tell_facts, tell_work
from ui.stage import Scene
from ui.texts import voice
from ui.translate import translate
from ui.upload import Upload

GO = "cartoon-go"
TRIAL_SIDE = 1024


@dataclass(frozen=True)
class Posed:
    """A photo with its faces found: what the numbers of faces belong to."""

    sha256: str
    size: float
    sitting: Sitting


def pose(studio: Studio, photo: Upload, size: float, before: Posed | None) -> Posed:
    """Find the photo's faces, or take what was found `before` in the same one. Raises what `sit` raises."""
    sha256 = hashlib.sha256(photo.path.read_bytes()).hexdigest()
    if before is not None and (before.sha256, before.size) == (sha256, size):
        return before
    picture = studio.open(photo.path, photo.name)
    return Posed(sha256, size, sit(picture, size, TRIAL_SIDE, studio.store))


def cartoonize_photo(
    studio: Studio, previews: Previews, photo: Upload, options: CartoonOptions, progress: Progress
) -> Run:
    """Draw a photo and keep the run and its previews. Raises what `cartoonize_to_run` raises."""
    picture = studio.open(photo.path, photo.name)
    with studio.gate.enter():
        run, made = cartoonize_to_run(
            picture,
            options,
            studio.store,
            studio.history,
            visible_label=studio.settings.visible_label,
            progress=progress,
        )
    keep_drawing(previews, run, made, picture)
    return run


def draw_all_styles(
    studio: Studio, previews: Previews, photo: Upload, options: CartoonOptions, progress: Progress
) -> Run:
    """Draw a photo in every style on one sheet and keep the run. Raises what `sheet_to_run` raises."""
    picture = studio.open(photo.path, photo.name)
    faces = "off" if options.faces == "off" else "all"  # a face with a style of its own would not change
    with studio.gate.enter():
        return sheet_to_run(
            picture,
            replace(options, faces=faces),
            studio.store,
            studio.history,
            visible_label=studio.settings.visible_label,
            progress=progress,
        )


def try_out(studio: Studio, previews: Previews, posed: Posed, options: CartoonOptions, lang: str) -> Scene:
    """A drawing to look at, small and not kept. Raises ModelMissing, ModelDamaged, OutOfMemory, Busy."""
    with studio.gate.enter():
        made: Cartoon = draw_sitting(posed.sitting, options, studio.store)
    view = keep_trial(previews, made, posed.sitting.icc, posed.sha256)
    nets = describe_nets(made.nets)
    facts = tell_work(made.timings["total"], nets, made.nets[0].device, lang)
    said = f"{voice(lang)('cartoon.trial')} · {facts}"
    marks = render_marks(posed.sitting, options.faces, voice(lang))
    return Scene(view, said, keep=GO, marks=marks)


def set_scene(studio: Studio, previews: Previews, run: Run, posed: Posed, lang: str) -> Scene:
    """A run on the stage."""
    view = show_drawing(previews, run, studio.history)
    notes = tuple(translate(note, lang) for note in run.notes)
    faces = str(run.settings.get("faces", "all"))
    marks = "" if is_sheet(run) else render_marks(posed.sitting, faces, voice(lang))
    saved = save_as(run, studio.history.file(run.id, run.results[0]), name_style(run))
    return Scene(view, tell_facts(run, lang), notes, saved, marks=marks)


def make_file(studio: Studio, run: Run, kind: str) -> Path:
    """The run's result as a type of file: the one that is there, or a further one."""
    with studio.gate.enter():
        return convert_run(run, kind, studio.history)


def name_style(run: Run) -> str:
    """What the photo became, for the name of a saved file."""
    if is_sheet(run):
        return "all-styles"
    return "-".join(filter(None, (str(run.settings.get(each) or "") for each in ("style", "style_b"))))
