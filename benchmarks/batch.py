"""Batch: pictures a second beside rembg's folder command, memory over many, seconds lost to a crash."""

from __future__ import annotations

from pathlib import Path

from benchmarks import batch_crash, batch_memory, batch_speed
from benchmarks.matting import default_data
from benchmarks.table import Report

ONLY = ("speed", "memory", "crash")


def run(data: Path | None, *, quick: bool = False, only: str | None = None) -> Report:
    """`data` is a folder with image/ (and alpha/), as for the matting benchmark; made-up pictures without."""
    data = data or default_data()
    report = Report(made_up=data is None)
    if only in (None, "speed"):
        batch_speed.add_speed(report, data, quick)
    if only in (None, "memory"):
        batch_memory.add_memory(report, data, quick)
    if only in (None, "crash"):
        batch_crash.add_crash(report, data, quick)
    return report
