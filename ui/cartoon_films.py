"""Films that are drawn in the Cartoon tab."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pipelines.cartoon.film_job import submit_film
from pipelines.cartoon.film_run import RESULT
from pipelines.history import Run
from pipelines.jobs.job import Job
from pipelines.studio import Studio
from ui.cartoon_form import read_options
from ui.run_facts import save_as, tell_facts
from ui.stage import Scene
from ui.texts import Say
from ui.translate import translate
from ui.upload import Upload, need_film


def begin_film(studio: Studio, film: Upload | None, values: Sequence[Any], speak: Say) -> Job:
    """Start drawing a film with the form's values. Raises BadInput without one, TooLarge, and what
    `submit_film` does.

    The wishes for single faces are a photo's: for a film they only say whether faces are drawn.
    """
    film = need_film(film, studio.settings, speak)
    options = read_options(values)
    faces = "off" if options.faces == "off" else "all"
    return submit_film(studio, film.path, replace(options, faces=faces), name=film.name)


def is_film(run: Run) -> bool:
    """Whether a run's result is a film."""
    return run.results[:1] == (RESULT,)


def set_film(studio: Studio, run: Run, lang: str) -> Scene:
    """A film's run on the stage."""
    path = studio.history.file(run.id, RESULT)
    notes = tuple(translate(note, lang) for note in run.notes)
    return Scene(
        None, tell_facts(run, lang), notes, save_as(run, path, str(run.settings.get("style"))), film=path
    )
