"""Conversions away from whoever waits for a picture: one thread a graph, and words until it is done."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Protocol

from weights.conversion.convert import convert, converted
from weights.errors import ConversionFailed, InkframeError
from weights.files import locate
from weights.spec import ModelSpec
from weights.stamps import Stamps

log = logging.getLogger(__name__)

AT_ONCE = 0.5
"""Seconds in which a conversion that can't be done is found to be one."""


class Converts(Protocol):
    """What `convert` is, so that tests can stand in for it."""

    def __call__(self, pb: Path, cache: Path, *, offline: bool = False) -> Path: ...


class Conversions:
    """What is being converted for the store over `cache`. Safe to use from several threads."""

    def __init__(
        self, cache: Path, stamps: Stamps, offline: bool = False, convert_graph: Converts = convert
    ) -> None:
        self._cache, self._stamps, self._offline = cache, stamps, offline
        self._convert_graph = convert_graph
        self._running: set[str] = set()
        self._failed: dict[str, InkframeError] = {}
        self._guard = threading.Lock()

    def demand(self, spec: ModelSpec) -> None:
        """Return where the model needs no conversion or has had it; else begin it and say so.

        Raises ConversionFailed while it runs and once what it ended with, ModelMissing, ModelDamaged.
        """
        if spec.loader != "cv-unet":
            return
        (pb,) = locate(spec, self._cache, stamps=self._stamps)
        if converted(self._stamps.sha256(pb), self._cache).is_file():
            return
        self._raise_failed(spec)
        if self._begin(spec, pb):
            self._raise_failed(spec)
            return
        raise ConversionFailed(
            f"{spec.title} is being converted; that is done once and takes some minutes.",
            "Try again then. All other models work meanwhile.",
        )

    def _raise_failed(self, spec: ModelSpec) -> None:
        with self._guard:
            error = self._failed.pop(spec.id, None)
        if error is not None:
            raise error

    def _begin(self, spec: ModelSpec, pb: Path) -> bool:
        """Convert unless that is going on; whether it has ended at once, as it does where it can't be done."""
        with self._guard:
            if spec.id in self._running:
                return False
            self._running.add(spec.id)
        # a daemon: the converter ends with this process and leaves nothing half done
        thread = threading.Thread(target=self._work, args=(spec, pb), name="convert", daemon=True)
        thread.start()
        thread.join(AT_ONCE)
        return not thread.is_alive()

    def _work(self, spec: ModelSpec, pb: Path) -> None:
        error: InkframeError | None = None
        try:
            self._convert_graph(pb, self._cache, offline=self._offline)
        except InkframeError as known:
            log.warning("%s was not converted: %s", spec.id, known)
            error = known
        except Exception:
            log.exception("%s was not converted", spec.id)
            error = ConversionFailed(f"{spec.title} was not converted.", "The log says why.")
        with self._guard:
            self._running.discard(spec.id)
            if error is not None:
                self._failed[spec.id] = error
