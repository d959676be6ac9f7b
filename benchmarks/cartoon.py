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

from benchmarks.likeness import psnr, ssim
from benchmarks.table import Report
from pipelines.cartoon.cartoonize import draw
from pipelines.cartoon.faces import find_faces
from pipelines.cartoon.options import STYLES, CartoonOptions
from pipelines.cartoon.painters import BUILTIN, BuiltinPainter, Painter, Shares
from pipelines.cartoon.tiles import draw_in_tiles
from pipelines.cartoon.wishes import Wish
from pipelines.device import Device
from training.cartoon_crops import Source, read_photo
from training.cartoon_pairs import find_sources, show_held_back
from training.cartoon_targets import PARTS, Part
from training.cartoon_teachers import Teacher, find_file, open_teacher, open_teachers
from training.folders import HELD_BACK, HELD_BACK_SCENES, find_pictures, read_names
from weights.catalogue import Catalogue
from weights.nets.cartoon_net import CartoonNet
from weights.store import ModelStore

FOLDERS = ("portraits", "portraits_more", "scenes/kodak")
SIZES = ((384, 288), (512, 512), (1280, 720))
RUNS, QUICK_RUNS = 15, 3
PHOTOS, QUICK_PHOTOS = 24, 2
"""At most so many of each part."""
FRAMES, QUICK_FRAMES, NOISE = 60, 4, 2.0
"""Of a still clip, and its sensor noise, levels."""
PORTRAIT = (1280, 960)
Draw = Callable[[np.ndarray], np.ndarray]
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
    from benchmarks.__main__ import DATA

    folder = Path(os.environ.get("INKFRAME_TEACHERS") or DATA / "weights" / "dctnet")
    return folder if folder.is_dir() else None


def find_photos(data: Path | None) -> list[Path]:
    """Photos that training did not see, of people and of places in turn."""
    from benchmarks.__main__ import DATA

    held = read_names(HELD_BACK) | read_names(HELD_BACK_SCENES)
    folders = [data] if data else [DATA / name for name in FOLDERS if (DATA / name).is_dir()]
    own = (DATA, Path(__file__).parents[1])
    found = find_pictures(folders)
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
    """Milliseconds of both nets, in turn, at each of SIZES, and of a portrait from faces to finish."""
    painters = open_painters(store, folder)
    nets: dict[str, Draw] = {
        name: partial(painter.paint, shares={STYLE: 1.0}, part="background")
        for name, painter in painters.items()
    }
    wholes: dict[str, Draw] = {
        name: partial(draw_photo, style=STYLE, painter=painter, store=store)
        for name, painter in painters.items()
    }
    found = {
        f"{width}x{height}": time_in_turn(nets, read_sized(photos, width, height), runs)
        for width, height in SIZES
    }
    found["portrait 1280x960, faces to finish"] = time_in_turn(wholes, read_sized(photos, *PORTRAIT), 3)
    report.figures["ms"] = found
    report.figures["bytes"] = Catalogue()[BUILTIN].known_bytes
    rows = [
        [what, *row.values(), row["published"] / row["builtin"] if folder else ""]
        for what, row in found.items()
    ]
    head = ["picture", *(f"{name}, ms" for name in painters), "published / builtin"]
    report.add_table(f"Time of a drawing, best of {runs}, nets in turn", head, rows)
    weight = [[BUILTIN, report.figures["bytes"] / 1e6]] + (
        [["published", weigh(folder) / 1e6]] if folder else []
    )
    report.add_table("Size of the files of all seven styles", ["net", "MB"], weight)


def weigh(folder: Path) -> int:
    """Bytes of the fourteen published nets."""
    return sum(find_file(folder, style, part).stat().st_size for style in STYLES for part in PARTS)


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
    photo, painter = read_sized(photos, 512, 384), BuiltinPainter(store)
    rows: list[list[object]] = []
    for style in STYLES:
        changes = measure_changes(
            photo, frames, partial(draw_photo, style=style, painter=painter, store=store)
        )
        rows.append([style, *changes, changes[1] / changes[0]])
    report.figures["flicker"] = {str(row[0]): row[-1] for row in rows}
    head = ["style", "frames' change, levels", "drawings' change, levels", "ratio"]
    report.add_table(f"A still photo as {frames} frames, sensor noise {NOISE}", head, rows)


def measure_changes(photo: np.ndarray, frames: int, draw: Draw) -> tuple[float, float]:
    """Mean absolute change from frame to frame, levels: of the frames, and of their drawings."""
    rng = np.random.default_rng(0)
    sums, before = np.zeros(2), None
    for _ in range(frames):
        frame = np.clip(np.rint(photo + rng.normal(0, NOISE, photo.shape)), 0, 255).astype(np.uint8)
        pair = (frame, draw(frame))
        if before is not None:
            sums += [
                cv2.norm(new, old, cv2.NORM_L1) / new.size for new, old in zip(pair, before, strict=True)
            ]
        before = pair
    ours, theirs = sums / max(1, frames - 1)
    return float(ours), float(theirs)
