"""A stand-in for training: counts steps as the real one does, ends with its parent, goes on from its checkpoint."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weights.files import BUILTIN

if TYPE_CHECKING:
    from tests.faults.stand import Pace

STEPS = 60


def command(pace: Pace, studio: Any, folder: Path, painting: Path, steps: int) -> list[str]:
    """As pipelines.webcam.my_style_job.training_command."""
    return [*python("train_style"), str(pace.seconds), str(pace.hold), str(folder / "run"), str(os.getpid())]


def python(module: str) -> list[str]:
    """As pipelines.webcam.my_style_job.python."""
    return [sys.executable, "-m", "tests.faults.training", module]


def train(seconds: float, hold: int, run: Path, parent: int) -> None:
    run.mkdir(parents=True, exist_ok=True)
    kept = run / "latest.pt"
    first = int(kept.read_text()) if kept.exists() else 0
    seen = run.parents[3] / "steps" / run.parent.name
    seen.parent.mkdir(exist_ok=True)
    with (run / "log.jsonl").open("a") as log, seen.open("a") as told:
        for step in range(first + 1, STEPS + 1):
            while os.getppid() == parent and hold and step > hold:
                time.sleep(0.02)
            if os.getppid() != parent:
                return
            time.sleep(seconds)
            kept.write_text(str(step))
            for each in (log, told):
                each.write(json.dumps({"step": step}) + "\n")
                each.flush()


def main(module: str, *words: str) -> None:
    if module == "export_style":
        shutil.copyfile(BUILTIN / "style.onnx", words[0])
    else:
        train(float(words[0]), int(words[1]), Path(words[2]), int(words[3]))


if __name__ == "__main__":
    main(*sys.argv[1:])
