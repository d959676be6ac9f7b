"""Each style's picture above its name: at first an example's, then the visitor's own photo."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import cv2
import gradio as gr
import numpy as np

from pipelines.cartoon.faces import Face
from pipelines.cartoon.options import STYLES, CartoonOptions
from pipelines.cartoon.preview import Sitting, draw_sitting, scale_faces
from pipelines.errors import ModelMissing
from pipelines.image import encode_image
from ui.examples import FOLDER
from ui.links import escape, link_to
from weights.store import ModelStore

FILE = FOLDER / "styles.jpg"
"""The styles side by side in their order, squares; scripts/draw_style_swatches.py draws it."""
SIDE, DRAWN = 144, 224
"""Px of a square as it is shown (on a screen with two px for one), and as it is drawn."""
AROUND = 2.4
"""A face's square is so many times as wide as the face."""


def build_swatches() -> Any:
    """The component that tells the style sheet where the pictures are."""
    return gr.HTML(show_swatches(), apply_default_css=False, elem_id="cartoon-swatches")


def show_swatches(strip: np.ndarray | None = None) -> str:
    """Its value for a strip of squares; None: the example's."""
    if strip is None:
        address = escape(link_to(FILE))
    else:
        data = base64.b64encode(encode_image(strip, None, format="jpeg")).decode()
        address = f"data:image/jpeg;base64,{data}"
    return f'<style>#cartoon-style {{ --styles: url("{address}"); }}</style>'


def draw_strip(sitting: Sitting, net: str, store: ModelStore) -> np.ndarray | None:
    """The sitter's face, or the picture's middle, in every style side by side; uint8 RGB.

    A style that no net here can draw shows the photo itself in grey; None where that is all of them. Raises
    ModelDamaged, OutOfMemory.
    """
    small = cut_out_square(sitting)
    squares, drawn = [], 0
    for style in STYLES:
        try:
            rgb = draw_sitting(small, CartoonOptions(style=style, net=net), store).rgb
            drawn += 1
        except ModelMissing:
            rgb = np.repeat(cv2.cvtColor(small.rgb, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)
        squares.append(cv2.resize(rgb, (SIDE, SIDE), interpolation=cv2.INTER_AREA))
    return np.hstack(squares) if drawn else None


def cut_out_square(sitting: Sitting) -> Sitting:
    """The largest face with what is around it, or the picture's middle, as a square of DRAWN px."""
    height, width = sitting.rgb.shape[:2]
    face = max(sitting.faces, key=lambda face: face.box[2], default=None)
    side, middle = min(height, width), (width / 2, height / 2)
    if face is not None:
        left, top, wide, high = face.box
        side = round(min(side, AROUND * max(wide, high)))
        middle = (left + wide / 2, top + high / 2)
    left, top = (
        round(min(max(centre - side / 2, 0), whole - side))
        for centre, whole in zip(middle, (width, height), strict=True)
    )
    square = sitting.rgb[top : top + side, left : left + side]
    rgb = cv2.resize(square, (DRAWN, DRAWN), interpolation=cv2.INTER_AREA)
    faces = [move_face(each, left, top) for each in ([face] if face else [])]
    moved = scale_faces(faces, DRAWN / side)
    return replace(sitting, rgb=rgb, alpha=None, faces=moved, shrunk=1.0)


def move_face(face: Face, left: float, top: float) -> Face:
    """The same face, the first, on a picture cut at that corner."""
    box = (face.box[0] - left, face.box[1] - top, face.box[2], face.box[3])
    return replace(face, number=1, box=box, points=face.points - [left, top])
