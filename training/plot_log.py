"""Draw a training log: `python -m training.plot_log [LOG] [OUT.png]`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.folders import portrait_cache

Picture = NDArray[np.uint8]

WIDTH, HEIGHT, EDGE = 900, 480, 60
COLOURS = (
    (0, 0, 0),
    (200, 30, 30),
    (30, 120, 200),
    (20, 150, 60),
    (190, 120, 0),
    (140, 40, 160),
    (90, 90, 90),
)
APART = {"step", "seconds"}


def draw_log(path: Path) -> Picture:
    """Each term of the loss over the steps, on a logarithmic scale; RGB uint8 HWC."""
    rows = [json.loads(line) for line in path.read_text().splitlines() if line]
    canvas = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    names = [name for name in rows[0] if name not in APART] if rows else []
    values = np.array([[max(row[name], 1e-6) for name in names] for row in rows])
    if not values.size:
        return canvas
    logs, steps = np.log10(values), np.array([row["step"] for row in rows], float)
    low, high = float(np.floor(logs.min())), float(np.ceil(logs.max()))
    across = EDGE + (steps - steps.min()) / max(np.ptp(steps), 1) * (WIDTH - 2 * EDGE)
    for level in range(int(low), int(high) + 1):
        y = round(EDGE + (high - level) / max(high - low, 1) * (HEIGHT - 2 * EDGE))
        cv2.line(canvas, (EDGE, y), (WIDTH - EDGE, y), (225, 225, 225), 1)
        write(canvas, f"{10.0**level:g}", (6, y + 4), (0, 0, 0))
    for index, name in enumerate(names):
        down = EDGE + (high - logs[:, index]) / max(high - low, 1) * (HEIGHT - 2 * EDGE)
        points = np.rint(np.stack([across, down], axis=1)).astype(np.int32)
        colour = COLOURS[index % len(COLOURS)]
        cv2.polylines(canvas, [points], False, colour, 1, cv2.LINE_AA)
        write(canvas, f"{name} {values[-1, index]:.4g}", (EDGE + 120 * index, HEIGHT - 20), colour)
    write(canvas, f"steps {steps.min():.0f} to {steps.max():.0f}", (EDGE, 30), (0, 0, 0))
    return canvas


def write(canvas: Picture, text: str, at: tuple[int, int], colour: tuple[int, int, int]) -> None:
    cv2.putText(canvas, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.42, colour, 1, cv2.LINE_AA)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log", type=Path, nargs="?", default=portrait_cache() / "run" / "log.jsonl")
    parser.add_argument("out", type=Path, nargs="?", help="else beside the log")
    options = parser.parse_args(arguments)
    if not options.log.is_file():
        parser.error(f"there is no log {options.log}")
    out = options.out or options.log.with_suffix(".png")
    cv2.imwrite(str(out), draw_log(options.log)[..., ::-1])
    print(out)


if __name__ == "__main__":
    main()
