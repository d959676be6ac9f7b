"""A batch from the command line: results straight into a folder, which also remembers what is done.

`.inkframe/` in that folder holds what a second try needs; removing it does no harm but that finished pictures
are then done again.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.batch.batch_job import (
    Counter,
    check_order,
    describe_nets,
    list_entries,
    prepare_folders,
    run_engine,
)
from pipelines.batch.bench import Bench
from pipelines.batch.entry import Entry
from pipelines.batch.faults import status_of
from pipelines.batch.finish import TASK, describe_job, settings_of
from pipelines.batch.known import Known
from pipelines.batch.ledger import Ledger
from pipelines.batch.limits import Given
from pipelines.batch.manifest import write_manifests
from pipelines.batch.one_picture import Recipe
from pipelines.batch.options import BatchOptions
from pipelines.errors import Busy
from pipelines.history.shelf import now
from pipelines.history.writing import writing
from pipelines.image import Picture
from pipelines.jobs.claim import claim_folder
from pipelines.jobs.job import Job
from pipelines.jobs.work import Work

if TYPE_CHECKING:
    from pipelines.studio import Studio

STATE = ".inkframe"
Told = Callable[[Job], None]
Engine = Callable[["Studio", Bench, Iterator[Entry], Work, Counter], object]
"""Does all entries on a bench, as `run_engine` does."""


def write_to_folder(
    studio: Studio,
    given: Sequence[Given],
    options: BatchOptions,
    target: Path,
    *,
    background: Picture | None = None,
    told: Told = lambda job: None,
    engine: Engine = run_engine,
) -> Job:
    """Do a batch now, in this thread. What an earlier try left finished in `target` is not done again.

    `told` is called about once a second with how far it is. Interrupted (KeyboardInterrupt), it finishes the
    pictures in hand and names them in the manifest. Raises BadInput and TooLarge for input that can't be
    used, Busy while another process writes there, what stops every picture, DiskFull, OutputsUnwritable.
    """
    with open_folder(studio, options, target, background) as bench:
        total = count_entries(enter(studio, given, bench))
        job = Job(target.name, TASK, "running", target.name, now().isoformat(), settings_of(options))
        work = Work(replace(job, total=total), target, told)
        counter = Counter(work, bench.ledger)
        try:
            engine(studio, bench, enter(studio, given, bench), work, counter)
        finally:
            write_manifests(target, bench.ledger.all(), describe_job(work.job, bench.ledger))
        told(work.job)
        return replace(work.job, status="done", current="")


@contextmanager
def open_folder(
    studio: Studio, options: BatchOptions, target: Path, background: Picture | None = None
) -> Iterator[Bench]:
    """A bench whose results go to `target`, its ledger empty.

    Raises Busy while another process has it, DiskFull, OutputsUnwritable.
    """
    check_order(studio, options, background)
    state = target / STATE
    with writing(target):
        state.mkdir(parents=True, exist_ok=True)
    claim = claim_folder(state)
    if claim is None:
        raise Busy(f"Another Inkframe writes to {target}.", "Wait for it, or choose another folder.")
    ledger = known = None
    try:
        prepare_folders(target, state / "scratch")
        with writing(target):
            for old in state.glob("ledger.sqlite3*"):
                old.unlink()
        ledger, known = Ledger(state / "ledger.sqlite3"), Known(state / "known.sqlite3", target)
        recipe = Recipe.of(options, background, studio.settings)
        nets = describe_nets(studio, options.model)
        yield Bench(recipe, nets, target, state / "scratch", ledger, known)
    finally:
        for each in (ledger, known):
            if each is not None:
                each.close()
        shutil.rmtree(state / "scratch", ignore_errors=True)
        claim.release()


def enter(studio: Studio, given: Sequence[Given], bench: Bench) -> Iterator[Entry]:
    """The input's entries; the folder that is written to is not part of it."""
    left_out = (bench.results.resolve(),)
    return list_entries(given, studio.settings, bench.recipe.suffix, bench.scratch, left_out)


def count_entries(entries: Iterator[Entry]) -> int:
    """Files that will be done or fail; what never was a picture is not counted. Raises BadInput, TooLarge."""
    return sum(not entry.fault or status_of(entry.fault) == "failed" for entry in entries)
