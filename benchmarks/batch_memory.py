"""Memory of a batch of many pictures: it may not grow with their number."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.batch_pictures import write_jpeg, write_pictures
from benchmarks.pairs import read_pairs
from benchmarks.table import Report
from pipelines.settings import ROOT

COUNT, SETTLED = 1000, 100
QUICK_COUNT, QUICK_SETTLED = 40, 20


def add_memory(report: Report, data: Path | None, quick: bool) -> None:
    """The data folder's pictures again and again; resident memory after the first 100 and the most after."""
    count, settled = (QUICK_COUNT, QUICK_SETTLED) if quick else (COUNT, SETTLED)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = repeat_pictures(data, folder / "pictures", count)
        command = [sys.executable, "-m", "benchmarks.workers.memory_worker"]
        done = subprocess.run(
            [*command, str(source), str(folder), str(settled)],
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    report.figures["memory"] = found = json.loads(done.stdout)
    report.add_table(
        f"Memory of a batch of {count} pictures",
        [f"after {settled}, MB", "most after that, MB", "growth, MB"],
        [[round(found[name], 1) for name in ("settled_mb", "most_mb", "growth_mb")]],
    )


def repeat_pictures(data: Path | None, folder: Path, count: int) -> Path:
    """The data folder's pictures in their own sizes as JPEGs, linked until there are `count`."""
    if data is None:
        first = sorted(write_pictures(None, folder, min(8, count)).iterdir())
    else:
        folder.mkdir()
        first = []
        for number, pair in enumerate(read_pairs(data)[:count]):
            first.append(folder / f"{number:04d}.jpg")
            write_jpeg(first[-1], pair.rgb)
    for number in range(len(first), count):
        os.link(first[number % len(first)], folder / f"{number:04d}.jpg")
    return folder
