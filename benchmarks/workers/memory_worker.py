"""One batch job with an eye on its own memory: `IN FOLDER SETTLED`; prints megabytes as JSON."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from benchmarks.batch_pictures import MODEL
from pipelines.batch.batch import BatchOptions, Given, submit_batch
from pipelines.memory import memory_mb
from pipelines.settings import Settings
from pipelines.studio import open_studio


def main(source: Path, folder: Path, settled: int) -> None:
    """Do the batch as a job, and look twenty times a second."""
    settings = Settings(outputs=folder / "outputs", weights=folder / "weights", device="cpu", offline=True)
    studio = open_studio(settings)
    studio.start_jobs()
    options = BatchOptions(model=MODEL, refine="off", reuse=False)
    job = submit_batch(studio, [Given(source, source.name)], options)
    before = after = 0.0
    while not job.ended:
        now = memory_mb()
        if job.done <= settled:
            before = max(before, now)
        else:
            after = max(after, now)
        time.sleep(0.05)
        job = studio.jobs.get(job.id)
    studio.close()
    if job.done != job.total:
        sys.exit(f"{job.done} of {job.total} were done: {job.message}")
    print(json.dumps({"settled_mb": before, "most_mb": after, "growth_mb": after - before}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
