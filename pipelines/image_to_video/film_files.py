"""What lies in a film job's folder.

order.json      what was handed in, and which settings of the server it is drawn with
pictures/       the pictures as they came
music.*         the music, if any
parts/          what is drawn so far, of a format that is written in parts
made_with       what the parts were made with: other programs or pictures begin again
published       id of the run that it became or was about to become
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from pipelines.errors import NotFound
from pipelines.image_to_video.sources import Given
from pipelines.video.parts import PARTS

ORDER, PICTURES = "order.json", "pictures"
SO_FAR = "so-far"


@dataclass(frozen=True)
class Order:
    """What a film is to be made of."""

    pictures: Sequence[Given]
    music: Given | None = None
    visible_label: bool = False


def write_order(folder: Path, order: Order, *, move: bool) -> None:
    """Put all that was handed in into a new job's folder: copied, or moved with `move`. Raises OSError."""
    (folder / PICTURES).mkdir()
    (folder / PARTS).mkdir()
    keep = shutil.move if move else shutil.copyfile
    pictures = []
    for number, given in enumerate(order.pictures, 1):
        kept = f"{PICTURES}/{number:04d}"
        keep(given.path, folder / kept)
        pictures.append({"file": kept, "name": given.name})
    music = None
    if order.music is not None:
        music = {"file": f"music{ending_of(order.music.name)}", "name": order.music.name}
        keep(order.music.path, folder / music["file"])
    text = {"pictures": pictures, "music": music, "visible_label": order.visible_label}
    (folder / ORDER).write_text(json.dumps(text, ensure_ascii=False), "utf-8")


def read_order(folder: Path) -> Order:
    """Read what was handed in. Raises NotFound when it is no longer kept."""
    try:
        found = json.loads((folder / ORDER).read_bytes())
        pictures = [_read_given(folder, each) for each in found["pictures"]]
        music = _read_given(folder, found["music"]) if found["music"] else None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotFound("The job's pictures are no longer there.", "Start a new film with them.") from error
    return Order(pictures, music, bool(found["visible_label"]))


def forget_work(folder: Path) -> None:
    """Remove pictures, music and parts: the run has all that is needed."""
    for part in (PARTS, PICTURES):
        shutil.rmtree(folder / part, ignore_errors=True)
    with suppress(OSError):
        for path in (*folder.glob("music*"), *folder.glob(f"{SO_FAR}*"), *folder.glob(".*.partial")):
            path.unlink()


def ending_of(name: str) -> str:
    """A file name's ending, if it is a plain one."""
    ending = PurePath(name).suffix.lower()
    return ending if ending[1:].isalnum() and ending.isascii() and len(ending) <= 6 else ""


def _read_given(folder: Path, found: dict[str, Any]) -> Given:
    return Given(folder / str(found["file"]), str(found["name"]))
