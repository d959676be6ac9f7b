"""Cartoon: the net that comes with the app beside the published nets, how fast, how alike, how steady.

`--data DIR` is a folder of photos, of people and of places. The published nets are taken from the test data or,
as training takes them, from a folder that INKFRAME_TEACHERS names. Photos that training saw are left out.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from benchmarks.data import DATA, find_data
from benchmarks.likeness import psnr, ssim
from benchmarks.table import Report
from pipelines.cartoon.cartoonize import draw
from pipelines.cartoon.faces import find_faces
from pipelines.cartoon.options import STYLES, CartoonOptions
from pipelines.cartoon.painters import BUILTIN, BuiltinPainter, Painter, Shares
from pipelines.cartoon.tiles import draw_in_tiles
from pipelines.cartoon.wishes import Wish
from pipelines.device import Device
from pipelines.settings import ROOT
from training.cartoon_crops import Source, read_photo
from training.cartoon_pairs import find_sources, show_held_back
from training.cartoon_targets import PARTS, Part
from training.cartoon_teachers import Teacher, find_file, open_teacher, open_teachers
from training.folders import HELD_BACK, HELD_BACK_SCENES, find_pictures, read_names
from training.still_flicker import NOISE, measure_changes
from weights.catalogue import Catalogue
from weights.nets.cartoon_net import CartoonNet
from weights.store import ModelStore

FOLDERS = ("portraits", "portraits_more", "scenes/kodak")
SIZES = ((384, 288), (512, 512), (1280, 720))
RUNS, QUICK_RUNS = 15, 3
PHOTOS, QUICK_PHOTOS = 24, 2
"""At most so many of each part."""
FRAMES, QUICK_FRAMES = 60, 4
"""Of a still clip."""
PORTRAIT, PORTRAIT_RUNS = (1280, 960), 3
PORTRAIT_TITLE = "portrait 1280x960, faces to finish"
ONLY = ("speed", "quality", "flicker")
Draw = Callable[[np.ndarray], np.ndarray]
PUBLISHED = "published, by the catalogue"
STYLE = "3d"
"""Where one style stands for all: the nets are alike but for their numbers."""


def run(data: Path | None, *, quick: bool = False, only: str | None = None) -> Report:
    """`speed`, `quality` and `flicker`; what needs the published nets or photos is left out, and said, without."""
    report = Report()
    folder, photos = find_teachers(), find_photos(data)
    with tempfile.TemporaryDirectory() as cache:
        store = ModelStore(Catalogue(), Path(cache), Device("cpu", "cpu"))
        if only in (None, "speed"):
            add_speed(report, store, folder, photos, QUICK_RUNS if quick else RUNS)
        if only in (None, "quality"):
            add_quality(report, store, folder, photos, QUICK_PHOTOS if quick else PHOTOS)
        if only in (None, "flicker"):
            add_flicker(report, store, photos, QUICK_FRAMES if quick else FRAMES)
    return report


def find_teachers() -> Path | None:
    """The folder of the published nets, if there is one."""
    named = os.environ.get("INKFRAME_TEACHERS")
    folder = Path(named) if named else find_data("weights/dctnet")
    return folder if folder and folder.is_dir() else None


def find_photos(data: Path | None) -> list[Path]:
    """Photos that training did not see, of people and of places in turn."""
    held = read_names(HELD_BACK) | read_names(HELD_BACK_SCENES)
    folders = [data] if data else list(filter(None, map(find_data, FOLDERS)))
    own = (DATA, ROOT)
    found = find_pictures(folders) if folders else []
    return [path for path in found if path.stem in held or not any(map(path.is_relative_to, own))]


class PublishedPainter:
    """The published nets of one style, from the folder that training takes them from."""

    nets, mask = (), None

    def __init__(self, folder: Path, style: str) -> None:
        self._draw = {part: open_teacher(find_file(folder, style, part), 0) for part in PARTS}

    def paint(self, rgb: np.ndarray, shares: Shares, part: Part) -> np.ndarray:
        return draw_in_tiles(rgb, self._draw[part])


def open_painters(store: ModelStore, folder: Path | None) -> dict[str, Painter]:
    """Both nets by name, the published one where it is here."""
    painters: dict[str, Painter] = {"builtin": BuiltinPainter(store)}
    return {**painters, "published": PublishedPainter(folder, STYLE)} if folder else painters


def add_speed(
    report: Report, store: ModelStore, folder: Path | None, photos: Sequence[Path], runs: int
) -> None:
    """Milliseconds of both nets, in turn, at each of SIZES, of noise without photos; of a portrait from faces to
    finish; bytes."""
    painters = open_painters(store, folder)
    nets: dict[str, Draw] = {
        name: partial(painter.paint, shares={STYLE: 1.0}, part="background")
        for name, painter in painters.items()
    }
    found = {
        f"{width}x{height}": time_in_turn(nets, read_sized(photos, width, height), runs)
        for width, height in SIZES
    }
    if photos:
        wholes: dict[str, Draw] = {
            name: partial(draw_photo, style=STYLE, painter=painter, store=store)
            for name, painter in painters.items()
        }
        found[PORTRAIT_TITLE] = time_in_turn(wholes, read_sized(photos, *PORTRAIT), PORTRAIT_RUNS)
    else:
        report.made_up = True
        report.parts.append("The time of a portrait was left out: it needs photos.")
    add_times(report, found, list(painters), runs)
    add_bytes(report, folder)


def add_times(report: Report, found: dict[str, dict[str, float]], names: list[str], runs: int) -> None:
    report.figures["ms"] = found
    rows = [
        [
            what,
            PORTRAIT_RUNS if what == PORTRAIT_TITLE else runs,
            *row.values(),
            row["published"] / row["builtin"] if "published" in row else "",
        ]
        for what, row in found.items()
    ]
    head = ["picture", "best of", *(f"{name}, ms" for name in names), "published / builtin"]
    report.add_table("Time of a drawing, nets in turn", head, rows)


def add_bytes(report: Report, folder: Path | None) -> None:
    report.figures["bytes"] = Catalogue()[BUILTIN].known_bytes
    weight = [[BUILTIN, report.figures["bytes"] / 1e6], [PUBLISHED, weigh_published() / 1e6]]
    report.add_table("Size of the files of all seven styles", ["net", "MB"], weight)


def weigh_published() -> int:
    """Bytes of the fourteen published nets as one fetches them: test data may hold them packed otherwise."""
    catalogue = Catalogue()
    return sum(catalogue[f"{BUILTIN}-{style}"].about_bytes or 0 for style in STYLES)


def draw_photo(rgb: np.ndarray, style: str, painter: Painter, store: ModelStore) -> np.ndarray:
    """The whole way of a photo, at its own size: find its faces, draw it and them."""
    options = CartoonOptions(style=style)
    return draw(rgb, [(face, Wish()) for face in find_faces(rgb, store)], options, painter)


def open_net(store: ModelStore) -> CartoonNet:
    with store.use(BUILTIN) as loaded:
        net: CartoonNet = loaded.model
    return net


def time_in_turn(contenders: dict[str, Draw], photo: np.ndarray, runs: int) -> dict[str, float]:
    """The least milliseconds of each, after a run that does not count."""
    best = dict.fromkeys(contenders, float("inf"))
    for number in range(runs + 1):
        for name, contender in contenders.items():
            start = time.perf_counter()
            contender(photo)
            if number:
                best[name] = min(best[name], (time.perf_counter() - start) * 1000)
    return best


def read_sized(photos: Sequence[Path], width: int, height: int) -> np.ndarray:
    """The first photo, or noise, filled into a size."""
    if not photos:
        return np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    return np.asarray(cv2.resize(read_photo(photos[0]), (width, height), interpolation=cv2.INTER_AREA))


def add_quality(
    report: Report, store: ModelStore, folder: Path | None, photos: Sequence[Path], most: int
) -> None:
    """PSNR and SSIM to the published nets by style, whole pictures and faces, beside the photo's own."""
    if folder is None or not photos:
        report.parts.append("Likeness was left out: it needs the published nets and photos.")
        return
    net = open_net(store)
    rows: list[list[object]] = []
    report.figures["quality"] = {}
    for part in PARTS:
        sources = pick(find_sources(photos, part), most)
        scores = judge_part(net, sources, part, open_teachers(folder, part, 0))
        report.figures["quality"][part] = scores
        rows += [[f"{style}, {part} ({len(sources)})", *score.values()] for style, score in scores.items()]
    head = ["style, part (photos)", "PSNR, dB", "SSIM", "untouched photo, dB", "SSIM of it"]
    report.add_table("Builtin net against the published ones, means over photos", head, rows)


def pick(sources: Sequence[Source], most: int) -> Sequence[Source]:
    """At most so many, evenly chosen."""
    return sources[:: -(-len(sources) // most)] if sources else sources


def judge_part(
    net: CartoonNet, sources: Sequence[Source], part: Part, teachers: dict[str, Teacher]
) -> dict[str, dict[str, float]]:
    """By style, and their mean: PSNR and SSIM of the net's drawing and of the untouched photo."""
    scores: dict[str, list[tuple[float, ...]]] = {style: [] for style in STYLES}
    for source in sources:
        photo = show_held_back(source, part)
        for style, teacher in teachers.items():
            truth, drawn = teacher(photo), net.draw(photo, {style: 1.0}, part)
            scores[style].append(
                (psnr(drawn, truth), ssim(drawn, truth), psnr(photo, truth), ssim(photo, truth))
            )
    names = ("psnr", "ssim", "photo_psnr", "photo_ssim")
    means = {
        style: dict(zip(names, map(float, np.mean(found, axis=0)), strict=True))
        for style, found in scores.items()
        if found
    }
    if means:
        means["mean"] = {name: float(np.mean([row[name] for row in means.values()])) for name in names}
    return means


def add_flicker(report: Report, store: ModelStore, photos: Sequence[Path], frames: int) -> None:
    """How much the drawings of a still photo's noisy frames change, each drawn by itself, against the frames."""
    if not photos:
        report.parts.append("Steadiness was left out: it needs a photo.")
        return
    photo, painter = read_sized(photos, 512, 384), BuiltinPainter(store)
    rows: list[list[object]] = []
    for style in STYLES:
        drawing = partial(draw_photo, style=style, painter=painter, store=store)
        changes = measure_changes(photo, drawing, frames)
        rows.append([style, *changes, changes[1] / changes[0]])
    report.figures["flicker"] = {str(row[0]): row[-1] for row in rows}
    head = ["style", "frames' change, levels", "drawings' change, levels", "ratio"]
    report.add_table(f"A still photo as {frames} frames, sensor noise {NOISE}", head, rows)
