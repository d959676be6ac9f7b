"""What `kill -9` costs: the same batch undisturbed and killed at random moments."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.batch_pictures import write_pictures
from benchmarks.table import Report
from pipelines.settings import ROOT

COUNT, KILLS = 200, 10
QUICK_COUNT, QUICK_KILLS = 20, 2


@dataclass(frozen=True)
class Outcome:
    """Seconds from first start to end, how often the net did a picture, and the results."""

    seconds: float
    done: int
    files: dict[str, bytes]


def add_crash(report: Report, data: Path | None, quick: bool) -> None:
    """Seconds lost for each kill (the new process and its model included) and pictures done twice."""
    count, kills = (QUICK_COUNT, QUICK_KILLS) if quick else (COUNT, KILLS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = write_pictures(data, folder / "pictures", count)
        archive = Path(shutil.make_archive(str(folder / "pictures"), "zip", source))
        calm = do_batch(archive, folder / "calm", [])
        moments = sorted(random.Random(0).sample(range(1, count), kills))
        rough = do_batch(archive, folder / "rough", moments)
    report.figures["crash"] = found = {
        "kills": kills,
        "seconds_lost_per_kill": (rough.seconds - calm.seconds) / kills,
        "done_twice_per_kill": (rough.done - calm.done) / kills,
        "files": len(rough.files),
        "identical": rough.files == calm.files,
    }
    report.add_table(
        f"kill -9 at {kills} random moments of a batch of {count} pictures of 1 Mpx",
        ["seconds lost a kill", "pictures done twice a kill", "files", "all identical"],
        [[found[name] for name in ("seconds_lost_per_kill", "done_twice_per_kill", "files", "identical")]],
    )


def do_batch(archive: Path, outputs: Path, kill_at: list[int]) -> Outcome:
    """Run the job to its end, killing it whenever the net has done so many pictures."""
    calls = outputs.with_suffix(".calls")
    calls.touch()
    start = time.perf_counter()
    for moment in [*kill_at, None]:
        command = [sys.executable, "-m", "benchmarks.workers.crash_worker", archive, outputs, calls]
        process = subprocess.Popen(list(map(str, command)), cwd=ROOT)
        while moment is not None and calls.stat().st_size < moment and process.poll() is None:
            time.sleep(0.005)
        if moment is not None:
            process.kill()
        if process.wait() > 0:
            raise RuntimeError("the batch failed")
    seconds = time.perf_counter() - start
    (run,) = outputs.glob("outputs_*")
    files = {path.name: path.read_bytes() for path in (run / "results").rglob("*.png")}
    return Outcome(seconds, calls.stat().st_size, files)
