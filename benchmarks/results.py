"""`python -m benchmarks all`: every section in a process of its own, one RESULTS.md of them, and the plots.

results.json keeps what was measured, so that `--only a,b` replaces those sections and no others; a section that
fails says why and keeps no older figures.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from benchmarks.data import DATA
from benchmarks.machine import describe_commit, describe_machine
from benchmarks.results_page import render_page
from benchmarks.results_plots import write_plots
from benchmarks.sections import SECTIONS, Section
from pipelines.settings import ROOT
from training.whole_files import write_text

DIGITS = 5
Found = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """The page, the figures that it is made of, and the folder of the plots."""

    page: Path = ROOT / "benchmarks" / "RESULTS.md"
    kept: Path = ROOT / "benchmarks" / "results.json"
    plots: Path = ROOT / "docs" / "figures"


def beside(page: Path | None) -> Place:
    """Where everything goes: to its place in the repository, or beside another page."""
    return Place(page, page.with_suffix(".json"), page.with_suffix("")) if page else Place()


def write_results(only: Sequence[str] | None, data: Path | None, quick: bool, place: Place) -> int:
    """Run the sections and write after each what is there by then; how many failed."""
    unknown = sorted(set(only or ()) - set(SECTIONS))
    if unknown:
        print(f"There is no section {unknown[0]}. There are: {', '.join(SECTIONS)}", file=sys.stderr)
        return 2
    failed = 0
    machine = describe_machine()
    for name in only or SECTIONS:
        section = SECTIONS[name]
        print(f"{name} (about {section.minutes:g} minutes) ... ", end="", flush=True)
        found = measure(section, data, quick, section.limit_seconds) | {"machine": machine}
        failed += bool(found["problem"])
        print(found["problem"] or f"{found['seconds']:.0f} s", flush=True)
        keep(name, found, place)
    return 1 if failed else 0


def measure(section: Section, data: Path | None, quick: bool, limit: float) -> Found:
    """Run one section: its tables as text, its figures, or what was wrong with it."""
    with tempfile.TemporaryDirectory() as name:
        tables, figures, said = (Path(name) / each for each in ("tables.md", "figures.json", "said.txt"))
        words = section.command(data, quick)
        start = time.monotonic()
        problem = run_child([*words, "--tables", str(tables), "--json", str(figures)], said, limit)
        found = {} if problem else json.loads(figures.read_text(encoding="utf-8"))
        made_up = found.pop("made_up", False) or not section.has_data(data or DATA)
        shown = section.command(Path("DATA") if data else None, quick)
        return {
            "command": f"python -m benchmarks {' '.join(shown)}",
            "text": "" if problem else tables.read_text(encoding="utf-8"),
            "figures": round_all(found),
            "problem": problem.replace(str(data or DATA), "DATA"),
            "quick": quick,
            "made_up": made_up,
            "seconds": round(time.monotonic() - start, 1),
            "date": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
            "commit": describe_commit(),
        }


def run_child(words: Sequence[str], said: Path, limit: float) -> str:
    """Run a benchmark and end all that it began; empty, or what was wrong."""
    command = [sys.executable, "-m", "benchmarks", *words]
    with open(said, "wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        try:
            status = process.wait(limit)
        except subprocess.TimeoutExpired:
            return f"It took more than {limit / 60:.3g} minutes and was stopped."
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if status == 0:
        return ""
    lines = said.read_text(errors="replace").strip().splitlines() or [f"status {status}"]
    reason = (
        next((line for line in reversed(lines) if not line[:1].isspace()), "")
        .replace(sys.executable, "python")
        .replace(str(ROOT), ".")
    )
    return f"It failed: {reason[:300]}"


def keep(name: str, found: Found, place: Place) -> None:
    """Put a section in place of an older one of that name; those that no longer exist go."""
    sections = {**read_kept(place.kept), name: found}
    sections = {each: sections[each] for each in SECTIONS if each in sections}
    write_text(place.kept, json.dumps({"sections": sections}, indent=1, ensure_ascii=False) + "\n")
    write_text(place.page, render_page(sections))
    write_plots(sections, place.plots)


def read_kept(path: Path) -> Mapping[str, Found]:
    """The sections of earlier runs."""
    try:
        kept: dict[str, Found] = json.loads(path.read_text(encoding="utf-8"))["sections"]
    except (OSError, ValueError, KeyError):
        return {}
    return kept


def round_all(value: Any) -> Any:
    """Floats with the digits that matter, at any depth."""
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {name: round_all(each) for name, each in value.items()}
    return [round_all(each) for each in value] if isinstance(value, list) else value
