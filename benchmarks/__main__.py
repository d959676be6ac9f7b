"""`python -m benchmarks NAME [--data DIR] [--json FILE]`: run one benchmark, print its table.

`python -m benchmarks all` runs them all, one after the other, and writes benchmarks/RESULTS.md.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
from pathlib import Path
from typing import Any

from benchmarks.table import Report, put_into

NAMES = ("batch", "cartoon", "interpolation", "live", "live_page", "load", "matting", "video")
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
FURTHER = ("minutes", "users")
"""What only some benchmarks take."""


def main() -> None:
    """Each benchmark is a module with `run(data, quick, only) -> Report`."""
    parser = build_parser()
    given = parser.parse_args()
    if given.name == "all":
        from benchmarks.results import beside, write_results

        names = given.only.split(",") if given.only else None
        raise SystemExit(write_results(names, given.data, given.quick, beside(given.into)))
    module = importlib.import_module(f"benchmarks.{given.name}")
    further = {name: getattr(given, name) for name in FURTHER if getattr(given, name) is not None}
    for name in set(further) - set(inspect.signature(module.run).parameters):
        parser.error(f"{given.name} does not take --{name}")
    report: Report = module.run(given.data, quick=given.quick, only=given.only, **further)
    print(report.text())
    write_files(report, given)


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=(*NAMES, "all"))
    parser.add_argument("--data", type=Path, help="folder of the benchmark's pictures")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    parser.add_argument("--tables", type=Path, help="also write the tables here")
    parser.add_argument(
        "--into", type=Path, help="also put the tables between this page's marks; of all: the page"
    )
    parser.add_argument("--quick", action="store_true", help="fewer pictures and runs")
    parser.add_argument(
        "--only",
        help="one part of the benchmark, such as quality or speed; of all: names with , between them",
    )
    parser.add_argument("--minutes", type=float, help="how long, of load and of the parts about memory")
    parser.add_argument("--users", type=int, help="how many people, of load")
    return parser


def write_files(report: Report, given: Any) -> None:
    if given.json:
        given.json.write_text(json.dumps(report.figures, indent=1) + "\n")
    if given.tables:
        given.tables.write_text(report.text())
    if given.into:
        put_into(given.into, report.text())


if __name__ == "__main__":
    main()
