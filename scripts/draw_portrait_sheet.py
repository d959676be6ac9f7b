"""Draw docs/portraits.png: photo, u2netp's cut-out and the portrait net's, on green and on black.

`python -m scripts.draw_portrait_sheet [PHOTO...]`; without photos NASA's portrait of Eileen Collins, which is in
the public domain and comes with scikit-image (`pip install scikit-image`), whole, close up and turned.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

from pipelines.cartoon.sheet import draw_sheet
from pipelines.device import Device
from pipelines.image import encode_image, open_image
from pipelines.matting.compose import lay_over
from pipelines.matting.find import find_matte
from pipelines.matting.foreground import estimate_foreground
from pipelines.matting.refine import refine_alpha
from weights.catalogue import Catalogue
from weights.store import ModelStore

OUT = Path(__file__).resolve().parents[1] / "docs" / "portraits.png"
SIDE = 300
GROUNDS = {"green": (0, 200, 60), "black": (0, 0, 0)}


def main(paths: list[str]) -> None:
    """Read the photos, cut each out with both nets, write the sheet."""
    photos = [open_image(Path(path), max_pixels=1 << 28).rgb for path in paths] or own_photos()
    tiles: dict[str, np.ndarray] = {}
    with tempfile.TemporaryDirectory() as folder:
        store = ModelStore(Catalogue(), Path(folder), Device("cpu", "cpu"))
        for number, photo in enumerate(photos, 1):
            tiles[f"{number}"] = to_tile(photo)
            for model in ("u2netp", "portrait"):
                for name, colour in GROUNDS.items():
                    tiles[f"{number} {model} on {name}"] = to_tile(cut(photo, model, colour, store))
    OUT.write_bytes(encode_image(draw_sheet(tiles, columns=5), None, format="png"))
    print(OUT)


def own_photos() -> list[np.ndarray]:
    """The astronaut: whole, close up, turned and in black and white."""
    whole = importlib.import_module("skimage.data").astronaut()
    close = cv2.resize(whole[20:230, 120:330], None, fx=2.4, fy=2.4, interpolation=cv2.INTER_CUBIC)
    matrix = cv2.getRotationMatrix2D((200, 200), 25, 1.25)
    turned = cv2.warpAffine(
        np.ascontiguousarray(whole[:400, 60:460]),
        matrix,
        (400, 400),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REFLECT,
    )
    grey = np.repeat(cv2.cvtColor(whole[:360, 60:420], cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)
    return [whole, close, turned, grey]


def cut(rgb: np.ndarray, model: str, colour: tuple[int, int, int], store: ModelStore) -> np.ndarray:
    """A net's cut-out, edges drawn finely, over one colour."""
    matte = find_matte(rgb, model, store)
    alpha = refine_alpha(rgb, matte.alpha, "fine", matte.map_side).alpha
    front = estimate_foreground(rgb, alpha, "fine", 1.0)
    ground = np.array(colour, np.uint8).reshape(1, 1, 3)
    return lay_over(front, np.rint(alpha * 255).astype(np.uint8), ground)


def to_tile(rgb: np.ndarray) -> np.ndarray:
    """At most SIDE px a side, in the middle of a grey square."""
    scale = SIDE / max(rgb.shape[:2])
    size = [max(1, round(side * scale)) for side in rgb.shape[1::-1]]
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    tile = np.full((SIDE, SIDE, 3), 128, np.uint8)
    top, left = (SIDE - small.shape[0]) // 2, (SIDE - small.shape[1]) // 2
    tile[top : top + small.shape[0], left : left + small.shape[1]] = small
    return tile


if __name__ == "__main__":
    main(sys.argv[1:])
