"""Many people at once: Locust before a real server on this machine, all routes mixed, memory watched.

A server that has too much to do may answer 429 or 503 with Retry-After; every other failure counts as one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.batch_pictures import write_jpeg, write_pictures
from benchmarks.matting import default_data
from benchmarks.own_environment import install_peer
from benchmarks.pairs import synthesise
from benchmarks.serving import APP, served
from benchmarks.synthetic import SyntheticScene, encode_frames
from benchmarks.table import Report
from benchmarks.tree_memory import MemoryWatch, wait_for_rest
from pipelines.settings import ROOT

LOCUST = ("locust==2.47.0", "websockets==16.1.1")
USERS, MINUTES = 50, 10.0
QUICK_USERS, QUICK_MINUTES = 10, 0.5
WARM_UP = 0.5
"""Share of the time for which people come before anything is counted: by then each net has been used, and in ten
minutes the page holds as many visits as it ever does."""
A_SECOND = 5
"""How many people come a second at the start."""
SMALL, LIVE, FRAMES = (480, 640), (320, 240), 40
FOUR = 4
LATE_SECONDS = 150
"""How long after the end the last answers may come."""
MEMORY = ("before_mb", "after_mb", "settled_mb", "end_mb", "most_mb")
TURNED_AWAY = " (turned away)"
LEFT_OUT = "Left out: Locust could not be installed."


def run(
    data: Path | None,
    *,
    quick: bool = False,
    only: str | None = None,
    minutes: float | None = None,
    users: int | None = None,
) -> Report:
    """`data` as for the matting benchmark: what is sent. There are no parts to choose from."""
    report = Report()
    driver = install_peer("Locust", LOCUST)
    if driver is None:
        report.parts.append(LEFT_OUT)
        return report
    data = data or default_data()
    report.made_up = data is None
    minutes = QUICK_MINUTES if quick else minutes or MINUTES
    users = QUICK_USERS if quick else users or USERS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_what_is_sent(data, folder)
        log = folder / "server.log"
        with served(APP, folder / "outputs", log, INKFRAME_RATE_LIMIT="0") as (pid, address):
            send_people(driver, folder, address, users, WARM_UP * minutes)
            before = hold_at_rest(pid)
            with MemoryWatch(pid) as memory:
                found = send_people(driver, folder, address, users, minutes)
            after = hold_at_rest(pid)
        found["tracebacks"] = log.read_text(errors="replace").count("Traceback (most recent call last)")
    held = memory.summary() | {"before_mb": before, "after_mb": after}
    add_tables(report, {**found, "users": users, "minutes": minutes, "memory": held})
    return report


def hold_at_rest(pid: int) -> float | None:
    """Memory when nothing is in work, in MB; None where that does not come: the other figures still count."""
    try:
        return wait_for_rest(pid)
    except TimeoutError as error:
        print(error, file=sys.stderr)
        return None


def write_what_is_sent(data: Path | None, folder: Path) -> None:
    """A photo of 1 Mpx, a small one, a zip of four, a camera's frames."""
    photos = sorted(write_pictures(data, folder / "photos", FOUR).iterdir())
    photos[0].rename(folder / "photo.jpg")
    write_jpeg(folder / "small.jpg", synthesise(np.random.default_rng(1), "load", *SMALL).rgb)
    with zipfile.ZipFile(folder / "four.zip", "w") as archive:
        for number in range(FOUR):
            archive.write(folder / "small.jpg", f"{number}/small.jpg")
            archive.writestr(f"{number}/note.txt", f"{number}")
    for number, frame in enumerate(encode_frames(SyntheticScene(LIVE), FRAMES)):
        (folder / f"frame-{number:03d}.jpg").write_bytes(frame)


def send_people(driver: Path, folder: Path, address: str, users: int, minutes: float) -> dict[str, Any]:
    """Let Locust do its work; what it counted. Raises RuntimeError when it did not get that far."""
    seconds = round(60 * minutes)
    people = ["--users", str(users), "--spawn-rate", str(A_SECOND), "--run-time", f"{seconds}s"]
    counted = folder / "stats.json"
    counted.unlink(missing_ok=True)
    script = ROOT / "benchmarks" / "workers" / "locust_users.py"
    command = [str(driver), "-m", "locust", "-f", str(script), "--headless", "--only-summary"]
    done = subprocess.run(
        [*command, *people, "--stop-timeout", "30", "--host", address],
        env=os.environ | {"INKFRAME_LOAD_FOLDER": str(folder)},
        capture_output=True,
        text=True,
        timeout=seconds + LATE_SECONDS,
    )
    if not counted.exists():
        raise RuntimeError(f"Locust failed: {done.stderr[-1000:]}")
    found: dict[str, Any] = json.loads(counted.read_text())
    return found


def add_tables(report: Report, found: dict[str, Any]) -> None:
    """All in all, each route, and what failed."""
    routes = {name: row for name, row in sorted(found["routes"].items()) if row["requests"]}
    away = sum(row["requests"] for name, row in routes.items() if name.endswith(TURNED_AWAY))
    requests = sum(row["requests"] for row in routes.values())
    found |= {
        "requests": requests,
        "turned_away": away,
        "failures": sum(row["failures"] for row in routes.values()),
        "a_second": requests / max(found["seconds"], 1e-9),
    }
    report.figures.update(found)
    memory = found["memory"]
    report.add_table(
        f"{found['users']} people for {found['minutes']:g} minutes, {os.cpu_count()} cores",
        ["requests and live frames", "a second", "429 or 503", "failures", "tracebacks in the log"],
        [[requests, found["a_second"], away, found["failures"], found["tracebacks"]]],
    )
    report.add_table(
        "Memory of the server and its children, MB",
        ["at rest before", "at rest after", "soon after the start", "towards the end", "most"],
        [["-" if memory[name] is None else round(memory[name]) for name in MEMORY]],
    )
    times = ("p50_ms", "p95_ms", "max_ms")
    report.add_table(
        "Each route, ms",
        ["route", "requests", "failures", "p50", "p95", "max"],
        [
            [name, row["requests"], row["failures"], *(round(row[each]) for each in times)]
            for name, row in routes.items()
        ],
    )
    report.parts.extend(f"Failed: {trouble}" for trouble in found["troubles"])
