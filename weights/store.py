"""Models in memory: loaded once, one user at a time, the least recently used one dropped first."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from weights.catalogue import Catalogue
from weights.files import locate
from weights.loaders import LOADERS, Loader, LoadRequest
from weights.spec import ModelSpec
from weights.stamps import Stamps

log = logging.getLogger(__name__)

CPU = ("CPUExecutionProvider",)


class RunsModels(Protocol):
    """What the store must know of a device."""

    @property
    def kind(self) -> str: ...

    @property
    def providers(self) -> list[str]: ...


@dataclass(frozen=True)
class Cpu:
    """A device that is always there."""

    kind: str = "cpu"
    providers: list[str] = field(default_factory=lambda: list(CPU))


@dataclass
class Loaded:
    """A model, what it weighs on disk (a fair stand-in for its memory) and the lock of its one user."""

    model: Any = None
    bytes: int = 0
    version: str = ""
    device: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)


class ModelStore:
    """Hands out loaded models. Safe to use from several threads."""

    def __init__(
        self,
        catalogue: Catalogue,
        cache: Path,
        device: RunsModels,
        memory_bytes: int = 4 << 30,
        offline: bool = False,
        stamps: Stamps | None = None,
        loaders: Mapping[str, Loader] = LOADERS,
        threads: int = 0,
    ) -> None:
        self._catalogue = catalogue
        self._cache = cache
        self._device = device
        self._memory = memory_bytes
        self._offline = offline
        self._stamps = stamps or Stamps()
        self._loaders = loaders
        self._threads = threads
        self._slots: OrderedDict[tuple[str, str], Loaded] = OrderedDict()
        self._guard = threading.Lock()

    @contextmanager
    def use(self, model_id: str, *, cpu: bool = False) -> Iterator[Loaded]:
        """Lend a model to one caller: `.model` is what its loader made, `.version` the first 12 hex digits
        of its main file's sha256, `.device` where it runs.

        `cpu` asks for the CPU whatever the store's device is. Raises ModelUnknown, ModelMissing,
        ModelDamaged, OutOfMemory.
        """
        kind = "cpu" if cpu else self._device.kind
        slot = self._slot((self._catalogue[model_id].id, kind))
        with slot.lock:
            if slot.model is None:
                self._load(slot, model_id, kind)
            yield slot

    @property
    def on_gpu(self) -> bool:
        """Whether models run on a GPU unless asked otherwise."""
        return self._device.kind != "cpu"

    def sibling(self, threads: int) -> ModelStore:
        """An empty store of the same catalogue and files whose models use so many cores a run."""
        return ModelStore(
            self._catalogue,
            self._cache,
            self._device,
            self._memory,
            self._offline,
            self._stamps,
            self._loaders,
            threads,
        )

    def on_cpu(self) -> ModelStore:
        """An empty store of the same catalogue and files whose models run on the CPU."""
        return ModelStore(
            self._catalogue,
            self._cache,
            Cpu(),
            self._memory,
            self._offline,
            self._stamps,
            self._loaders,
            self._threads,
        )

    def spec(self, model_id: str) -> ModelSpec:
        """The catalogue's row. Raises ModelUnknown."""
        return self._catalogue[model_id]

    def evict(self, model_id: str | None = None) -> None:
        """Drop one idle model, or all of them; a model in use stays until its next eviction."""
        with self._guard:
            for key in [key for key in self._slots if model_id in (None, key[0])]:
                self._drop(key)

    def loaded(self) -> list[str]:
        """Ids of the models in memory, the least recently used first."""
        with self._guard:
            return [key[0] for key, slot in self._slots.items() if slot.model is not None]

    def _slot(self, key: tuple[str, str]) -> Loaded:
        with self._guard:
            slot = self._slots.setdefault(key, Loaded())
            self._slots.move_to_end(key)
            return slot

    def _load(self, slot: Loaded, model_id: str, kind: str) -> None:
        spec = self._catalogue[model_id]
        files = locate(spec, self._cache, stamps=self._stamps)
        slot.bytes = sum(path.stat().st_size for path in files)
        self._make_room(slot)
        providers = CPU if kind == "cpu" else self._device.providers
        request = LoadRequest(spec, files, providers, self._cache, self._offline, self._threads)
        try:
            slot.model = self._loaders[spec.loader](request)
        except BaseException:
            slot.bytes = 0  # else it would count against the others for good
            raise
        slot.version, slot.device = self._stamps.sha256(files[0])[:12], kind
        log.info("loaded %s %s on %s", spec.id, slot.version, kind)

    def _make_room(self, newcomer: Loaded) -> None:
        with self._guard:
            for key, slot in list(self._slots.items()):
                if sum(each.bytes for each in self._slots.values()) <= self._memory:
                    return
                if slot is not newcomer:
                    self._drop(key)

    def _drop(self, key: tuple[str, str]) -> None:
        slot = self._slots[key]
        if slot.lock.acquire(blocking=False):
            try:
                slot.model, slot.bytes = None, 0
            finally:
                slot.lock.release()
