"""Judge a portrait net on the held-back labels, u2netp and others beside it.

`python -m training.evaluate_portrait MODEL.onnx|CHECKPOINT.pt [--person FILE] [--faces FILE]` prints a table
and writes the figures and a sheet: photo, label, each model's cut-out on green. The labels were not made by
hand: the figures say how near a net comes to its teacher, not to the truth. `--judge ISNET.onnx` therefore
asks a net that had no part in the labels, where it means the same person as the label, and judges the label,
too.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.metrics import METRICS
from benchmarks.table import format_table
from training.contact_sheet import GREEN, grid, lay, tile
from training.folders import HELD_BACK, portrait_cache, read_names
from training.label_checks import read_kept
from training.rough_mask import FaceBoxes, PersonMask, open_salient
from training.uncertain_band import inner_face
from weights.catalogue import Catalogue
from weights.nets.matte import MatteNet
from weights.nets.onnx_session import OnnxSession
from weights.spec import ModelSpec

Floats = NDArray[np.float32]
Picture = NDArray[np.uint8]
Ask = Callable[[Picture], Floats]
"""RGB uint8 HWC -> alpha HW 0..1 of the same size."""

SIDE = 512
SHOWN = ("mad", "mse", "gradient", "iou")
AGREED = 0.95
"""Intersection over union of label and judge from which on both mean the same person."""


def portrait_spec(side: int) -> ModelSpec:
    """The catalogue's row with another input size."""
    spec = Catalogue()["portrait"]
    return replace(spec, preprocess=replace(spec.preprocess, size=side))


def open_portrait(path: Path, side: int = SIDE) -> MatteNet:
    """The net from an exported file or, exported on the way, from a checkpoint."""
    if path.suffix != ".pt":
        return MatteNet(OnnxSession(path, ["CPUExecutionProvider"]), portrait_spec(side))
    from training.checkpoints import load_averaged
    from training.export_portrait import export
    from training.portrait_net import PortraitNet

    with tempfile.TemporaryDirectory() as folder:
        exported = export(load_averaged(PortraitNet(), path), Path(folder) / "portrait.onnx")
        return MatteNet(OnnxSession(exported, ["CPUExecutionProvider"]), portrait_spec(side))


def judge(stored: Picture, asks: dict[str, Ask], faces: FaceBoxes | None) -> dict[str, dict[str, float]]:
    """Figures of one label (H x W x 7) by model; `face` is the least share kept of a face, 1 without one."""
    rgb = np.ascontiguousarray(stored[..., :3])
    truth = stored[..., 3].astype(np.float32) / 255
    boxes = faces.find(rgb) if faces else np.zeros((0, 4), np.float32)
    figures: dict[str, Any] = {}
    for name, ask in asks.items():
        alpha = np.clip(ask(rgb), 0, 1).astype(np.float32)
        found = measure(alpha, truth)
        areas = [area for box in boxes if (area := inner_face(truth.shape, box)).any()]
        figures[name] = found | {"face": min((float(alpha[area].mean()) for area in areas), default=1.0)}
    return figures


def summarise(rows: Sequence[dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """Means over the labels by model; of the faces the least."""
    summary = {}
    for model in rows[0]:
        means = {name: float(np.mean([row[model][name] for row in rows])) for name in SHOWN}
        summary[model] = means | {"least_face": min(row[model]["face"] for row in rows)}
    return summary


def open_judge(path: Path) -> Ask:
    """IS-Net, asked as the catalogue's row says."""
    return MatteNet(OnnxSession(path, ["CPUExecutionProvider"]), Catalogue()["isnet"]).alpha


def judge_anew(labels: dict[str, Picture], asks: dict[str, Ask], ask_judge: Ask) -> dict[str, Any]:
    """Means of the figures against the judge, over the labels that it agrees with; the label is judged, too."""
    rows: list[dict[str, dict[str, float]]] = []
    for stored in labels.values():
        rgb = np.ascontiguousarray(stored[..., :3])
        label, truth = stored[..., 3].astype(np.float32) / 255, ask_judge(rgb)
        if METRICS["iou"](label, truth) >= AGREED:
            mattes = {"label": label} | {
                name: np.clip(ask(rgb), 0, 1).astype(np.float32) for name, ask in asks.items()
            }
            rows.append({name: measure(alpha, truth) for name, alpha in mattes.items()})
    means = {
        name: {metric: float(np.mean([row[name][metric] for row in rows])) for metric in SHOWN}
        for name in (rows[0] if rows else ())
    }
    return {"agreed": len(rows), "judged": means}


def measure(alpha: NDArray[np.floating], truth: NDArray[np.floating]) -> dict[str, float]:
    return {metric: float(METRICS[metric](alpha, truth)) for metric in SHOWN}


def show(stored: Picture, asks: dict[str, Ask], name: str, side: int = 240) -> list[Picture]:
    """Photo, its label and each model's cut-out on green, as equal tiles."""
    rgb = np.ascontiguousarray(stored[..., :3])
    tiles = [tile(rgb, side, name), tile(lay(stored[..., 4:], stored[..., 3], GREEN), side, "label")]
    for model, ask in asks.items():
        alpha = np.rint(np.clip(ask(rgb), 0, 1) * 255).astype(np.uint8)
        tiles.append(tile(lay(rgb, alpha, GREEN), side, model))
    return tiles


def main(arguments: Sequence[str] | None = None) -> None:
    cache = portrait_cache()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("model", type=Path, nargs="?", default=cache / "run" / "latest.pt")
    parser.add_argument("--side", type=int, default=SIDE, help="the net's input, px; a multiple of 32")
    parser.add_argument("--person", type=Path, help="selfie_segmentation.onnx, to be judged too")
    parser.add_argument("--faces", type=Path, help="YuNet as .onnx, for the faces kept")
    parser.add_argument("--judge", type=Path, help="IS-Net for general use as .onnx, 1024 px")
    parser.add_argument("--labels", type=Path, default=cache / "labels")
    parser.add_argument("--out", type=Path, default=cache / "evaluation")
    parser.add_argument("--sheet", type=int, default=24, help="how many pictures to show")
    options = parser.parse_args(arguments)
    asks: dict[str, Ask] = {
        "portrait": open_portrait(options.model, options.side).alpha,
        "u2netp": open_salient().alpha,
    }
    if options.person:
        asks["selfie"] = PersonMask(options.person).once
    faces = FaceBoxes(options.faces) if options.faces else None
    names = sorted(set(read_kept(options.labels)) & read_names(HELD_BACK))
    labels = {name: np.load(options.labels / f"{name}.npy") for name in names}
    rows = {name: judge(stored, asks, faces) for name, stored in labels.items()}
    summary = summarise(list(rows.values()))
    figures: dict[str, Any] = {"mean": summary, "pictures": rows}
    if options.judge:
        figures |= judge_anew(labels, asks, open_judge(options.judge))
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "figures.json").write_text(json.dumps(figures, indent=1))
    tiles = [part for name in names[: options.sheet] for part in show(labels[name], asks, name)]
    columns = 2 * (2 + len(asks))
    cv2.imwrite(str(options.out / "sheet.png"), grid(tiles, columns)[..., ::-1])
    table = [[model, *figures.values()] for model, figures in summary.items()]
    print(format_table([f"{len(names)} held back", *SHOWN, "least face"], table))
    if options.judge:
        table = [[model, *means.values()] for model, means in figures["judged"].items()]
        print("", format_table([f"{figures['agreed']} judged by IS-Net", *SHOWN], table), sep="\n")


if __name__ == "__main__":
    main()
