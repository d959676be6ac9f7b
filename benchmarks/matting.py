"""Matting: how close the mattes are to the truth, and how fast they are made beside rembg."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import matting_speed
from benchmarks.data import find_data
from benchmarks.matting_models import add_models
from benchmarks.metrics import METRICS, measure_matte
from benchmarks.pairs import Pair, read_pairs, synthesise_pairs
from benchmarks.table import Report
from pipelines.device import Device
from pipelines.matting.cut_out import finish_alpha
from pipelines.matting.options import MattingOptions
from pipelines.matting.refine import refine_alpha
from weights.catalogue import Catalogue
from weights.store import ModelStore

ONLY = ("quality", "models", "speed")
REFINES = ("off", "fast", "fine")
MODEL = "u2netp"
WORSE = 1.05


def run(data: Path | None, *, quick: bool = False, only: str | None = None) -> Report:
    """Quality on `data` (folders image/ and alpha/ with files of the same names; made-up pairs without
    one), the models side by side on it and on the portraits beside it, then speed beside rembg."""
    data = data or default_data()
    report = Report(made_up=data is None)
    if only in (None, "quality"):
        add_quality(report, data, quick)
    if only in (None, "models"):
        pairs = read_pairs(data) if data else synthesise_pairs()
        add_models(report, pairs[:3] if quick else pairs, data, quick)
    if only in (None, "speed"):
        matting_speed.add_speed(report, data, quick)
    return report


def default_data() -> Path | None:
    return find_data("matting")


def add_quality(report: Report, data: Path | None, quick: bool) -> None:
    """Each pair with each refinement: all metrics, medians, and how many got worse by more than 5 %."""
    pairs = read_pairs(data) if data else synthesise_pairs()
    pairs = pairs[:3] if quick else pairs
    scores = {refine: [] for refine in REFINES}  # type: dict[str, list[dict[str, float]]]
    with tempfile.TemporaryDirectory() as folder:
        store = ModelStore(Catalogue(), Path(folder), Device("cpu", "cpu"))
        for pair in pairs:
            for refine, score in score_pair(pair, store).items():
                scores[refine].append(score)
    report.figures["quality"] = summarise(scores, [pair.name for pair in pairs])
    rows = [
        [refine, *(float(np.median([score[name] for score in scores[refine]])) for name in METRICS)]
        for refine in REFINES
    ]
    report.add_table(f"Matting quality, medians over {len(pairs)} pairs ({MODEL})", ["edges", *METRICS], rows)
    report.add_table(
        "Mean absolute error, each pair",
        ["pair", *REFINES, "fast / off", "fine / off"],
        [
            pair_row(pair.name, [scores[refine][index]["mad"] for refine in REFINES])
            for index, pair in enumerate(pairs)
        ],
    )


def score_pair(pair: Pair, store: ModelStore) -> dict[str, dict[str, float]]:
    """All metrics of one pair by refinement."""
    with store.use(MODEL) as loaded:
        plain = loaded.model.alpha(pair.rgb)
    found = {}
    for refine in REFINES:
        alpha = finish_alpha(refine_alpha(pair.rgb, plain, refine).alpha, None, MattingOptions(refine=refine))
        found[refine] = measure_matte(alpha, pair.alpha)
    return found


def summarise(scores: dict[str, list[dict[str, float]]], names: list[str]) -> dict[str, Any]:
    """Medians, each pair's figures, and the two promises: median gain and the worst pair."""
    plain = [score["mad"] for score in scores["off"]]
    figures: dict[str, Any] = {}
    for refine, found in scores.items():
        mads = [score["mad"] for score in found]
        ratios = [mad / max(base, 1e-9) for mad, base in zip(mads, plain, strict=True)]
        figures[refine] = {
            "median": {name: float(np.median([score[name] for score in found])) for name in METRICS},
            "median_mad_against_off": float(np.median(mads) / max(np.median(plain), 1e-9)),
            "worst_against_off": max(ratios),
            "worse_by_5_percent": [name for name, ratio in zip(names, ratios, strict=True) if ratio > WORSE],
            "pairs": dict(zip(names, found, strict=True)),
        }
    return figures


def pair_row(name: str, mads: list[float]) -> list[object]:
    base = max(mads[0], 1e-9)
    return [name, *mads, mads[1] / base, mads[2] / base]
