"""Judge a cartoon net on the held-back pairs: `python -m training.evaluate_cartoon [MODEL.onnx|CHECKPOINT.pt]`.

Prints, for each drawing, its PSNR to the published net's and what the untouched photo would get, and how much a
still photo with sensor noise flickers; writes the figures and a sheet: photo, then the published net above ours.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.likeness import psnr
from benchmarks.table import format_table
from pipelines.cartoon.options import STYLES
from training.cartoon_net import CartoonNet as TrainedNet
from training.cartoon_targets import PARTS, Part, targets_of
from training.checkpoints import load_averaged
from training.contact_sheet import grid, tile
from training.export_cartoon import export
from training.folders import training_cache
from training.still_flicker import measure_flicker
from weights.nets.cartoon_net import CartoonNet
from weights.nets.onnx_session import OnnxSession

Picture = NDArray[np.uint8]
CPU = ["CPUExecutionProvider"]


class Drawer:
    """An exported net, asked for one drawing at a time."""

    def __init__(self, path: Path, threads: int = 0) -> None:
        self._net = CartoonNet(path, partial(OnnxSession, path, CPU, threads=threads))

    def draw(self, rgb: Picture, target: str) -> Picture:
        """RGB uint8 HWC -> its drawing, the same size."""
        style, _, part = target.rpartition("-")
        return np.asarray(self._net.draw(rgb, {style: 1.0}, part), np.uint8)


def open_drawer(path: Path, threads: int = 0) -> Drawer:
    """From an exported file or, exported on the way, from a checkpoint."""
    if path.suffix != ".pt":
        return Drawer(path, threads)
    with tempfile.TemporaryDirectory() as folder:
        return Drawer(export(load_averaged(TrainedNet(), path), Path(folder) / "cartoon.onnx"), threads)


def judge(pair: Picture, part: Part, drawer: Drawer) -> Iterator[tuple[str, float, float]]:
    """Each drawing of a pair (8 x H x W x 3): target, PSNR of ours, PSNR of the untouched photo."""
    for target, truth in zip(targets_of(part), pair[1:], strict=True):
        yield target, psnr(drawer.draw(pair[0], target), truth), psnr(pair[0], truth)


def summarise(figures: dict[str, list[tuple[float, float]]]) -> dict[str, dict[str, float]]:
    """Means over the photos by target, then over each part."""
    means = {
        target: dict(zip(("psnr", "photo"), map(float, np.mean(values, axis=0)), strict=True))
        for target, values in figures.items()
    }
    for part in PARTS:
        rows = [means[target] for target in targets_of(part) if target in means]
        means[f"mean-{part}"] = {
            name: float(np.mean([row[name] for row in rows])) for name in ("psnr", "photo")
        }
    return means


def show(pair: Picture, part: Part, drawer: Drawer, side: int = 256) -> list[Picture]:
    """Two rows of eight tiles: photo and published drawings, photo and ours."""
    ours = [drawer.draw(pair[0], target) for target in targets_of(part)]
    names = ["photo", *STYLES]
    above = [tile(picture, side, name) for picture, name in zip(pair, names, strict=True)]
    below = [tile(picture, side) for picture in (pair[0], *ours)]
    return [*above, *below]


def judge_part(
    paths: Sequence[Path], part: Part, drawer: Drawer, shown: int
) -> tuple[dict[str, list[tuple[float, float]]], list[Picture]]:
    """Figures of every pair by target, and the tiles of `shown` of them, evenly chosen."""
    figures: dict[str, list[tuple[float, float]]] = {target: [] for target in targets_of(part)}
    tiles: list[Picture] = []
    for place, path in enumerate(paths):
        pair = np.load(path)
        for target, ours, untouched in judge(pair, part, drawer):
            figures[target].append((ours, untouched))
        if (place + 1) * shown // len(paths) > place * shown // len(paths):
            tiles += show(pair, part, drawer)
    return figures, tiles


def find_pairs(folder: Path, part: Part, most: int) -> list[Path]:
    """At most so many of a part's pairs, evenly chosen. Raises FileNotFoundError where there are none."""
    paths = sorted(folder.glob(f"{part}-*.npy"))
    if not paths:
        raise FileNotFoundError(f"{folder} holds no {part} pairs; run python -m training.cartoon_pairs first")
    return paths[:: -(-len(paths) // most)]


TABLE_HEAD = ("drawing", "PSNR, dB", "untouched photo, dB", "flicker / input's")


def table_rows(means: dict[str, dict[str, float]]) -> list[list[object]]:
    return [[name, row["psnr"], row["photo"], row.get("flicker", "")] for name, row in means.items()]


def write_results(
    out: Path, photos: dict[str, int], means: dict[str, dict[str, float]], tiles: list[Picture]
) -> None:
    out.mkdir(parents=True, exist_ok=True)
    (out / "figures.json").write_text(json.dumps({"photos": photos, "mean": means}, indent=1))
    if tiles:
        cv2.imwrite(str(out / "sheet.png"), grid(tiles, 1 + len(STYLES))[..., ::-1])


def main(arguments: Sequence[str] | None = None) -> None:
    cache = training_cache("cartoon")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("model", type=Path, nargs="?", default=cache / "run" / "latest.pt")
    parser.add_argument("--pairs", type=Path, default=cache / "held-back")
    parser.add_argument("--out", type=Path, default=cache / "evaluation")
    parser.add_argument("--most", type=int, default=1000, help="pairs of each part, evenly chosen")
    parser.add_argument("--sheet", type=int, default=4, help="photos of each part to show")
    parser.add_argument("--threads", type=int, default=0)
    options = parser.parse_args(arguments)
    drawer = open_drawer(options.model, options.threads)
    figures: dict[str, list[tuple[float, float]]] = {}
    flicker: dict[str, float] = {}
    photos: dict[str, int] = {}
    tiles: list[Picture] = []
    for part in PARTS:
        paths = find_pairs(options.pairs, part, options.most)
        found, shown = judge_part(paths, part, drawer, options.sheet)
        still = np.load(paths[0])[0]
        flicker |= {
            target: measure_flicker(still, partial(drawer.draw, target=target)) for target in targets_of(part)
        }
        figures, photos[part], tiles = figures | found, len(paths), [*tiles, *shown]
    means = summarise(figures)
    for target, value in flicker.items():
        means[target]["flicker"] = value
    write_results(options.out, photos, means, tiles)
    print(format_table(TABLE_HEAD, table_rows(means)))


if __name__ == "__main__":
    main()
