"""What the Matting tab does when something is pressed: plain functions of the studio and values."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from pipelines.errors import InvalidOption
from pipelines.history import Run
from pipelines.image import Picture
from pipelines.matting.options import MattingOptions
from pipelines.matting.save import CUTOUT, Look, cut_out_to_run, restyle_run
from pipelines.progress import Progress
from pipelines.studio import Studio
from ui.previews import Previews, View
from ui.run_facts import tell_facts
from ui.stage import Saved, Scene
from ui.translate import translate
from ui.upload import Upload

LOOK_OPTIONS = ("background", "blur", "crop", "margin", "format")


def cut(
    studio: Studio,
    previews: Previews,
    photo: Upload,
    picture: Upload | None,
    options: MattingOptions,
    progress: Progress,
) -> Run:
    """Cut a photo out and keep the run and its previews. Raises what `cut_out_to_run` raises."""
    opened = studio.open(photo.path, photo.name)
    background = open_background(studio, options, picture)
    studio.check_converted(options.model)
    with studio.gate.enter():
        run, made = cut_out_to_run(
            opened,
            options,
            studio.store,
            studio.history,
            background=background,
            visible_label=studio.settings.visible_label,
            progress=progress,
        )
    previews.keep(run, made)
    return run


def open_background(studio: Studio, options: MattingOptions, picture: Upload | None) -> Picture | None:
    """The background picture, where the options ask for one. Raises InvalidOption when it is missing."""
    if options.background != "picture":
        return None
    if picture is None:
        raise InvalidOption("No background picture was given.", "Add one, or choose another background.")
    return studio.open(picture.path, picture.name)


def look_at(
    studio: Studio, previews: Previews, run: Run, options: MattingOptions, picture: Upload | None
) -> View:
    """The view of a finished run with the look that the options ask for."""
    background = open_background(studio, options, picture)
    return previews.show(run, studio.history, Look.of(options, background, visible_label=False))


def make_file(studio: Studio, run: Run, options: MattingOptions, picture: Upload | None, kind: str) -> Path:
    """The file of a look and type in the run's folder: the one that is there, or a further one."""
    wanted = MattingOptions(**{**asdict(options), "format": kind})
    if Look.of(wanted, None, studio.settings.visible_label).is_plain:
        return studio.history.file(run.id, CUTOUT)
    if _is_main_result(run, wanted):
        return studio.history.file(run.id, run.results[0])
    background = open_background(studio, wanted, picture)
    with studio.gate.enter():
        made, name = restyle_run(
            run.id,
            wanted,
            studio.history,
            background=background,
            visible_label=studio.settings.visible_label,
        )
    return studio.history.file(made.id, name)


def _is_main_result(run: Run, wanted: MattingOptions) -> bool:
    asked = asdict(wanted)
    changed = [name for name in LOOK_OPTIONS if run.settings.get(name) != asked[name]]
    return not changed and wanted.background != "picture"


def restyled(run: Run, options: MattingOptions) -> MattingOptions:
    """The options that a run was made with, and the look that the form asks for now."""
    look = {name: getattr(options, name) for name in LOOK_OPTIONS}
    known = {name: value for name, value in run.settings.items() if name in asdict(options)}
    return MattingOptions(**{**known, **look})


def set_scene(run: Run, view: View, lang: str, saved: Saved | None) -> Scene:
    """A run on the stage."""
    notes = tuple(translate(note, lang) for note in run.notes)
    return Scene(view, tell_facts(run, lang), notes, saved)
