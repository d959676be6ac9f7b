"""What each kind of write does on a disk that is really full: `python -m tests.faults.full_disk FOLDER NAME...`.

FOLDER is a small disk of its own (see `test_full_disk`). Each scenario fills it with a ballast file, works, makes room
and goes on; the answers go to stdout as JSON, a line a scenario.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pipelines.settings import Settings
from pipelines.studio import Studio
from tests.faults import full_disk_files as files
from tests.faults import full_disk_jobs as jobs
from tests.faults.small_disk import Disk
from tests.faults.stand import Pace, open_slow_studio, shorten
from weights.disk import remove_folder

Scenario = Callable[[Disk, Studio], dict[str, Any]]
JOBS: Sequence[Scenario] = (jobs.batch, jobs.cartoon_film, jobs.video, jobs.training)
ALIKE: Sequence[Scenario] = (jobs.frames_zip, jobs.gif, jobs.webm, jobs.slow_film)
OTHERS: Sequence[Scenario] = (
    files.picture,
    files.zip_of_a_batch,
    files.recorded,
    files.download,
    files.conversion,
    files.read_only,
)


def play(scenario: Scenario, root: Path) -> dict[str, Any]:
    """One scenario with a studio of its own on an otherwise empty disk."""
    disk = Disk(root / scenario.__name__)
    disk.folder.mkdir()
    settings = Settings(
        outputs=disk.folder / "o",
        weights=disk.folder / "w",
        models="none",
        offline=True,
        device="cpu",
        jobs=1,
    )
    studio = open_slow_studio(settings)
    shorten(settings, Pace(0.0))
    try:
        return {**scenario(disk, studio), "left": [path.name for path in settings.outputs.glob(".partial-*")]}
    except Exception:
        return {"raised": traceback.format_exc()}
    finally:
        studio.close()
        disk.free()
        remove_folder(disk.folder)


def main(root: Path, names: list[str]) -> None:
    logging.basicConfig(level="ERROR")
    out, sys.stdout = sys.stdout, sys.stderr
    for scenario in (*JOBS, *ALIKE, *OTHERS):
        if scenario.__name__ in names:
            print(json.dumps({scenario.__name__: play(scenario, root)}), file=out, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
