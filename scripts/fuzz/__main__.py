"""`python -m scripts.fuzz --minutes 10 [--only zip image] [--seed 1] [--keep FOLDER]`.

Prints a table, and each failure with the case that makes it; ends with 1 when there is one.
"""

from __future__ import annotations

import argparse
import json
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from scripts.fuzz.fence import ROOT
from scripts.fuzz.hunt import Bag
from scripts.fuzz.kinds import NAMES, hunt_one
from scripts.fuzz.rest import VARIABLE, find_schemathesis

PATIENCE = 300
"""Seconds beyond its time after which a target's process hangs."""


def main(words: Sequence[str] | None = None) -> int:
    """Hunt as the words say; 1 when something was found."""
    given = read_words(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(2))  # so that what was started is ended, too
    if given.child:
        return be_child(given)
    wanted = [name for name in NAMES if name in given.only or not given.only]
    if "rest" in wanted and find_schemathesis() is None:
        wanted.remove("rest")
        print(f"rest is left out: pip install schemathesis, or name its command in {VARIABLE}")
    seed = given.seed or secrets.randbelow(1 << 31)
    print(f"seed {seed}; {given.minutes:g} minutes for {len(wanted)} targets", flush=True)
    bags = {}
    for name in wanted:
        bags[name] = hunt_in_child(name, given.minutes * 60 / len(wanted), seed, given.keep)
        print(f"{name}: {bags[name].cases} cases, {len(bags[name].failures)} failures", flush=True)
        for kind, trace in bags[name].failures.items():
            print(f"\n== {name}: {kind}\n{trace}", flush=True)
    print("\n" + draw_table(bags))
    return int(any(bag.failures for bag in bags.values()))


def read_words(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="for all targets together")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=[], help="these targets alone")
    parser.add_argument("--seed", type=int, default=0, help="the same seed makes the same cases; 0: any")
    parser.add_argument("--keep", type=Path, help="where the case stays that ended a process")
    parser.add_argument("--child", choices=NAMES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, help=argparse.SUPPRESS)
    return parser.parse_args(words)


def be_child(given: argparse.Namespace) -> int:
    bag = hunt_one(given.child, given.folder, given.seconds, given.seed, watch=True)
    (given.folder / "bag.json").write_text(json.dumps(asdict(bag)))
    return 0


def hunt_in_child(name: str, seconds: float, seed: int, keep: Path | None) -> Bag:
    """Hunt one target in a process of its own: one that crashes or hangs is a finding, not the end."""
    with tempfile.TemporaryDirectory(prefix="inkframe-fuzz-") as home:
        folder = Path(home)
        words = ["--child", name, "--folder", home, "--seconds", str(seconds), "--seed", str(seed)]
        with (folder / "child.txt").open("wb") as log:
            child = subprocess.Popen(
                [sys.executable, "-m", "scripts.fuzz", *words], cwd=ROOT, stdout=log, stderr=log
            )
            try:
                code = child.wait(seconds + PATIENCE)
            except subprocess.TimeoutExpired:
                code = -signal.SIGKILL
            finally:
                child.terminate()
                child.wait()
        told = folder / "bag.json"
        if told.exists():
            return Bag(**json.loads(told.read_text()))
        return explain_end(name, folder, code, keep)


def explain_end(name: str, folder: Path, code: int, keep: Path | None) -> Bag:
    """The finding that a process ended by itself, or did not end; with the case that it had last."""
    last = folder / f"{name}.last"
    case = last.read_text(errors="replace") if last.exists() else ""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        (keep / f"{name}.last").write_text(case)
    log = (folder / "child.txt").read_text(errors="replace")[-3000:]
    return Bag(failures={f"ended with {code}": f"{log}\nits last case:\n{case[:2000]}"})


def draw_table(bags: Mapping[str, Bag]) -> str:
    rows = ["| target | cases | seconds | slowest case, s | peak MB | failures |", "| --- |" + " --- |" * 5]
    for name, bag in bags.items():
        facts = f"{bag.cases} | {bag.seconds:.0f} | {bag.slowest:.2f} | {bag.megabytes}"
        rows.append(f"| {name} | {facts} | {len(bag.failures)} |")
    total = sum(bag.cases for bag in bags.values()), sum(bag.seconds for bag in bags.values())
    failures = sum(len(bag.failures) for bag in bags.values())
    return "\n".join([*rows, f"| all | {total[0]} | {total[1]:.0f} | | | {failures} |"])


if __name__ == "__main__":
    sys.exit(main())
