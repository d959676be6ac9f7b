"""The nets that come with the app, side by side: on pairs with true mattes, and on held-back portraits.

Nobody drew mattes for the portraits: their labels are made as for training (training/portrait_labels.py) from
photos that training never saw (training/held_back.txt). The figures say how near a net comes to that.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.metrics import METRICS
from benchmarks.pairs import Pair
from benchmarks.table import Report
from pipelines.device import Device
from pipelines.image import open_image
from pipelines.matting.find import find_matte
from weights.catalogue import Catalogue
from weights.nets.matte import MatteNet
from weights.store import ModelStore

MODELS = ("u2netp", "portrait", "auto")
SHOWN = ("mad", "mse", "gradient", "iou")
OWN, SIDES = "portrait", (512, 256)
RUNS, QUICK_RUNS = 30, 3
FOLDERS = ("portraits", "portraits_more")
LIMIT = 1 << 28

Ask = Callable[[np.ndarray], np.ndarray]


def add_models(report: Report, pairs: list[Pair], data: Path | None, quick: bool) -> None:
    """Every model on `pairs`, the portrait net's own time, then every model on the portraits that lie beside `data`;
    left out, and said, without."""
    with tempfile.TemporaryDirectory() as folder:
        store = ModelStore(Catalogue(), Path(folder), Device("cpu", "cpu"))
        asks: dict[str, Ask] = {model: asker(model, store) for model in MODELS}
        add_set(report, "pairs", f"Models on {len(pairs)} pairs with true mattes", pairs, asks)
        add_time(report, store, QUICK_RUNS if quick else RUNS)
        portraits = read_portraits(data.parent, quick) if data else []
        if not portraits:
            report.parts.append("Held-back portraits were left out: their photos are not here.")
            return
        selfie = data.parent / "weights" / "selfie_segmentation.onnx" if data else Path()
        if selfie.is_file():
            from training.rough_mask import PersonMask

            asks["selfie segmentation"] = PersonMask(selfie).once
        title = f"Models on {len(portraits)} held-back portraits, against labels made as for training"
        add_set(report, "portraits", title, portraits, asks)


def add_time(report: Report, store: ModelStore, runs: int) -> None:
    """The least milliseconds of the portrait net alone, at each of SIDES."""
    with store.use(OWN) as loaded:
        found = {f"{side}x{side}": time_net(loaded.model, side, runs) for side in SIDES}
    report.figures["net_ms"] = found
    report.add_table(f"The net {OWN} alone, ms, best of {runs}", list(found), [list(found.values())])


def time_net(net: MatteNet, side: int, runs: int) -> float:
    """After a run that does not count."""
    picture, taken = np.random.default_rng(0).random((1, 3, side, side), np.float32), []
    for _ in range(runs + 1):
        start = time.perf_counter()
        net.ask(picture)
        taken.append(time.perf_counter() - start)
    return 1000 * min(taken[1:])


def asker(model: str, store: ModelStore) -> Ask:
    return lambda rgb: find_matte(rgb, model, store).alpha


def add_set(report: Report, name: str, title: str, pairs: Sequence[Pair], asks: dict[str, Ask]) -> None:
    """Means of the metrics over the pairs, their ratio to the first model's, and milliseconds a picture."""
    found = {model: measure(pairs, ask) for model, ask in asks.items()}
    first = next(iter(found.values()))
    head = ["model", *SHOWN, *(f"{metric} / {next(iter(asks))}" for metric in ("mad", "gradient")), "ms"]
    rows: list[list[object]] = [
        [
            model,
            *(figures[metric] for metric in SHOWN),
            *(figures[metric] / max(first[metric], 1e-9) for metric in ("mad", "gradient")),
            round(figures["ms"], 1),
        ]
        for model, figures in found.items()
    ]
    report.figures.setdefault("models", {})[name] = found
    report.add_table(title, head, rows)


def measure(pairs: Sequence[Pair], ask: Ask) -> dict[str, float]:
    """Means of the metrics without refinement, and the median of milliseconds."""
    rows, seconds = [], []
    ask(pairs[0].rgb)
    for pair in pairs:
        start = time.perf_counter()
        alpha = np.clip(ask(pair.rgb), 0, 1)
        seconds.append(time.perf_counter() - start)
        rows.append([float(METRICS[metric](alpha, pair.alpha)) for metric in SHOWN])
    means = dict(zip(SHOWN, np.mean(rows, axis=0).tolist(), strict=True))
    return {**means, "ms": float(np.median(seconds)) * 1000}


def read_portraits(folder: Path, quick: bool = False) -> list[Pair]:
    """The held-back photos with their labels; [] where photos or the nets that label them are missing."""
    from training.folders import HELD_BACK, portrait_cache, read_names
    from training.label_checks import read_kept

    held, labels = sorted(read_names(HELD_BACK)), portrait_cache() / "labels"
    if all((labels / f"{name}.npy").is_file() for name in held):
        kept = set(read_kept(labels))
        pairs = [split(name, np.load(labels / f"{name}.npy")) for name in held if name in kept]
    else:
        pairs = label_portraits(folder, held[:6] if quick else held)
    return pairs[:6] if quick else pairs


def split(name: str, stored: np.ndarray) -> Pair:
    """A stored label (H x W x 7) as a pair."""
    return Pair(name, np.ascontiguousarray(stored[..., :3]), stored[..., 3].astype(np.float32) / 255)


def label_portraits(folder: Path, names: Sequence[str]) -> list[Pair]:
    """Make the labels anew, about two seconds each; those with faults are left out."""
    from training.label_checks import find_faults
    from training.portrait_labels import LONGEST, Teachers, label, shrink
    from training.rough_mask import FaceBoxes, PersonMask, open_salient

    nets = folder / "weights"
    person, faces = nets / "selfie_segmentation.onnx", nets / "yunet_n_640_640.onnx"
    photos = {path.stem: path for each in FOLDERS for path in sorted((folder / each).glob("*"))}
    if not (person.is_file() and faces.is_file() and photos):
        return []
    teachers, pairs = Teachers(PersonMask(person), open_salient(), FaceBoxes(faces)), []
    for name in names:
        if name in photos:
            rgb = shrink(open_image(photos[name], max_pixels=LIMIT).rgb, LONGEST)
            alpha, checks = label(rgb, teachers)
            if not find_faults(checks):
                pairs.append(Pair(name, rgb, np.rint(alpha * 255).astype(np.float32) / 255))
    return pairs
