"""What lies in a film job's folder.

order.json      the film's name, and which settings of the server it is drawn with
film.*          the film as it came
parts/          what is drawn so far
made_with       what the parts were made with: other nets or programs begin again
published       id of the run that it became or was about to become
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import NotFound
from pipelines.video.given import ending_of
from pipelines.video.parts import PARTS

ORDER = "order.json"
SO_FAR = "-so-far.mp4"
"""Ending of what is put together for whoever asks in between."""


@dataclass(frozen=True)
class Order:
    """A film that was handed in; `name` is what it was called."""

    film: Path
    name: str
    visible_label: bool


def write_order(folder: Path, film: Path, name: str, visible_label: bool, move: bool) -> None:
    """Put the film into a new job's folder: copied, or moved with `move`. Raises OSError."""
    kept = f"film{ending_of(name)}"
    if move:
        shutil.move(os.fspath(film), folder / kept)
    else:
        shutil.copyfile(film, folder / kept)
    (folder / PARTS).mkdir()
    order = {"film": kept, "name": name, "visible_label": visible_label}
    (folder / ORDER).write_text(json.dumps(order, ensure_ascii=False), "utf-8")


def read_order(folder: Path) -> Order:
    """Read what was handed in. Raises NotFound when it is no longer kept."""
    try:
        found = json.loads((folder / ORDER).read_bytes())
        order = Order(folder / str(found["film"]), str(found["name"]), bool(found["visible_label"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _gone() from error
    if not order.film.is_file():
        raise _gone()
    return order


def forget_work(folder: Path) -> None:
    """Remove the film and its parts: the run has all that is needed."""
    with suppress(OSError):
        shutil.rmtree(folder / PARTS)
        for path in (*folder.glob("film*"), *folder.glob("*.partial"), *folder.glob(f"*{SO_FAR}")):
            path.unlink()


def _gone() -> NotFound:
    return NotFound("The job's film is no longer there.", "Start a new job with the same film.")
