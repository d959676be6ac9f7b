"""Downloads in the background, and the state of every model for whoever asks."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from weights.catalogue import Catalogue
from weights.conversion.convert import forget_converted
from weights.disk import check_room, clear, empty_trash, explain, set_aside, size_of
from weights.errors import HubUnreachable, InkframeError
from weights.files import folder_of, partial_of
from weights.hub.client_process import Cancelled, HubClient
from weights.hub.fetch import Watch, fetch
from weights.hub.licences import Licences
from weights.hub.progress import ModelState
from weights.hub.task import Task, state_of
from weights.hub.tries import BACK_OFF
from weights.spec import ModelSpec
from weights.stamps import Stamps

log = logging.getLogger(__name__)

WORKERS = 2
PATIENCE = 5.0
"""Seconds to wait for a download that was called off; it takes a tenth of one, unless the disk hangs."""


class Downloads:
    """Fetches models of the catalogue into `cache`, two at a time. Safe to use from several threads.

    `endpoint` is another address of the hub, "" for ModelScope's. With `offline` no connection is ever
    opened. Functions in `on_ready` are called with the id of each model that became whole, from the
    thread that fetched it.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        cache: Path,
        endpoint: str = "",
        offline: bool = False,
        *,
        back_off: Sequence[float] = BACK_OFF,
        timeout: int = 20,
    ) -> None:
        self.on_ready: list[Callable[[str], None]] = []
        self.hub_problem = ""
        """A sentence for the banner while the hub is out of reach; empty otherwise."""
        self.stamps = Stamps()
        self._catalogue = catalogue
        self._cache = cache.absolute()
        self._offline = offline
        self._client = HubClient(endpoint, self._cache / ".client", timeout)
        self._back_off = back_off
        self._licences = Licences(self._cache)
        self._tasks: dict[str, Task] = {}
        self._queue: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._workers: list[threading.Thread] = []
        self._guard = threading.RLock()
        empty_trash(self._cache)

    def start(self, model_id: str, accept_licence: bool = False) -> ModelState:
        """Begin a download, go on with an interrupted one, or try a failed one again.

        What is there already, or on its way, stays as it is. Raises ModelUnknown, LicenceNotAccepted,
        HubUnreachable when offline, DiskFull when it is known beforehand.
        """
        spec = self._catalogue[model_id]
        try:
            if accept_licence and not self._licences.accepted(spec):
                self._licences.accept(spec)
        except OSError as error:
            raise explain(error, self._cache) from error
        self.state(model_id)  # a file to be hashed is hashed here: nobody waits for the lock meanwhile
        with self._guard:
            state = self.state(model_id)
            if state.usable or state.active:
                return state
            self._check(spec)
            self._enqueue(Task(spec))
        return self.state(model_id)

    def start_set(self, which: str, device_kind: str) -> list[ModelState]:
        """Begin what first start fetches: `which` is none, default or all. Does nothing when offline.

        A model that can't be begun is left failed with its reason; the others go on.
        """
        wanted = [] if self._offline else self._catalogue.default_set(which, device_kind)
        for spec in wanted:
            try:
                self.start(spec.id)
            except InkframeError as error:
                log.warning("%s is not fetched: %s", spec.id, error)
                task = Task(spec)
                task.end("failed", error)
                with self._guard:
                    self._tasks[spec.id] = task
        return [self.state(spec.id) for spec in wanted]

    def cancel(self, model_id: str) -> ModelState:
        """Call a download off and wait until it has stopped; what has arrived stays for the next start."""
        task = self._task(model_id)
        if task is not None:
            with self._guard:
                task.cancelled.set()
                if task.status == "queued":
                    task.end("missing")
            task.ended.wait(PATIENCE)
        return self.state(model_id)

    def delete(self, model_id: str) -> int:
        """Remove a downloaded model, finished or not, and return the bytes that this freed.

        Raises InkframeError for a model that comes with the app.
        """
        spec = self._catalogue[model_id]
        if spec.source != "modelscope":
            raise InkframeError(
                f"{spec.title} comes with Inkframe.", "Only downloaded models can be deleted."
            )
        self.cancel(model_id)
        try:
            with self._guard:
                self._tasks.pop(model_id, None)
                model, partial = (set_aside(place(spec, self._cache)) for place in (folder_of, partial_of))
            freed = forget_converted(model, self._cache) if model else 0
            return freed + clear(model) + clear(partial)
        except OSError as error:
            raise explain(error, self._cache) from error

    def state(self, model_id: str) -> ModelState:
        """Where one model stands. Raises ModelUnknown."""
        task = self._task(model_id)
        return state_of(self._catalogue[model_id], self._cache, task, self.stamps)

    def states(self) -> list[ModelState]:
        """All models, in the catalogue's order."""
        return [self.state(spec.id) for spec in self._catalogue]

    def wait(self, model_id: str | None = None, timeout: float | None = None) -> bool:
        """Wait until one download, or all of them, came to an end; False when the time was up before."""
        end = None if timeout is None else time.monotonic() + timeout
        with self._guard:
            tasks = [task for key, task in self._tasks.items() if model_id in (None, key)]
        return all(
            task.ended.wait(None if end is None else max(0.0, end - time.monotonic())) for task in tasks
        )

    def follow(self, model_ids: Collection[str], interval: float = 0.5) -> Iterator[list[ModelState]]:
        """States of some models, again and again until none is on its way; the last ones are final."""
        while True:
            states = [self.state(model_id) for model_id in model_ids]
            yield states
            if not any(state.active for state in states):
                return
            time.sleep(interval)

    def licence_accepted(self, model_id: str) -> bool:
        """Whether the model may be fetched without a further yes. Raises ModelUnknown."""
        return self._licences.accepted(self._catalogue[model_id])

    def close(self) -> None:
        """Call off whatever runs and let the threads end."""
        with self._guard:
            workers, self._workers = self._workers, []
            for task in self._tasks.values():
                task.cancelled.set()
        for _ in workers:
            self._queue.put(None)
        for worker in workers:
            worker.join(PATIENCE)

    def _task(self, model_id: str) -> Task | None:
        with self._guard:
            return self._tasks.get(self._catalogue[model_id].id)

    def _check(self, spec: ModelSpec) -> None:
        if self._offline:
            raise HubUnreachable(
                f"{spec.title} can't be downloaded: Inkframe runs offline.",
                "Start it without --offline or INKFRAME_OFFLINE.",
            )
        self._licences.demand(spec)
        partial = partial_of(spec, self._cache)
        check_room(partial, (spec.known_bytes or 0) - size_of(partial), spec.title)

    def _enqueue(self, task: Task) -> None:
        self._tasks[task.spec.id] = task
        self._queue.put(task)
        if len(self._workers) < WORKERS:
            # daemons: leaving the program must not wait for a gigabyte
            worker = threading.Thread(target=self._work, name="download", daemon=True)
            self._workers.append(worker)
            worker.start()

    def _work(self) -> None:
        while (task := self._queue.get()) is not None:
            with self._guard:
                if task.cancelled.is_set():
                    task.end("missing")
                    continue
                task.status = "downloading"
            try:
                self._fetch(task)
            except Cancelled:
                task.end("missing")
                if all(
                    each.error is None for each in self._tasks.values()
                ):  # nobody waits for the hub any more
                    self.hub_problem = ""
            except InkframeError as error:
                log.warning("%s was not fetched: %s", task.spec.id, error)
                task.end("failed", error)
            except Exception:
                log.exception("%s was not fetched", task.spec.id)
                task.end("failed", InkframeError(f"{task.spec.title} was not fetched.", "The log says why."))

    def _fetch(self, task: Task) -> None:
        def trouble(error: InkframeError | None) -> None:
            task.error = error
            self.hub_problem = "" if error is None else str(error)

        watch = Watch(task.cancelled, task.listed, task.arrived, trouble)
        fetch(task.spec, self._cache, self._client, watch, self._back_off)
        for tell in self.on_ready:
            tell(task.spec.id)
        task.end("ready")
