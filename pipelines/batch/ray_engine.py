"""Do the files of a batch on a Ray cluster: each worker holds the nets and writes its results by itself.

The driver reads the input, so that the nodes need to see nothing but the folder of the results. It alone keeps
the ledger: a node that dies after it wrote a file and before it said so costs that file's work, never its place.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pipelines.batch.batch_job import Counter
from pipelines.batch.bench import Bench
from pipelines.batch.engine import STOPS, UNEXPECTED
from pipelines.batch.entry import Entry, Row
from pipelines.batch.ray_cluster import Cluster
from pipelines.batch.ray_pool import Lost, RayPool
from pipelines.batch.ray_worker import MARK, Plan, Refused, Task, Written, build_worker
from pipelines.errors import InkframeError, OutputsUnwritable
from pipelines.history.writing import writing
from pipelines.jobs.work import Work

if TYPE_CHECKING:
    from pipelines.studio import Studio

log = logging.getLogger(__name__)

LAG_SECONDS = 10.0
"""How long a file may take to be seen through a network share."""


def run_on_ray(cluster: Cluster) -> Callable[[Studio, Bench, Iterator[Entry], Work, Counter], object]:
    """An engine for `write_to_folder` whose workers are on a cluster. See RayPool for what it raises."""

    def run(studio: Studio, bench: Bench, entries: Iterator[Entry], work: Work, counter: Counter) -> object:
        device: Literal["cuda", "cpu"] = "cuda" if cluster.gpu_share else "cpu"
        bench = replace(bench, nets=" ".join((device, *bench.nets.split()[1:])))
        settings = replace(studio.settings, device=device, login="", token="")
        folders = bench.results.resolve(), bench.scratch.resolve()
        plan = Plan(bench.recipe, settings, bench.nets, *folders, cluster.cpus)
        with writing(bench.results):
            (bench.scratch / MARK).touch()
        driver = Driver(bench, work, counter)
        with RayPool[Task, Written | Refused](partial(build_worker, plan), cluster) as pool:
            for task, answer in pool.map(driver.tasks(entries), work.stopping.is_set):
                driver.settle(task, answer)
        work.check()
        return driver.seconds

    return run


class Driver:
    """Hands out what is not done yet and writes down what became of it."""

    def __init__(self, bench: Bench, work: Work, counter: Counter) -> None:
        self.seconds: dict[str, float] = {}
        self._bench = bench
        self._work = work
        self._counter = counter
        self._entries: dict[int, Entry] = {}

    def tasks(self, entries: Iterator[Entry]) -> Iterator[Task]:
        """The pictures that need work, in the order of the input. Raises Stopped and STOPS."""
        for number, entry in enumerate(entries):
            self._work.check()
            row = self._bench.recall(number, entry)
            data = b""
            if row is None:
                self._counter.tell(None, entry.path)
                data, row = self._read(number, entry)
            if row is None:
                self._entries[number] = entry
                yield Task(number, entry.path, entry.output, data)
            else:
                self._counter.tell(row, entry.path)

    def settle(self, task: Task, answer: Written | Refused | Lost) -> None:
        """Write down what became of a picture. Raises OutputsUnwritable when its file is not to be seen."""
        entry = self._entries.pop(task.number)
        if isinstance(answer, Written):
            made = replace(answer.made, data=read_result(self._bench.results / task.output, answer.sha256))
            row = self._bench.note(task.number, entry, task.data, made)
            for name, took in made.seconds.items():
                self.seconds[name] = self.seconds.get(name, 0.0) + took
        else:
            reason = answer.why if isinstance(answer, Lost) else answer.reason
            row = self._bench.note_failure(task.number, entry, reason, task.data)
        self._counter.tell(row, task.path)

    def _read(self, number: int, entry: Entry) -> tuple[bytes, Row | None]:
        try:
            return self._bench.read(number, entry)
        except STOPS:
            raise
        except InkframeError as error:
            return b"", self._bench.note_failure(number, entry, str(error))
        except Exception:  # one bad file is one row, whatever it does to the code
            log.exception("%s failed", entry.path)
            return b"", self._bench.note_failure(number, entry, UNEXPECTED)


def read_result(path: Path, sha256: str) -> bytes:
    """A worker's file, as soon as it is seen whole from here. Raises OutputsUnwritable."""
    end = time.monotonic() + LAG_SECONDS
    while True:
        data = path.read_bytes() if path.exists() else b""
        if hashlib.sha256(data).hexdigest() == sha256:
            return data
        if time.monotonic() > end:
            raise OutputsUnwritable(
                f"{path} was written by a Ray worker and is not to be seen here.",
                "All nodes must share the folder of the results under the same path.",
            )
        time.sleep(0.1)
