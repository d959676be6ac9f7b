"""Do what appears in a folder, for as long as someone watches.

Each look that finds files is a small batch into the same folder. Who was done before a restart is known by
manifest.json there - its number and its output stay - and by what it was made of, so nothing is done twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.batch.arrivals import Arrivals
from pipelines.batch.batch_job import Counter, limits_of, run_engine
from pipelines.batch.entry import Row
from pipelines.batch.finish import TASK, describe_job, settings_of
from pipelines.batch.folder_reading import read_file_in
from pipelines.batch.ledger import Ledger
from pipelines.batch.limits import Budget
from pipelines.batch.manifest import write_manifests
from pipelines.batch.options import BatchOptions
from pipelines.batch.to_folder import Engine, open_folder
from pipelines.batch.watch_register import Register, RoundLedger
from pipelines.errors import DiskFull, InkframeError, NotFound, OutputsUnwritable
from pipelines.history.shelf import now
from pipelines.image import Picture
from pipelines.jobs.job import Job
from pipelines.jobs.work import Work

if TYPE_CHECKING:
    from pipelines.studio import Studio

LOOK_SECONDS = 0.5
AGAIN_SECONDS = 10.0
"""After the disk was full, and the like, it is tried again."""
Told = Callable[[Row | InkframeError], None]


def watch_folder(
    studio: Studio,
    source: Path,
    options: BatchOptions,
    target: Path,
    *,
    background: Picture | None = None,
    told: Told = lambda what: None,
    engine: Engine = run_engine,
    rest: Callable[[float], object] = time.sleep,
) -> None:
    """Cut out every picture that is or comes to be in `source`, zips opened, into `target`; never returns.

    `told` is called with each row, and with what made it stop for a while; `rest` waits so many seconds and
    ends the watch by raising. Raises NotFound, Busy while another process writes to `target`, and what would
    stop every picture.
    """
    if not source.is_dir():
        raise NotFound(f"There is no folder {source}.", "Name a folder to watch.")
    with open_folder(studio, options, target, background) as bench:
        register = Register(bench, target)
        closed = (target, studio.settings.outputs)
        arrivals = Arrivals(source, leave_out=closed)
        while True:
            found = arrivals.look(time.monotonic(), time.time())
            if not found:
                rest(LOOK_SECONDS)
                continue
            try:
                do_round(studio, register, source.resolve(), list(found), options, told, engine)
            except (DiskFull, OutputsUnwritable) as error:
                arrivals = Arrivals(source, leave_out=closed)
                told(error)
                rest(AGAIN_SECONDS)


def do_round(
    studio: Studio,
    register: Register,
    root: Path,
    paths: Sequence[Path],
    options: BatchOptions,
    told: Told,
    engine: Engine,
) -> None:
    """Do some files of the watched folder and bring the manifests up to date."""
    bench = register.bench
    budget = Budget(limits_of(studio.settings))
    entries = [
        register.enter(entry) for path in paths for entry in read_file_in(path, root, budget, bench.scratch)
    ]
    numbers = [number for number, _ in entries]
    job = Job(root.name, TASK, "running", root.name, now().isoformat(), settings_of(options))
    work = Work(job, bench.results, lambda job: None)
    try:
        listener = Listener(work, bench.ledger, numbers, told)
        round_bench = replace(bench, ledger=RoundLedger(bench.ledger, numbers))
        engine(studio, round_bench, (entry for _, entry in entries), work, listener)
    finally:
        write_manifests(bench.results, bench.ledger.all(), describe_job(work.job, bench.ledger))


class Listener(Counter):
    """Passes on each row that is news: not those of files that were only touched."""

    def __init__(self, work: Work, ledger: Ledger, numbers: Sequence[int], told: Told) -> None:
        super().__init__(work, ledger)
        self._told = told
        self._old = {found[0] for number in numbers if (found := ledger.get(number)) is not None}

    def tell(self, row: Row | None, path: str) -> None:
        """Pass a row on, unless a round before this one had it."""
        super().tell(row, path)
        if row is not None and row not in self._old:
            self._told(row)
