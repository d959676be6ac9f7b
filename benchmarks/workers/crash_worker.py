"""A process that does one batch job and may be killed: `ZIP OUTPUTS CALLS`; a byte in CALLS a picture."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from benchmarks.batch_pictures import MODEL
from pipelines.batch import engine
from pipelines.batch.batch import BatchOptions, Given, submit_batch
from pipelines.batch.one_picture import do_picture
from pipelines.settings import Settings
from pipelines.studio import open_studio


def main(archive: Path, outputs: Path, calls: Path) -> None:
    """Go on with the job of these outputs, or begin it, and end with it."""
    log = os.open(calls, os.O_WRONLY | os.O_APPEND)

    def noted(*given: Any) -> Any:
        os.write(log, b"x")
        return do_picture(*given)

    vars(engine)["do_picture"] = noted
    settings = Settings(outputs=outputs, weights=outputs / "weights", device="cpu", offline=True)
    studio = open_studio(settings)
    studio.start_jobs()
    jobs = studio.jobs.list()
    options = BatchOptions(model=MODEL, refine="off")
    job = jobs[0] if jobs else submit_batch(studio, [Given(archive, archive.name)], options)
    ended = studio.jobs.wait(job.id)
    studio.close()
    sys.exit(0 if ended.status == "done" else ended.message)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
