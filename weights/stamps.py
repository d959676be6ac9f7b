"""Remembered hashes, so that a file that has not changed is read once."""

from __future__ import annotations

import threading
from pathlib import Path

from weights.manifest import sha256_of

Mark = tuple[int, int, int]


class Stamps:
    """sha256 by path, valid while size, mtime and ctime stay. Safe to use from several threads."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[Mark, str]] = {}
        self._reading: dict[Path, threading.Lock] = {}
        self._guard = threading.Lock()

    def sha256(self, path: Path) -> str:
        """The file's hash, computed when the file was not seen before or has changed since.

        Who asks while it is being computed waits for that.
        """
        with self._guard:
            reading = self._reading.setdefault(path, threading.Lock())
        with reading:
            return self._sha256(path)

    def _sha256(self, path: Path) -> str:
        known = self.recall(path)
        if known is not None:
            return known
        # the mark is taken first: a change while hashing leaves a mark that no longer fits
        mark = _mark(path)
        digest = sha256_of(path)
        with self._guard:
            self._known[path] = (mark, digest)
        return digest

    def recall(self, path: Path) -> str | None:
        """The remembered hash, or None. Never reads the file."""
        with self._guard:
            known = self._known.get(path)
        return known[1] if known is not None and known[0] == _mark(path) else None


def _mark(path: Path) -> Mark:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
