"""Pictures a second, a folder of JPEGs to a folder of PNGs, beside `rembg p` with the same u2netp file.

Both run in processes of their own, are warmed up with a few pictures, and take turns part by part (A B A B
...), so that a machine whose speed drifts is fair to both. rembg writes the mask as alpha; Inkframe also
estimates the subject's own colours, hashes, labels and keeps a ledger: each does what its folder command does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.batch_pictures import count_files, split_folder, write_pictures
from benchmarks.matting_speed import NO_REMBG, PEERS, Peer, install_rembg
from benchmarks.table import Report
from pipelines.settings import ROOT

COUNT, PARTS, WARM_UP = 300, 3, 6
QUICK_COUNT = 24


class FolderWorker:
    """A process that does one folder for each line it reads."""

    def __init__(self, contender: str, peer: Peer | None, folder: Path) -> None:
        environ = os.environ | {"OMP_NUM_THREADS": str(os.cpu_count())}
        if contender in PEERS:
            if peer is None:
                raise ValueError("rembg is not installed")
            command = peer.command("rembg_folder_worker.py", contender)
            environ["U2NET_HOME"] = str(peer.models)
        else:
            command = [sys.executable, "-m", "benchmarks.workers.inkframe_folder_worker", str(folder)]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environ,
            cwd=ROOT,
        )

    def do(self, source: Path, target: Path) -> dict[str, float]:
        """One folder: {"seconds", "peak_mb", ...}. Raises RuntimeError when files are missing after it."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("no pipes")
        self._process.stdin.write(json.dumps([str(source), str(target)]) + "\n")
        self._process.stdin.flush()
        answer: dict[str, float] = json.loads(self._process.stdout.readline())
        wanted, found = len(list(source.iterdir())), count_files(target)
        if found != wanted:
            raise RuntimeError(f"{found} of {wanted} pictures were done")
        return answer

    def close(self) -> None:
        self._process.communicate()


def add_speed(report: Report, data: Path | None, quick: bool) -> None:
    """Time both; rembg is left out, and said so, where it can't be installed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peer = install_rembg(folder)
        if peer is None:
            report.parts.append(NO_REMBG)
        count = QUICK_COUNT if quick else COUNT
        parts = split_folder(write_pictures(data, folder / "pictures", count), PARTS)
        warm = write_pictures(data, folder / "warm", WARM_UP)
        contenders = (*PEERS, "inkframe") if peer else ("inkframe",)
        workers = {each: FolderWorker(each, peer, folder) for each in contenders}
        answers: dict[str, list[dict[str, float]]] = {each: [] for each in contenders}
        try:
            for number, part in enumerate([warm, *parts]):
                for each, worker in workers.items():
                    answer = worker.do(part, folder / each / str(number))
                    if number:
                        answers[each].append(answer)
        finally:
            for worker in workers.values():
                worker.close()
    report.figures["speed"] = figures = summarise(answers, count)
    rows = [
        [each, found["pictures_per_second"], found.get("against_rembg", "-"), round(found["peak_mb"])]
        for each, found in figures.items()
    ]
    title = f"Folder to folder, {count} JPEGs of 1 Mpx, u2netp, edges off, warm, {os.cpu_count()} cores"
    report.add_table(title, ["what", "pictures/s", "x rembg", "peak MB"], rows)
    own = figures["inkframe"]
    report.add_table(
        "What Inkframe's time goes to",
        ["the nets were at work", "speed of the nets alone, pictures/s", "batch / nets alone"],
        [[own["model_share"], own["nets_alone"], own["pictures_per_second"] / own["nets_alone"]]],
    )


def summarise(answers: dict[str, list[dict[str, float]]], count: int) -> dict[str, dict[str, float]]:
    """Rates over all parts; of Inkframe also what share of the time each lane of the model was busy."""
    figures: dict[str, dict[str, float]] = {}
    for each, parts in answers.items():
        seconds = sum(part["seconds"] for part in parts)
        figures[each] = {
            "seconds": seconds,
            "pictures_per_second": count / seconds,
            "peak_mb": max(part["peak_mb"] for part in parts),
        }
    own, parts = figures["inkframe"], answers["inkframe"]
    own["model_share"] = sum(part["model_seconds"] / part["lanes"] for part in parts) / own["seconds"]
    own["nets_alone"] = sum(part["nets_alone"] for part in parts) / len(parts)
    if "rembg" in figures:
        base = figures["rembg"]["pictures_per_second"]
        for found in figures.values():
            found["against_rembg"] = found["pictures_per_second"] / base
    return figures
