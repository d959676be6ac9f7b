"""Do a batch job: once, or again after whatever stopped it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from pipelines.batch.bench import Bench
from pipelines.batch.engine import count_workers, do_entries
from pipelines.batch.entry import Entry, Row
from pipelines.batch.finish import forget_input, options_of, publish
from pipelines.batch.job_files import (
    LEDGER,
    PREVIEWS,
    RESULTS,
    RUN,
    SCRATCH,
    find_run_folder,
    read_background,
    read_order,
)
from pipelines.batch.ledger import Ledger
from pipelines.batch.limits import Given, Limits
from pipelines.batch.one_picture import Recipe
from pipelines.batch.options import BatchOptions
from pipelines.batch.previews import Previews
from pipelines.batch.sources import read_entries
from pipelines.errors import InkframeError, InvalidOption, NotFound
from pipelines.history.writing import writing
from pipelines.image import Picture
from pipelines.jobs.work import Ending, Work
from pipelines.matting.find import models_of
from pipelines.settings import Settings
from weights.files import locate
from weights.store import ModelStore

if TYPE_CHECKING:
    from pipelines.studio import Studio

REUSED_ALL = "Done at once: an earlier batch made the same from the same pictures."
REUSED_SOME = "Done before with the same settings and taken over: {count}."


def do_batch(studio: Studio, work: Work) -> Ending:
    """Do what is left of a batch and make a run of it. See `pipelines.jobs.desk.Kind`."""
    job, folder = work.job, work.folder
    target = find_run_folder(studio.history, folder, job.id)
    try:
        order, options = read_order(folder), options_of(job)
    except NotFound:
        if target == folder / RUN:
            raise
        return Ending(target.name)  # killed between letting go of the input, the last thing, and saying so
    background = read_background(folder, order, studio.settings.max_pixels)
    recipe = Recipe(
        options, background, order.visible_label, studio.settings.max_pixels, studio.settings.max_upload_bytes
    )
    prepare_folders(target / RESULTS, folder / SCRATCH)
    ledger = Ledger(folder / LEDGER)
    try:
        bench = Bench(
            recipe,
            describe_nets(studio, options.model),
            target / RESULTS,
            folder / SCRATCH,
            ledger,
            studio.known,
            place_of(studio, target),
            Previews(target / PREVIEWS),
            order.sealed,
        )
        counter = Counter(work, ledger)
        entries = list_entries(order.given, studio.settings, recipe.suffix, folder / SCRATCH)
        seconds = run_engine(studio, bench, entries, work, counter)
        return finish(studio, work, target, bench, order.given, seconds)
    finally:
        ledger.close()
        shutil.rmtree(folder / SCRATCH, ignore_errors=True)


def run_engine(
    studio: Studio, bench: Bench, entries: Iterator[Entry], work: Work, counter: Counter
) -> dict[str, float]:
    """The seconds of each step. Raises what `do_entries` raises."""
    return do_entries(
        entries,
        bench,
        cast(ModelStore, studio.lanes),
        check=work.check,
        tell=counter.tell,
        workers=count_workers(),
    )


def finish(
    studio: Studio,
    work: Work,
    target: Path,
    bench: Bench,
    given: tuple[Given, ...],
    seconds: dict[str, float],
) -> Ending:
    """Make the run, or bring it up to date, and let go of the input when nothing is to be tried again."""
    counts, reused = bench.ledger.count(), bench.ledger.count_reused()
    message = tell_reuse(reused, counts["done"])
    work.tell(done=counts["done"], failed=counts["failed"], message=message, current="")
    run = publish(
        studio.history,
        work.job,
        target,
        work.folder,
        bench.ledger,
        given=given,
        catalogue=studio.catalogue,
        device=studio.device.kind,
        timings={**seconds, "total": work.job.seconds},
    )
    studio.known.move(place_of(studio, work.folder / RUN), place_of(studio, studio.history.folder(run.id)))
    if not counts["failed"]:
        forget_input(work.folder)
    return Ending(run.id, message)


def tell_reuse(reused: int, done: int) -> str:
    """What to say when results were taken over instead of made."""
    if not reused:
        return ""
    return REUSED_ALL if reused == done else REUSED_SOME.format(count=reused)


def prepare_folders(results: Path, scratch: Path) -> None:
    """Make them; what an earlier try was writing is removed. Raises DiskFull, OutputsUnwritable."""
    shutil.rmtree(scratch, ignore_errors=True)
    with writing(results.parent):
        for each in (results, scratch):
            each.mkdir(parents=True, exist_ok=True)


def place_of(studio: Studio, target: Path) -> str:
    """What `known` calls the results of a run's folder."""
    return (target.relative_to(studio.settings.outputs) / RESULTS).as_posix()


def list_entries(
    given: Sequence[Given], settings: Settings, suffix: str, scratch: Path, leave_out: Sequence[Path] = ()
) -> Iterator[Entry]:
    """What the input holds, always in the same order. Raises BadInput, TooLarge."""
    left_out = (settings.outputs.resolve(), *leave_out)
    return read_entries(given, limits_of(settings), suffix, scratch=scratch, leave_out=left_out)


def limits_of(settings: Settings) -> Limits:
    """What one batch may hold, of the settings; bytes, not MB."""
    return Limits(
        settings.max_batch_files,
        settings.max_batch_unpacked_mb * 1_000_000,
        settings.max_zip_ratio,
        settings.max_upload_bytes,
    )


def check_order(studio: Studio, options: BatchOptions, background: Picture | None) -> None:
    """Raise at once what would fail every picture: InvalidOption, ModelUnknown, ModelMissing, ModelDamaged."""
    if options.background == "picture" and background is None:
        raise InvalidOption("No background picture was given.", "Add one, or choose another background.")
    for model_id in models_of(options.model):
        locate(studio.catalogue[model_id], studio.settings.weights, stamps=studio.downloads.stamps)


def describe_nets(studio: Studio, model: str) -> str:
    """The nets that a choice of model may ask, with their versions, and the device: what a result hangs on
    beside its picture and its options. Raises ModelUnknown."""
    named: list[str] = [studio.device.kind]
    for model_id in models_of(model):
        spec = studio.catalogue[model_id]
        try:
            path = locate(spec, studio.settings.weights, stamps=studio.downloads.stamps)[0]
            named.append(f"{model_id}={studio.downloads.stamps.sha256(path)[:12]}")
        except InkframeError:  # who asks the net will say what is wrong with it
            named.append(f"{model_id}=?")
    return " ".join(named)


class Counter:
    """Counts the files for the job. What was settled in an earlier try is counted from the start."""

    def __init__(self, work: Work, ledger: Ledger) -> None:
        self._work = work
        self._lock = threading.Lock()
        self._before = ledger.count()
        self._seen = {"done": 0, "failed": 0, "skipped": 0}
        work.tell(done=self._before["done"], failed=self._before["failed"], message="", hint="")

    def tell(self, row: Row | None, path: str) -> None:
        """Take note of a file that is begun (no row) or settled."""
        if row is None:
            return self._work.tell(current=path)
        with self._lock:
            self._seen[row.status] += 1
            done, failed = (max(self._seen[name], self._before[name]) for name in ("done", "failed"))
        self._work.tell(done=done, failed=failed)
