"""Interpolation: how close the frame half-way is to the true one, beside RIFE and a plain blend, and how fast.

PSNR is the mean of the triplets' own, over RGB; SSIM of their grey pictures (Wang, Bovik, Sheikh and Simoncelli,
IEEE TIP 13(4), 2004). Milliseconds are from two frames to the one between them, flow and all.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

from benchmarks.data import find_data
from benchmarks.likeness import psnr, ssim
from benchmarks.table import Report
from benchmarks.triplets import Triplet, read_sets, synthesise_sets
from pipelines.device import Device
from pipelines.errors import InkframeError
from pipelines.image_to_video.interpolators import INTERPOLATORS, OpenPair
from weights.catalogue import Catalogue
from weights.store import ModelStore

ONLY = ("quality", "speed")
SIZE = (640, 480)
RUNS = 7


def run(data: Path | None, *, quick: bool = False, only: str | None = None) -> Report:
    """Quality on `data` (SET/NAME/im0.png, im1_gt.png, im2.png; made-up triplets without it), then speed."""
    data = data or default_data()
    report = Report(made_up=data is None)
    sets = read_sets(data) if data else synthesise_sets()
    if quick:
        sets = {name: triplets[:2] for name, triplets in sets.items()}
    with tempfile.TemporaryDirectory() as folder:
        ways = open_all(report, ModelStore(Catalogue(), Path(folder), Device("cpu", "cpu")))
        if only in (None, "quality"):
            add_quality(report, sets, ways)
        if only in (None, "speed"):
            add_speed(report, next(iter(sets.values()))[0], ways, 2 if quick else RUNS)
    return report


def default_data() -> Path | None:
    return find_data("triplets")


def open_all(report: Report, store: ModelStore) -> dict[str, OpenPair]:
    """Every interpolator by name; one whose model is not here is left out, with the reason."""
    ways: dict[str, OpenPair] = {}
    for name, open_way in INTERPOLATORS.items():
        try:
            ways[name] = open_way(store)
        except InkframeError as error:
            report.figures.setdefault("left_out", {})[name] = str(error)
            report.parts.append(f"{name} is left out: {error}")
    return ways


def add_quality(report: Report, sets: dict[str, list[Triplet]], ways: dict[str, OpenPair]) -> None:
    """Means of PSNR and SSIM for each set and interpolator, and each triplet's PSNR."""
    figures: dict[str, dict[str, dict[str, float]]] = {}
    rows: list[list[object]] = []
    for name, triplets in sets.items():
        scores = {way: [score(each, open_pair) for each in triplets] for way, open_pair in ways.items()}
        figures[name] = {
            way: {
                "psnr": float(np.mean([s[0] for s in found])),
                "ssim": float(np.mean([s[1] for s in found])),
            }
            for way, found in scores.items()
        }
        cells = [f"{each['psnr']:.2f} dB, {each['ssim']:.4f}" for each in figures[name].values()]
        rows.append([f"{name} ({len(triplets)})", *cells])
    report.figures["sets"] = figures
    report.add_table("The frame half-way, PSNR and SSIM", ["triplets", *ways], rows)


def score(triplet: Triplet, open_pair: OpenPair) -> tuple[float, float]:
    drawn = open_pair(triplet.first, triplet.last).draw(0.5)
    grey, truth = (cv2.cvtColor(each, cv2.COLOR_RGB2GRAY) for each in (drawn, triplet.middle))
    return psnr(drawn, triplet.middle), ssim(grey, truth)


def add_speed(report: Report, triplet: Triplet, ways: dict[str, OpenPair], runs: int) -> None:
    """The least of `runs` turns in which the interpolators take turns, in ms, at SIZE."""
    first, last = (
        cv2.resize(each, SIZE, interpolation=cv2.INTER_AREA) for each in (triplet.first, triplet.last)
    )
    taken: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(runs + 1):
        for way, open_pair in ways.items():
            start = time.perf_counter()
            open_pair(first, last).draw(0.5)
            taken[way].append((time.perf_counter() - start) * 1000)
    report.figures["ms_640x480"] = {way: min(times[1:]) for way, times in taken.items()}
    rows: list[list[object]] = [[way, round(ms, 1)] for way, ms in report.figures["ms_640x480"].items()]
    report.add_table(f"Milliseconds a frame, 640x480, {os.cpu_count()} cores", ["interpolator", "ms"], rows)
