"""What the Image → Video tab does when something is pressed: plain functions of the studio and values."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import BadInput, NotFound
from pipelines.history import Run
from pipelines.image_to_video.estimate import Estimate, estimate
from pipelines.image_to_video.film import lay_out, plan_film
from pipelines.image_to_video.film_files import Order
from pipelines.image_to_video.film_job import submit_film
from pipelines.image_to_video.film_options import VideoOptions
from pipelines.image_to_video.preview import Preview, preview
from pipelines.image_to_video.sources import Given, find_first
from pipelines.jobs.job import Job
from pipelines.studio import Studio
from ui.figures import show_bytes, show_span
from ui.previews import Previews
from ui.run_facts import save_as, tell_work
from ui.stage import MOVING, Scene
from ui.texts import Say, voice
from ui.translate import translate_all
from ui.upload import Upload, put_back
from ui.video_form import as_seen
from ui.video_strip import Item, find_files, split_wishes, take_in

ENDING = ".zip"


@dataclass(frozen=True)
class Wanted:
    """A film that is asked for: its pictures as the strip has them, and its options."""

    items: Sequence[Item]
    options: VideoOptions
    music: Upload | None = None

    @property
    def look(self) -> str:
        """Names all that a preview hangs on."""
        return _name([(item.place, item.name) for item in self.items], as_seen(self.options))

    @property
    def effort(self) -> str:
        """Names all that an estimate hangs on."""
        return _name([(item.place, item.name) for item in self.items], self.options)


def _name(*facts: object) -> str:
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:20]


def take_order(studio: Studio, wanted: Wanted, uploads: Path) -> Order:
    """The film's files. Raises NotFound for a picture that is gone."""
    music = Given(wanted.music.path, wanted.music.name) if wanted.music else None
    return Order(find_files(wanted.items, uploads), music, studio.settings.visible_label)


def begin_film(studio: Studio, wanted: Wanted, uploads: Path, speak: Say) -> Job:
    """Start making a film. Raises BadInput without a picture, NotFound for one that is gone, and what
    `submit_film` does."""
    if not wanted.items:
        raise BadInput(speak("video.missing"), speak("video.missing_hint"))
    return submit_film(studio, take_order(studio, wanted, uploads), wanted.options)


def try_out(studio: Studio, previews: Previews, wanted: Wanted, uploads: Path) -> Preview:
    """Make a preview. Raises what `preview` raises, NotFound, Busy."""
    order = take_order(studio, wanted, uploads)
    folder = previews.folder / f"film-{wanted.look}"
    folder.mkdir(parents=True, exist_ok=True)
    with studio.gate.enter():
        made = preview(studio, order, wanted.options, folder / "preview.mp4")
    previews.forget_oldest()
    return made


def weigh_up(studio: Studio, wanted: Wanted, uploads: Path) -> Estimate:
    """Estimate a film. Raises what `estimate` raises, NotFound, Busy."""
    order = take_order(studio, wanted, uploads)
    with studio.gate.enter():
        return estimate(studio, order, wanted.options)


def tell_plan(studio: Studio, wanted: Wanted, uploads: Path, speak: Say) -> str:
    """Length, size and rate of a film, known at once. Raises InvalidOption, TooLarge, NotFound, and what opening
    the first picture raises."""
    first = find_first(studio, find_files(wanted.items, uploads))
    options, minutes = wanted.options, studio.settings.max_film_minutes
    film, timeline = plan_film([first], options, minutes), lay_out(range(len(wanted.items)), options, minutes)
    length = show_length(float(timeline.seconds))
    return speak("plan.film", length=length, width=film.size[0], height=film.size[1], fps=options.fps)


def tell_effort(found: Estimate, speak: Say) -> str:
    """What a film takes."""
    return speak(
        "plan.work",
        time=show_span(max(1.0, found.work_seconds), speak),
        memory=show_bytes(found.memory_bytes),
        disk=show_bytes(found.disk_bytes),
    )


def show_length(seconds: float) -> str:
    """A film's length: "5.0", "125"."""
    return f"{seconds:.1f}" if seconds < 100 else f"{seconds:.0f}"


def set_trial(made: Preview, lang: str) -> Scene:
    """A preview on the stage."""
    speak = voice(lang)
    said = [speak("video.preview")]
    if made.seconds < made.whole - 0.1:
        whole = show_length(made.whole)
        said.append(speak("video.part", shown=show_length(made.seconds), whole=whole))
    notes = tuple(translate_all(note, lang) for note in made.notes if not note.startswith("The preview"))
    return Scene(None, " · ".join(said), notes, film=made.path, trial=True)


def set_film(studio: Studio, run: Run, lang: str, *, plays: bool = False) -> Scene:
    """A finished film on the stage. Raises NotFound."""
    path = studio.history.file(run.id, run.results[0])
    shown = path if path.suffix != ENDING else studio.history.file(run.id, run.thumbnail)
    notes = tuple(translate_all(note, lang) for note in run.notes)
    saved = save_as(run, path, name_film(run))
    return Scene(None, tell_film(run, lang), notes, saved, film=shown, plays=plays and path.suffix in MOVING)


def name_film(run: Run) -> str:
    """What became of the first input, for the name of a saved file."""
    several = sum(each.width > 0 for each in run.inputs) > 1
    return "film" if several else str(run.settings.get("motion") or Path(run.results[0]).stem)


def tell_film(run: Run, lang: str) -> str:
    """One line: time, model, device, size, length."""
    settings = run.settings
    size = f"{settings.get('made_width')}×{settings.get('made_height')}"
    frames, rate = int(settings.get("frames", 0)), str(settings.get("made_rate") or settings.get("rate", "1"))
    above, _, below = rate.partition("/")
    length = voice(lang)("video.fact", length=show_length(frames * float(below or 1) / float(above)))
    return tell_work(run.timings.get("total", 0.0), run.model, run.device, lang, size, length)


def bring_back(studio: Studio, run: Run, uploads: Path) -> tuple[list[Item], Upload | None]:
    """The pictures and the music of a film's run. Raises NotFound when they are gone."""
    items: list[Item] = []
    music = None
    for index, given in enumerate(run.inputs):
        found = put_back(studio.history, run, index, uploads)
        if found is None:
            raise NotFound("The run has no such file.", "Open the run again to see what it holds.")
        if given.width == 0:
            music = found
            continue
        item = take_in(studio, found.path, found.name, uploads)
        seconds, motion = split_wishes(run.settings, len(items))
        items.append(Item(item.id, item.place, item.name, item.thumb, seconds, motion))
    return items, music
