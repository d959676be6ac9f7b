"""The pictures of a film in their order: a strip of thumbnails that the browser holds."""

from __future__ import annotations

import hashlib
import json
import shutil
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np

from pipelines.errors import BadInput, NotFound
from pipelines.image import Picture, encode_image, resize_to_fit
from pipelines.image_to_video.film_options import LONGEST, SHORTEST
from pipelines.image_to_video.motion import MOTIONS
from pipelines.image_to_video.sources import MOST, Given
from pipelines.studio import Studio
from ui.links import escape, link_to
from ui.previews import opacity, shrink_cutout, write_file
from ui.texts import Say
from ui.upload import plain_name
from ui.video_form import list_motions

SCRIPT = Path(__file__).with_name("video_strip.js")
STRIP = "video-strip"
WORDS = (
    "pictures", "count", "count.one", "clear", "hint", "item", "seconds", "motion", "same", "left", "right",
    "remove",
)  # fmt: skip
SHELL = (
    '<section class="ink-strip" hidden data-facts="{facts}"><header><span data-part="count"></span>'
    '<button type="button" data-act="clear"></button></header><div data-part="row" role="list"></div>'
    '<div data-part="own"></div><p class="ink-trouble" data-part="trouble" role="status"></p></section>'
)
"""Gradio fills its own templates, so there is no ${ and no double brace in it."""
THUMB, THUMBS = 160, "thumbs"
ADD, PICTURES, TROUBLE = "add", "pictures", "trouble"


@dataclass(frozen=True)
class Item:
    """A picture of the strip. `place` is its file, below the upload folder; `seconds` and `motion` are its own
    wishes, 0 and "" for the form's."""

    id: str
    place: str
    name: str
    thumb: str
    seconds: float = 0.0
    motion: str = ""


def build_strip(speak: Say) -> Any:
    """The component. Its value is {"pictures": [...]}; an output of {"add": [...]} puts more behind what is
    there."""
    words = [[name, _raw(speak, name)] for name in WORDS]
    facts = [words, list_motions(speak), [SHORTEST, LONGEST]]
    return gr.HTML(
        {PICTURES: []},
        html_template=SHELL.format(facts=escape(json.dumps(facts, ensure_ascii=False))),
        js_on_load=SCRIPT.read_text(encoding="utf-8"),
        apply_default_css=False,
        elem_id=STRIP,
    )


def _raw(speak: Say, name: str) -> str:
    """A text with its places still open: the browser fills them."""
    return speak(f"strip.{name}", **{each: "{" + each + "}" for each in ("count", "number", "name")})


def fill_strip(items: Iterable[Item]) -> dict[str, Any]:
    """The strip's value that shows these and no others."""
    return {PICTURES: [asdict(item) for item in items]}


def add_to_strip(items: Iterable[Item], trouble: str = "") -> dict[str, Any]:
    """The strip's value that adds these, and says what could not be added."""
    return {ADD: [asdict(item) for item in items], TROUBLE: trouble}


def take_in(studio: Studio, path: Path, name: str, uploads: Path) -> Item:
    """A picture that lies below the upload folder as an item of its own. Raises what `Studio.open` raises."""
    picture = studio.open(path, name)
    thumb = uploads / THUMBS / f"{picture.sha256[:24]}{'.png' if picture.alpha is not None else '.jpg'}"
    if thumb.exists():
        thumb.touch()  # what was not touched for a day is removed
    else:
        thumb.parent.mkdir(parents=True, exist_ok=True)
        write_file(thumb, draw_thumb(picture))
    place = path.resolve().relative_to(uploads.resolve()).as_posix()
    return Item(uuid.uuid4().hex[:12], place, plain_name(name, path.name), link_to(thumb))


def draw_thumb(picture: Picture) -> bytes:
    """The picture, small, see-through where it is."""
    if picture.alpha is None:
        return encode_image(resize_to_fit(picture.rgb, THUMB), None, format="jpeg", icc=picture.icc)
    rgb, alpha = shrink_cutout(picture.rgb, opacity(picture), THUMB)
    return encode_image(np.ascontiguousarray(rgb), alpha, format="png", icc=picture.icc)


def bring_in(studio: Studio, path: Path, name: str, uploads: Path) -> Item:
    """A picture from elsewhere, copied below the upload folder first. Raises what `Studio.open` raises."""
    mark = hashlib.sha256(str(path).encode()).hexdigest()[:12]
    kept = uploads / mark / path.name
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, kept)
    return take_in(studio, kept, name, uploads)


def read_strip(value: Any, uploads: Path) -> list[Item]:
    """The strip's pictures as the browser holds them.

    Raises BadInput for anything else, for files that are not uploads and for more than MOST.
    """
    given = value.get(PICTURES) if isinstance(value, Mapping) else None
    if not isinstance(given, list) or len(given) > MOST:
        raise BadInput("The pictures can't be read.", "Load the page again.")
    return [read_item(each, uploads) for each in given]


def read_item(given: Any, uploads: Path) -> Item:
    """One picture. Raises BadInput."""
    try:
        item = Item(**{name: given[name] for name in ("id", "place", "name", "thumb", "seconds", "motion")})
        seconds = float(item.seconds or 0)
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput("The pictures can't be read.", "Load the page again.") from error
    texts = (item.id, item.place, item.name, item.thumb, item.motion)
    wrong = not all(isinstance(text, str) for text in texts) or item.motion not in ("", *MOTIONS)
    if wrong or not (seconds == 0 or SHORTEST <= seconds <= LONGEST):
        raise BadInput("The pictures can't be read.", "Load the page again.")
    if find_file(item, uploads) is None:
        raise BadInput("That file did not come through an upload.", "Choose the file again.")
    return Item(item.id, item.place, item.name, item.thumb, seconds, item.motion)


def find_file(item: Item, uploads: Path) -> Path | None:
    """The picture's path below the upload folder, None where there is no such place."""
    try:
        path = (uploads / item.place).resolve()
    except (OSError, ValueError, RuntimeError):
        return None
    return path if item.place and path.is_relative_to(uploads.resolve()) else None


def find_files(items: Sequence[Item], uploads: Path) -> list[Given]:
    """The pictures as a film takes them. Raises NotFound for one that is no longer there."""
    found = [(item, find_file(item, uploads)) for item in items]
    gone = next((item for item, path in found if path is None or not path.is_file()), None)
    if gone is not None:
        raise NotFound(f"{gone.name} is no longer on the server.", "Remove it and add the file again.")
    return [Given(path, item.name) for item, path in found if path is not None]


def read_wishes(items: Sequence[Item], motion: str, seconds: float) -> dict[str, str]:
    """The options `motions` and `durations`: empty where no picture has its own."""
    motions = [item.motion or motion for item in items] if any(item.motion for item in items) else []
    lengths = [item.seconds or seconds for item in items] if any(item.seconds for item in items) else []
    return {"motions": ",".join(motions), "durations": ",".join(f"{each:g}" for each in lengths)}


def split_wishes(settings: Mapping[str, Any], number: int) -> tuple[float, str]:
    """The own seconds and movement of picture `number` in a film's settings; 0 and "" for the film's."""
    motions = [word for word in str(settings.get("motions", "")).split(",") if word]
    lengths = [word for word in str(settings.get("durations", "")).split(",") if word]
    motion = motions[number % len(motions)].strip() if motions else ""
    try:
        seconds = float(lengths[number % len(lengths)]) if lengths else 0.0
        own = 0.0 if seconds == float(settings.get("duration", 0)) else seconds
    except (TypeError, ValueError):
        own = 0.0
    return own, motion if motion in MOTIONS and motion != settings.get("motion") else ""
