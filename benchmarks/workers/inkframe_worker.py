"""Inkframe's side of the race: the whole corridor, run folder and history included."""

import json
import shutil
import sys
import time
from pathlib import Path

from benchmarks.workers.peak import peak_mb
from pipelines.matting.options import MattingOptions
from pipelines.matting.save import cut_out_to_run
from pipelines.settings import Settings
from pipelines.studio import open_studio


def main(refine: str, folder: Path) -> None:
    """A line in: [source, target] as JSON; a line out: seconds and peak memory."""
    settings = Settings(
        outputs=folder / f"outputs-{refine}", weights=folder / "weights", device="cpu", offline=True
    )
    studio, options = open_studio(settings), MattingOptions(model="u2netp", refine=refine)
    for line in sys.stdin:
        source, target = map(Path, json.loads(line))
        start = time.perf_counter()
        run, _ = cut_out_to_run(studio.open(source), options, studio.store, studio.history)
        shutil.copy(studio.history.file(run.id, run.results[0]), target)
        print(json.dumps({"seconds": time.perf_counter() - start, "peak_mb": peak_mb()}), flush=True)


main(sys.argv[1], Path(sys.argv[2]))
