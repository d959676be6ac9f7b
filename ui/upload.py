"""Uploaded pictures as they came: their own bytes and name, never a path that a request made up.

Events that take a picture are registered with `preprocess=False`: Gradio's own reading opens the file with
Pillow first and may write it anew (EXIF, profile and 16 bits would be lost), and a text file would fail
before Inkframe can say what is wrong.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import BadInput, InvalidOption
from pipelines.history import History, Run
from pipelines.settings import Settings
from pipelines.video.given import check_bytes
from ui.texts import Say

LONGEST_NAME = 120
AGAIN = "again"
PICTURES, FILMS = (".png", ".webp", ".jpg"), (".mp4", ".webm", ".gif")


@dataclass(frozen=True)
class Upload:
    """A file in the page's upload folder, and what its owner calls it."""

    path: Path
    name: str


def read_upload(payload: Any, folder: Path) -> Upload | None:
    """The uploaded file of a Gradio payload, or None for none.

    Raises BadInput for anything that is not a file below `folder`, the upload folder.
    """
    if payload is None:
        return None
    given = payload if isinstance(payload, dict) else {}
    path = _resolve(given.get("path"))
    if path is None or not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise BadInput("That file did not come through an upload.", "Choose the file again.")
    name = given.get("orig_name")
    return Upload(path, plain_name(name if isinstance(name, str) else "", path.name))


def need_film(film: Upload | None, settings: Settings, speak: Say) -> Upload:
    """The film that was handed in. Raises BadInput where there is none, TooLarge for one over the limit."""
    if film is None:
        raise BadInput(speak("film.missing"), speak("film.missing_hint"))
    check_bytes(film.path, settings)
    return film


def put_back(history: History, run: Run, index: int, folder: Path) -> Upload | None:
    """A run's input as if it were uploaded again, under its own name; None where it is not kept.

    Raises NotFound when the run or its file is gone.
    """
    if index >= len(run.inputs) or not run.inputs[index].file:
        return None
    given = run.inputs[index]
    kept = history.file(run.id, given.file)
    place = folder / AGAIN / run.id / str(index)
    place.mkdir(parents=True, exist_ok=True)
    path = place / plain_name(given.name, kept.name)
    shutil.copyfile(kept, path)
    return Upload(path, path.name)


def is_moving(run: Run) -> bool:
    """Whether a run's main result is a film."""
    return bool(run.results) and Path(run.results[0]).suffix.lower() in FILMS


def hand_over(history: History, run: Run, folder: Path, endings: Sequence[str] = PICTURES) -> Upload:
    """A run's main result as if it were uploaded, under the input's name.

    Raises NotFound when it is gone, InvalidOption when it is no picture.
    """
    name = run.results[0] if run.results else ""
    ending = Path(name).suffix.lower()
    if ending not in endings:
        raise InvalidOption("This run made no picture that could be sent on.", "Choose a run of one picture.")
    kept = history.file(run.id, name)
    place = folder / AGAIN / run.id / "result"
    place.mkdir(parents=True, exist_ok=True)
    stem = Path(run.inputs[0].name).stem if run.inputs else run.id
    path = place / plain_name(f"{stem}{ending}", kept.name)
    shutil.copyfile(kept, path)
    return Upload(path, path.name)


def plain_name(name: str, otherwise: str) -> str:
    """A file name without folders or control characters, of bearable length."""
    last = "".join(each for each in name.replace("\\", "/").split("/")[-1] if each.isprintable())
    stem, dot, ending = last.rpartition(".")
    if len(last) > LONGEST_NAME:
        last = f"{stem[: LONGEST_NAME - 10]}{dot}{ending[:9]}"
    return last if last.strip(". ") else otherwise


def _resolve(path: Any) -> Path | None:
    try:
        return Path(path).resolve() if isinstance(path, str) and path else None
    except (OSError, ValueError):
        return None
