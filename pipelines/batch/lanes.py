"""Models for several workers at a time, whatever they run on.

On the CPU a small net has a lane for each core: two pictures on one core each are done sooner than one after
the other on two, because the threads of one run wait for each other at every layer. A large net would need
its gigabytes twice, so it is lent to one at a time. On a GPU what is asked at the same time goes together.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from pipelines.batch.together import Together
from weights.nets.onnx_session import LARGE
from weights.spec import ModelSpec
from weights.store import Loaded, ModelStore

MOST_LANES = 16
MOST_TOGETHER = 8
BYTES_TOGETHER = 4 << 30
"""GPU memory for each picture of a batch: what the largest nets take at 1024 px, and half as much again."""


class Lanes:
    """Lends models as the store does, to as many callers at a time as it pays.

    `busy` are the seconds in which lanes were lent, all lanes together.
    """

    def __init__(self, store: ModelStore, count: int, together: int = 1) -> None:
        self.busy = 0.0
        self._store = store
        self._stores = [store.sibling(threads=1) for _ in range(count)]
        self._free = list(self._stores)
        self._change = threading.Condition()
        self._most = together
        self._gathered: dict[str, Together] = {}

    @contextmanager
    def use(self, model_id: str, *, cpu: bool = False) -> Iterator[Loaded]:
        """As `ModelStore.use`; of a model that is asked together, `version` and `device` are known once it
        has answered."""
        spec = self._store.spec(model_id)
        if self._store.on_gpu and not cpu and self._most > 1 and goes_together(spec):
            yield self._join(spec)
        elif self._store.on_gpu or (spec.known_bytes or LARGE) >= LARGE:
            with self._store.use(model_id, cpu=cpu) as loaded:
                yield loaded
        else:
            with self._lane() as store, store.use(model_id, cpu=cpu) as loaded:
                yield loaded

    @property
    def on_gpu(self) -> bool:
        return self._store.on_gpu

    def spec(self, model_id: str) -> ModelSpec:
        """As `ModelStore.spec`."""
        return self._store.spec(model_id)

    def evict(self, model_id: str | None = None) -> None:
        """Let go of the idle models of every lane and of the store."""
        for store in (self._store, *self._stores):
            store.evict(model_id)

    def _join(self, spec: ModelSpec) -> Loaded:
        def ask(pictures: np.ndarray) -> tuple[np.ndarray, Loaded]:
            with self._store.use(spec.id) as loaded:
                return loaded.model.ask(pictures), loaded

        with self._change:
            gathered = self._gathered.setdefault(spec.id, Together(spec, ask, self._most))
        loaded = Loaded()
        loaded.model = Seat(gathered, loaded)
        return loaded

    @contextmanager
    def _lane(self) -> Iterator[ModelStore]:
        """The lane that was used last comes first: the others' models need not be loaded for one worker."""
        with self._change:
            self._change.wait_for(lambda: bool(self._free))
            lane = self._free.pop()
        start = time.perf_counter()
        try:
            yield lane
        finally:
            with self._change:
                self.busy += time.perf_counter() - start
                self._free.append(lane)
                self._change.notify()


@dataclass
class Seat:
    """One caller's place at a net that is asked together."""

    gathered: Together
    told: Loaded = field(repr=False)

    def alpha(self, rgb: np.ndarray) -> np.ndarray:
        """As the model's own; afterwards `told` says which model it was."""
        alpha, loaded = self.gathered.alpha(rgb)
        self.told.version, self.told.device = loaded.version, loaded.device
        return alpha


def goes_together(spec: ModelSpec) -> bool:
    """Whether every picture enters the net at one size, so that several fit into one batch."""
    return spec.task == "matting" and spec.preprocess.fit == "stretch"


def count_together(memory: int) -> int:
    """Pictures that a GPU with so many bytes of memory is asked at a time."""
    return min(MOST_TOGETHER, max(1, memory // BYTES_TOGETHER))


def count_lanes() -> int:
    """Lanes for this machine: one a core."""
    return min(MOST_LANES, count_cores())


def count_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
