"""Schemathesis against the OpenAPI of a real server; it is a tool of its own: `pip install schemathesis`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scripts.fuzz.hunt import Bag
from scripts.fuzz.stand import Stand

VARIABLE = "INKFRAME_SCHEMATHESIS"
CHECKS = "not_a_server_error"
PATIENCE = 120
"""Seconds beyond its time that the tool may take for its last cases and its report."""


def find_schemathesis() -> str | None:
    """The command: named by a variable, beside this Python, or on the path."""
    beside = Path(sys.executable).with_name("schemathesis")
    return os.environ.get(VARIABLE) or (str(beside) if beside.exists() else shutil.which("schemathesis"))


def hunt_rest(stand: Stand, command: str, folder: Path, seconds: float, seed: int) -> Bag:
    """Let it ask every operation with good and bad data, in any order, for so many seconds."""
    report = folder / "rest.ndjson"
    words = [command, "run", f"{stand.address}/openapi.json", "--max-time", str(max(1, int(seconds)))]
    words += ["--checks", CHECKS, "--continue-on-failure", "--request-timeout", "60", "--no-color"]
    words += ["--generation-database", "none", "--seed", str(seed), "--suppress-health-check", "all"]
    words += ["--report", "ndjson", "--report-ndjson-path", str(report), "--warnings", "off"]
    try:
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=seconds + PATIENCE)
    except subprocess.TimeoutExpired:
        return Bag(failures={"no end": "schemathesis did not come to an end"})
    bag = Bag()
    for event in read_events(report):
        count(event, bag)
    if done.returncode and not bag.failures:
        bag.failures["schemathesis"] = (done.stdout + done.stderr)[-4000:]
    return bag


def read_events(report: Path) -> Iterator[dict[str, Any]]:
    if report.exists():
        with report.open() as lines:
            for line in lines:
                yield json.loads(line)


def count(event: dict[str, Any], bag: Bag) -> None:
    """Add what one line of the report tells."""
    scenario = event.get("ScenarioFinished")
    if scenario is None:
        return
    record = scenario["recorder"]
    bag.cases += len(record.get("cases", ()))  # none where an operation could not be asked
    if scenario["status"] in ("failure", "error"):
        bag.failures.setdefault(record["label"], find_failed_checks(record))


def find_failed_checks(record: dict[str, Any]) -> str:
    """The checks of a scenario that failed, each with its request."""
    failed = [
        {"check": check, "case": record.get("cases", {}).get(case, {}).get("value")}
        for case, checks in record.get("checks", {}).items()
        for check in checks
        if check.get("status") != "success"
    ]
    return json.dumps(failed or record, indent=1)[:4000]
