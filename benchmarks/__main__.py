"""`python -m benchmarks NAME [--data DIR] [--json FILE]`: run one benchmark, print its table."""

from __future__ import annotations

import argparse
import importlib
import json
from pathlib import Path

from benchmarks.table import Report

NAMES = ("batch", "cartoon", "interpolation", "live", "matting", "video")
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def main() -> None:
    """Each benchmark is a module with `run(data, quick) -> Report`."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=(*NAMES, "all"))
    parser.add_argument("--data", type=Path, help="folder of the benchmark's pictures")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    parser.add_argument("--quick", action="store_true", help="fewer pictures and runs")
    parser.add_argument("--only", help="one part of the benchmark, such as quality or speed")
    given = parser.parse_args()
    reports: dict[str, Report] = {}
    for name in NAMES if given.name == "all" else (given.name,):
        module = importlib.import_module(f"benchmarks.{name}")
        reports[name] = module.run(given.data, quick=given.quick, only=given.only)
        print(reports[name].text())
    if given.json:
        figures = {name: report.figures for name, report in reports.items()}
        one = figures.get(given.name, figures)
        given.json.write_text(json.dumps(one, indent=1) + "\n")


if __name__ == "__main__":
    main()
