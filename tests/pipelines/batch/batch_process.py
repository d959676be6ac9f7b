"""A process that does one batch job, meant to be killed: `python -m ... OUTPUTS ZIP CALLS`.

Its model takes a moment for each picture and notes each in the file CALLS.
"""

from __future__ import annotations

import os
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np

from pipelines.batch.batch import submit_batch
from pipelines.batch.limits import Given
from pipelines.settings import Settings
from pipelines.studio import open_studio
from tests.fakes import FakeMatte, fake_loaders
from tests.pipelines.batch.pictures import OFF
from weights.store import ModelStore

SECONDS = 0.02


class SlowMatte(FakeMatte):
    """Takes its time and notes the call, in one write that no other can come between."""

    def __init__(self, calls: Path) -> None:
        self._calls = os.open(calls, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def alpha(self, rgb: np.ndarray) -> np.ndarray:
        os.write(self._calls, b"x")
        time.sleep(SECONDS)
        return super().alpha(rgb)


def main(outputs: Path, archive: Path, calls: Path) -> None:
    """Do the job of these outputs, or begin one, and end when it has ended."""
    settings = Settings(
        outputs=outputs, weights=outputs / "weights", models="none", offline=True, device="cpu"
    )
    loaders = {**fake_loaders(), "onnx-matte": lambda request: SlowMatte(calls)}
    studio = open_studio(settings, build_store=partial(ModelStore, loaders=loaders))
    studio.start_jobs()
    jobs = studio.jobs.list()
    job = jobs[0] if jobs else submit_batch(studio, [Given(archive, "a.zip")], OFF)
    ended = studio.jobs.wait(job.id)
    studio.close()
    sys.exit(0 if ended.status == "done" else ended.message)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
