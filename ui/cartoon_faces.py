"""The faces that were found: rows with what is wished for each, and numbered boxes over the photo."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import cv2
import gradio as gr
import numpy as np

from pipelines.cartoon.faces import Face
from pipelines.cartoon.options import STYLES
from pipelines.cartoon.preview import Sitting
from pipelines.cartoon.wishes import Wish, Wishes, read_wishes
from pipelines.errors import InvalidOption
from pipelines.image import encode_image
from ui.figures import say_count
from ui.texts import Say

SCRIPT = Path(__file__).with_name("cartoon_faces.js")
THUMB = 72
STRENGTHS = ("1", "0.8", "0.6", "0.4", "0.2")
AROUND = 0.25
"""A face's thumbnail shows so much of its size around it on each side."""


@dataclass(frozen=True)
class Row:
    """What is chosen for one face; "" for style and strength: as the whole picture."""

    number: int
    on: bool
    style: str = ""
    strength: str = ""


def build_rows(speak: Say) -> Any:
    """The component, not yet placed; it tells of changes by `select`."""
    return gr.HTML(
        render_rows(None, "all", speak),
        js_on_load=SCRIPT.read_text(encoding="utf-8"),
        apply_default_css=False,
        elem_id="cartoon-faces",
        render=False,
    )


def read_rows(data: Any) -> list[Row]:
    """The rows that the browser sends. Raises InvalidOption for anything else."""
    given = data if isinstance(data, list) else []
    try:
        rows = [
            Row(int(each["number"]), bool(each["on"]), str(each["style"]), str(each["strength"]))
            for each in given
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidOption("The choice of faces can't be read.", "Load the page again.") from error
    return rows


def write_wishes(rows: Sequence[Row]) -> str:
    """The option `faces` for some rows: as short as it can be said."""
    chosen = [row for row in rows if row.on]
    if rows and not chosen:
        return "off"
    if len(chosen) == len(rows):
        return ",".join(["all", *(_write_one(row) for row in chosen if row.style or row.strength)])
    return ",".join(_write_one(row) for row in chosen)


def _write_one(row: Row) -> str:
    style = f"={row.style}" if row.style else ""
    return f"{row.number}{style}{f'@{row.strength}' if row.strength else ''}"


def render_rows(sitting: Sitting | None, wishes: str, speak: Say) -> str:
    """The faces' list; a line of text where there is none."""
    title = f'<span class="ink-title">{speak("cartoon.faces")}</span>'
    if sitting is None or not sitting.faces:
        said = speak("faces.wait" if sitting is None else "faces.none")
        return f'<section class="ink-faces">{title}<p class="ink-hint">{said}</p></section>'
    wanted = read_wishes(wishes, STYLES)
    rows = "".join(_draw_row(face, sitting.rgb, wanted, speak) for face in sitting.faces)
    count = say_count("faces.found", len(sitting.faces), speak)
    return (
        f'<section class="ink-faces"><header>{title}<span class="ink-hint">{count}</span></header>'
        f"<ul>{rows}</ul></section>"
    )


def _draw_row(face: Face, rgb: np.ndarray, wishes: Wishes, speak: Say) -> str:
    wish = wishes.of(face.number)
    shown = wish or Wish()
    name = speak("faces.one", number=face.number)
    styles = [("", speak("faces.same_style")), *((style, speak(f"style.{style}")) for style in STYLES)]
    strength = "" if shown.strength is None else f"{shown.strength:g}"
    others = STRENGTHS if strength in ("", *STRENGTHS) else (strength, *STRENGTHS)
    strengths = [("", speak("faces.same_strength")), *((each, f"{float(each):.0%}") for each in others)]
    return (
        f'<li data-face="{face.number}"><label title="{name}">'
        f'<input type="checkbox" aria-label="{name}" {"checked" if wish else ""}>'
        f'<img src="{_cut_thumb(face, rgb)}" alt=""><b>{face.number}</b></label>'
        f"{_select('style', speak('faces.style', number=face.number), styles, shown.style)}"
        f"{_select('strength', speak('faces.strength', number=face.number), strengths, strength)}</li>"
    )


def _select(name: str, label: str, rows: Sequence[tuple[str, str]], chosen: str) -> str:
    options = "".join(
        f'<option value="{escape(value)}" {"selected" if value == chosen else ""}>{escape(text)}</option>'
        for value, text in rows
    )
    return f'<select data-name="{name}" aria-label="{escape(label)}">{options}</select>'


def _cut_thumb(face: Face, rgb: np.ndarray) -> str:
    left, top, width, height = face.box
    side = max(width, height) * (1 + 2 * AROUND)
    x, y = left + width / 2, top + height / 2
    matrix = np.array([[1, 0, side / 2 - x], [0, 1, side / 2 - y]]) * THUMB / side
    thumb = cv2.warpAffine(
        rgb, matrix, (THUMB, THUMB), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    data = base64.b64encode(encode_image(thumb, None, format="jpeg")).decode()
    return f"data:image/jpeg;base64,{data}"


def render_marks(sitting: Sitting, wishes: str, speak: Say) -> str:
    """Numbered boxes with their points, to lie over the photo; a click on one is a click in its row."""
    height, width = sitting.rgb.shape[:2]
    wanted = read_wishes(wishes, STYLES)
    boxes = "".join(
        _draw_box(face, wanted.of(face.number) is not None, width, height, speak) for face in sitting.faces
    )
    return f'<div class="ink-marks">{boxes}</div>'


def _draw_box(face: Face, on: bool, width: int, height: int, speak: Say) -> str:
    left, top, wide, high = face.box
    points = "".join(
        f'<i style="left:{(x - left) / wide:.2%};top:{(y - top) / high:.2%}"></i>' for x, y in face.points
    )
    place = (
        f"left:{left / width:.3%};top:{top / height:.3%};width:{wide / width:.3%};height:{high / height:.3%}"
    )
    name = speak("faces.one", number=face.number)
    return (
        f'<button type="button" data-mark="{face.number}" aria-pressed="{str(on).lower()}" '
        f'aria-label="{name}" style="{place}"><b>{face.number}</b>{points}</button>'
    )
