"""Map a function over tasks on a Ray cluster whose workers and nodes may die.

Ray calls a worker at most once and says who died; what was lost goes to another worker from here, so that
each task has exactly one answer.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pipelines.batch.ray_cluster import Cluster, ClusterUnusable, connect, count_places

log = logging.getLogger(__name__)

Task = TypeVar("Task")
Answer = TypeVar("Answer")

TRIES = 3
"""Workers that one task may take down, alone in each, before it is given up."""
DEPTH = 2
"""Tasks a worker has at a time: the next one's bytes travel while it works on the first."""
LOOK_SECONDS = 2.0
WAIT_SECONDS = 0.5
PATIENCE_SECONDS = 120.0
"""How long nobody may be there to work, while nodes start or others use them."""


@dataclass(frozen=True)
class Lost:
    """In place of an answer: the task took several workers down with it."""

    why: str


@dataclass
class Piece(Generic[Task]):
    """A task and the workers that died while it was all they had. One that was in a dead worker is a suspect,
    and has its next worker to itself."""

    task: Task
    tries: int = 0
    suspect: bool = False


@dataclass(eq=False)
class Worker:
    """An actor on some node. `ready` is the reference of its preparation, None once it is prepared; `calls`
    are its tasks by the references of their answers.
    """

    actor: Any
    ready: Any
    calls: dict[Any, Piece[Any]] = field(default_factory=dict)


class WorkerBody:
    """What lives on the node: the function that `build` makes there, with the model it holds."""

    def __init__(self, build: Callable[[], Callable[[Any], Any]]) -> None:
        self._build = build

    def prepare(self) -> None:
        """Load what the work needs, apart from the constructor so that its errors come through."""
        self._work = self._build()

    def do(self, task: Any) -> Any:
        """Do one task in the worker's own process; what it raises goes to the driver."""
        return self._work(task)


class RayPool(Generic[Task, Answer]):
    """Workers on a cluster; `build` runs once in each and gives the function to map. Use as a context.

    Raises ClusterUnusable when Ray is missing or does not answer.
    """

    def __init__(self, build: Callable[[], Callable[[Task], Answer]], cluster: Cluster) -> None:
        self._ray = connect(cluster)
        self._cluster = cluster
        self._build = build
        self._workers: list[Worker] = []
        self._again: deque[Piece[Task]] = deque()
        self._unfit: list[str] = []
        self._looked = float("-inf")
        self._had_workers = time.monotonic()

    def __enter__(self) -> RayPool[Task, Answer]:
        return self

    def __exit__(self, *_: object) -> None:
        """Let the workers go at once; a cluster that was started here ends."""
        for worker in list(self._workers):
            self._dismiss(worker)
        self._ray.shutdown()

    def map(
        self, tasks: Iterable[Task], stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[tuple[Task, Answer | Lost]]:
        """Answers in the order in which they come, until `stopped`. Memory holds a few tasks a worker.

        An error that the function raises passes through; what else was in work then has no answer. Raises
        ClusterUnusable when there is no worker and none can be had.
        """
        source = map(Piece, iter(tasks))
        while not stopped():
            self._recruit()
            more = self._hand_out(source)
            if not more and not self._again and not any(worker.calls for worker in self._workers):
                return
            yield from self._collect()

    def _recruit(self) -> None:
        """Ask for as many workers as the nodes hold: nodes come and go."""
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        missing = count_places(self._ray, self._cluster) - len(self._unfit) - len(self._workers)
        for _ in range(missing):
            actor = self._remote_body().remote(self._build)
            self._workers.append(Worker(actor, actor.prepare.remote()))
        self._check_patience(now)

    def _remote_body(self) -> Any:
        share = {"num_cpus": self._cluster.cpus, "num_gpus": self._cluster.gpu_share}
        return self._ray.remote(WorkerBody).options(max_restarts=0, **share)

    def _check_patience(self, now: float) -> None:
        if any(worker.ready is None for worker in self._workers):
            self._had_workers = now
        elif self._unfit and not self._workers:
            raise ClusterUnusable("No node of the cluster can do the work.", self._unfit[-1])
        elif now - self._had_workers > PATIENCE_SECONDS:
            raise ClusterUnusable(
                "The Ray cluster has no free worker.", "Add nodes, or ask for less of each."
            )

    def _hand_out(self, source: Iterator[Piece[Task]]) -> bool:
        """Fill the workers; False when there is nothing more to give."""
        while (worker := self._least_busy()) is not None:
            piece = self._again.popleft() if self._again else next(source, None)
            if piece is None:
                return False
            worker.calls[worker.actor.do.remote(piece.task)] = piece
        return True

    def _least_busy(self) -> Worker | None:
        """The worker for the next task; while suspects wait, one that has nothing else to do."""
        depth = 1 if self._again else DEPTH
        free = [
            each
            for each in self._workers
            if each.ready is None
            and len(each.calls) < depth
            and not any(piece.suspect for piece in each.calls.values())
        ]
        return min(free, key=lambda each: len(each.calls), default=None)

    def _collect(self) -> Iterator[tuple[Task, Answer | Lost]]:
        """Take in what has ended, or wait a moment."""
        owners = {ref: worker for worker in self._workers for ref in worker.calls}
        owners |= {worker.ready: worker for worker in self._workers if worker.ready is not None}
        if not owners:
            time.sleep(WAIT_SECONDS)
            return
        ended, _ = self._ray.wait(list(owners), timeout=WAIT_SECONDS)
        for ref in ended:
            worker = owners[ref]
            yield from self._settle(worker, ref) if ref in worker.calls else self._admit(worker)

    def _settle(self, worker: Worker, ref: Any) -> Iterator[tuple[Task, Answer | Lost]]:
        errors = self._ray.exceptions
        try:
            answer = self._ray.get(ref)
        except errors.RayTaskError as error:
            raise _cause(error) from None
        except errors.RayError as error:
            yield from self._bury(worker, error)
        else:
            yield worker.calls.pop(ref).task, answer

    def _admit(self, worker: Worker) -> Iterator[tuple[Task, Answer | Lost]]:
        """Let a worker in that has loaded what it needs; one that could not is not tried again."""
        errors = self._ray.exceptions
        try:
            self._ray.get(worker.ready)
        except errors.RayTaskError as error:
            self._unfit.append(str(_cause(error)))
            self._dismiss(worker)
            self._looked = float("-inf")
        except errors.RayError as error:
            yield from self._bury(worker, error)
        else:
            worker.ready = None

    def _bury(self, worker: Worker, error: Exception) -> Iterator[tuple[Task, Answer | Lost]]:
        """A worker died: take the answers that it had given, and see to it that the rest is done again."""
        log.warning("A Ray worker was lost; what it had is done again.")
        log.debug("%s", error)
        self._dismiss(worker)
        lost: list[Piece[Task]] = []
        for ref, piece in worker.calls.items():
            try:
                yield piece.task, self._ray.get(ref, timeout=0)
            except self._ray.exceptions.RayTaskError as failure:
                raise _cause(failure) from None
            except self._ray.exceptions.RayError:
                lost.append(piece)
        for piece in lost:
            piece.suspect = True
            piece.tries += len(lost) == 1
            if piece.tries < TRIES:
                self._again.append(piece)
            else:
                yield piece.task, Lost(f"{TRIES} workers died while they had this picture.")

    def _dismiss(self, worker: Worker) -> None:
        self._workers.remove(worker)
        with suppress(self._ray.exceptions.RayError, ValueError):
            self._ray.kill(worker.actor)


def _cause(error: Any) -> Exception:
    """The error that the function raised, without Ray's wrapping."""
    cause = error.cause
    return cause if isinstance(cause, Exception) else error
