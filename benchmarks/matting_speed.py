"""Seconds and memory, JPEG file in to PNG file out, beside rembg with the same u2netp file.

Both run as workers in processes of their own and take turns (A B A B ...), so that a machine whose speed
drifts is fair to both. Cold: from the start of the process to the first finished file. Peak memory: of a
fresh process that does one picture.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import cv2
import numpy as np

from benchmarks.own_environment import install_peer
from benchmarks.pairs import read_pairs, synthesise
from benchmarks.table import Report
from pipelines.settings import ROOT
from weights.catalogue import Catalogue
from weights.files import locate

REMBG = ("rembg[cli,cpu]==2.0.86",)
NO_REMBG = "rembg is left out: it could not be installed."
SIZES = {"1 Mpx": (1224, 816), "4 Mpx": (2450, 1634), "12 Mpx": (4243, 2828)}
LIKE = "rembg at level 1"
PEERS: dict[str, list[str]] = {"rembg": [], LIKE: ["1"]}
"""The same net with rembg's own PNG, and with one that is compressed as little as ours."""
EDGES = ("off", "fast", "fine")
RUNS = 7


@dataclass(frozen=True)
class Peer:
    """rembg in a virtual environment of its own, and the model folder it looks into."""

    python: Path
    models: Path

    def command(self, script: str, contender: str) -> list[str]:
        """What runs a script of benchmarks/workers as one of PEERS."""
        return [str(self.python), str(ROOT / "benchmarks" / "workers" / script), *PEERS[contender]]


class Worker:
    """A process that does one picture for each line it reads."""

    def __init__(self, contender: str, peer: Peer | None, folder: Path) -> None:
        self._start = time.perf_counter()
        environ = os.environ | {"OMP_NUM_THREADS": str(os.cpu_count())}
        if contender in PEERS:
            assert peer is not None
            command = peer.command("rembg_worker.py", contender)
            environ["U2NET_HOME"] = str(peer.models)
        else:
            command = [sys.executable, "-m", "benchmarks.workers.inkframe_worker", contender, str(folder)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ, cwd=ROOT
        )

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def do(self, source: Path, target: Path) -> dict[str, float]:
        """One picture: {"seconds", "peak_mb"}."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([str(source), str(target)]) + "\n")
        self._process.stdin.flush()
        answer: dict[str, float] = json.loads(self._process.stdout.readline())
        return answer

    def do_cold(self, source: Path, target: Path) -> dict[str, float]:
        """The first picture, timed from the start of the process."""
        return self.do(source, target) | {"seconds": time.perf_counter() - self._start}


def add_speed(report: Report, data: Path | None, quick: bool) -> None:
    """Time all contenders at all sizes; rembg is left out, and said so, where it can't be installed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peer = install_rembg(folder)
        if peer is None:
            report.parts.append(NO_REMBG)
        contenders = (*PEERS, *EDGES) if peer else EDGES
        sizes = dict(list(SIZES.items())[:1]) if quick else SIZES
        pictures = {
            size: write_picture(data, folder / f"{size}.jpg", *sides) for size, sides in sizes.items()
        }
        found = {
            contender: time_contender_cold(contender, peer, pictures, folder) for contender in contenders
        }
        time_warm(found, peer, pictures, folder, 2 if quick else RUNS)
    report.figures["speed"] = found
    rows = [row for size in pictures for row in size_rows(size, found)]
    report.add_table(
        f"Speed and memory, JPEG file to PNG file, u2netp, {os.cpu_count()} cores",
        ["size", "what", "cold s", "warm s", "warm / rembg", "peak MB", "PNG MB"],
        rows,
    )


def title_of(contender: str) -> str:
    return contender if contender in PEERS else f"Inkframe, edges {contender}"


def size_rows(size: str, found: dict[str, Any]) -> list[list[object]]:
    base = found.get("rembg", {}).get(size, {}).get("warm")
    rows: list[list[object]] = []
    for contender, sizes in found.items():
        figures = sizes[size]
        title = title_of(contender)
        ratio = figures["warm"] / base if base else "-"
        most, written = round(figures["peak_mb"]), figures["png_mb"]
        rows.append([size, title, figures["cold"], figures["warm"], ratio, most, written])
    return rows


def time_contender_cold(
    contender: str, peer: Peer | None, pictures: dict[str, Path], folder: Path
) -> dict[str, dict[str, float]]:
    found = {}
    for size, path in pictures.items():
        out = folder / "out.png"
        with Worker(contender, peer, folder) as worker:
            answer = worker.do_cold(path, out)
        written = out.stat().st_size / 1e6
        found[size] = {"cold": answer["seconds"], "peak_mb": answer["peak_mb"], "png_mb": written}
    return found


def time_warm(
    found: dict[str, dict[str, dict[str, float]]],
    peer: Peer | None,
    pictures: dict[str, Path],
    folder: Path,
    runs: int,
) -> None:
    """Medians over `runs` rounds in which the contenders take turns, after one round that does not count."""
    workers = {contender: Worker(contender, peer, folder) for contender in found}
    try:
        for size, path in pictures.items():
            taken: dict[str, list[float]] = {contender: [] for contender in workers}
            for _ in range(runs + 1):
                for contender, worker in workers.items():
                    taken[contender].append(worker.do(path, folder / "out.png")["seconds"])
            for contender, seconds in taken.items():
                found[contender][size]["warm"] = statistics.median(seconds[1:])
    finally:
        for worker in workers.values():
            worker.__exit__(None, None, None)


def write_picture(data: Path | None, path: Path, width: int, height: int) -> Path:
    """A JPEG of that size: a photo from the data folder, or a made-up one."""
    if data:
        rgb = read_pairs(data)[0].rgb
        rgb = cv2.resize(rgb, (width, height), interpolation=cv2.INTER_CUBIC)
    else:
        rgb = synthesise(np.random.default_rng(0), "speed", height, width).rgb
    cv2.imwrite(str(path), rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])
    return path


def install_rembg(folder: Path) -> Peer | None:
    """rembg in an environment of its own, with our model file in its folder; None where it can't be installed."""
    python = install_peer("rembg", REMBG)
    if python is None:
        return None
    models = folder / "u2net"
    models.mkdir()
    shutil.copy(locate(Catalogue()["u2netp"], folder)[0], models / "u2netp.onnx")
    return Peer(python, models)
