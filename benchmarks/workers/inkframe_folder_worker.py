"""Inkframe's folder command. A line in: [in, out] as JSON; a line out: seconds and where they went."""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path

import numpy as np

from benchmarks.batch_pictures import MODEL
from benchmarks.workers.peak import peak_mb
from pipelines.batch.batch import BatchOptions, Given, write_to_folder
from pipelines.batch.lanes import count_lanes
from pipelines.settings import Settings
from pipelines.studio import Studio, open_studio

ALONE = 12
"""Runs of the net, each lane, that show how quick it is with nothing beside it."""


def time_nets(studio: Studio, lanes: int) -> float:
    """Pictures a second through the net when every lane does nothing else."""
    rgb = np.zeros((320, 320, 3), np.uint8)

    def ask() -> None:
        for _ in range(ALONE):
            with studio.lanes.use(MODEL) as loaded:
                loaded.model.alpha(rgb)

    threads = [threading.Thread(target=ask) for _ in range(lanes)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return lanes * ALONE / (time.perf_counter() - start)


def main(folder: Path) -> None:
    """Work until the lines end."""
    settings = Settings(outputs=folder / "outputs", weights=folder / "weights", device="cpu", offline=True)
    studio, lanes = open_studio(settings), count_lanes()
    options = BatchOptions(model=MODEL, refine="off", reuse=False)
    for line in sys.stdin:
        source, target = map(Path, json.loads(line))
        start, busy = time.perf_counter(), studio.lanes.busy
        write_to_folder(studio, [Given(source, source.name)], options, target)
        answer = {
            "seconds": time.perf_counter() - start,
            "peak_mb": peak_mb(),
            "model_seconds": studio.lanes.busy - busy,
            "lanes": lanes,
            "nets_alone": time_nets(studio, lanes),
        }
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
