"""`python -m benchmarks NAME [--data DIR] [--json FILE]`: run one benchmark, print its table.

`python -m benchmarks all` runs them all, one after the other, and writes benchmarks/RESULTS.md.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import signal
from pathlib import Path
from types import FrameType
from typing import Any

from benchmarks.data import has_files
from benchmarks.table import Report, put_into, read_around

NAMES = ("batch", "cartoon", "interpolation", "live", "live_page", "load", "matting", "video")
FURTHER = ("minutes", "users")
"""What only some benchmarks take."""


def main() -> None:
    """Each benchmark is a module with `run(data, quick, only) -> Report`, and ONLY, the parts that `only` names."""
    parser = build_parser()
    given = parser.parse_args()
    check_places(parser, given)
    if given.name == "all":
        from benchmarks.results import beside, write_results

        names = given.only.split(",") if given.only else None
        signal.signal(signal.SIGTERM, end)
        raise SystemExit(write_results(names, given.data, given.quick, beside(given.into)))
    module = importlib.import_module(f"benchmarks.{given.name}")
    further = {name: getattr(given, name) for name in FURTHER if getattr(given, name) is not None}
    for name in set(further) - set(inspect.signature(module.run).parameters):
        parser.error(f"{given.name} does not take --{name}")
    parts = getattr(module, "ONLY", None)
    if parts and given.only is not None and given.only not in parts:
        parser.error(f"{given.name} has no part {given.only!r}; there are: {', '.join(parts)}")
    report: Report = module.run(given.data, quick=given.quick, only=given.only, **further)
    if not report.parts:
        parser.error(f"nothing was measured: {given.name} has no part {given.only!r}")
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


def check_places(parser: argparse.ArgumentParser, given: argparse.Namespace) -> None:
    """Before minutes of measuring: is the data there, and can what is asked for be written?"""
    if given.data and not has_files(given.data):
        parser.error(f"--data: {given.data} is not there or holds no files")
    for place in filter(None, (given.json, given.tables, given.into)):
        if not place.absolute().parent.is_dir():
            parser.error(f"there is no folder {place.parent}")
    if given.into and given.name != "all":
        try:
            read_around(given.into)
        except (OSError, ValueError) as error:
            parser.error(f"--into: {error}")


def end(number: int, frame: FrameType | None) -> None:
    """Let what is open be closed: a section's processes are a group of their own and would go on."""
    raise SystemExit(128 + number)


def write_files(report: Report, given: Any) -> None:
    """The figures say by `made_up` whether they may be quoted."""
    if given.json:
        figures = {**report.figures, "made_up": report.made_up}
        given.json.write_text(json.dumps(figures, indent=1) + "\n")
    if given.tables:
        given.tables.write_text(report.text())
    if given.into:
        put_into(given.into, report.text())


if __name__ == "__main__":
    main()
