"""Tell which files of a folder have arrived whole, by looking at it again and again.

Looking works on every file system, network shares too, and costs one stat a file; notices from the system
say when something was written, not that the writer is done.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipelines.batch.kinds import is_left_out

STILL_SECONDS = 1.5
"""A file that did not change for so long has arrived."""
SETTLED_SECONDS = 10.0
"""A file that that was last written so long before it is first seen has arrived, too."""
UNFINISHED = (
    ".part",
    ".partial",
    ".crdownload",
    ".download",
    ".tmp",
    ".temp",
    ".filepart",
    ".opdownload",
    "~",
)
"""Endings under which browsers and copying programs write before they rename."""


@dataclass(frozen=True)
class Shape:
    """What changes when a file does: its bytes, and the time (ns) at which they were last written."""

    size: int
    written: int


@dataclass(frozen=True)
class Sight:
    """A file as it was seen: its shape, since when it has had it, and whether it was put here whole."""

    shape: Shape
    since: float
    settled: bool


class Arrivals:
    """The files under a folder, each told of once it is whole, and again only when it was changed.

    `known` are the shapes of files that need not be told of, by their path. Hidden files, those that a program
    is still writing under a passing name, and links are not looked at; nor is what lies in `leave_out`.
    """

    def __init__(
        self, folder: Path, known: Mapping[Path, Shape] | None = None, leave_out: Collection[Path] = ()
    ) -> None:
        self._folder = folder
        self._leave_out = {path.resolve() for path in leave_out}
        self._told = dict(known or {})
        self._sights: dict[Path, Sight] = {}

    def look(self, now: float, wall: float) -> dict[Path, Shape]:
        """Files that have become whole since the last look, by path.

        `now` is in seconds of a clock that nobody sets, `wall` in seconds since 1970, as files' times are.
        """
        found = dict(list_files(self._folder, self._leave_out))
        changed = {path: facts for path, facts in found.items() if self._told.get(path) != shape_of(facts)}
        self._sights = {path: self._see(path, facts, now, wall) for path, facts in changed.items()}
        whole = [path for path, sight in self._sights.items() if is_whole(sight, now)]
        told = {path: self._sights.pop(path).shape for path in sorted(whole)}
        self._told = {path: shape for path, shape in self._told.items() if path in found} | told
        return told

    def _see(self, path: Path, facts: os.stat_result, now: float, wall: float) -> Sight:
        seen, shape = self._sights.get(path), shape_of(facts)
        if seen is not None:
            return seen if seen.shape == shape else Sight(shape, now, settled=False)
        return Sight(shape, now, settled=wall - facts.st_mtime > SETTLED_SECONDS or was_renamed(facts))


def shape_of(facts: os.stat_result) -> Shape:
    """Size in bytes and time of change: what tells a file that changed from one that did not."""
    return Shape(facts.st_size, facts.st_mtime_ns)


def is_whole(sight: Sight, now: float) -> bool:
    """Whether nobody seems to be at the file any more; an empty one is a file that is yet to be written."""
    return sight.shape.size > 0 and (sight.settled or now - sight.since >= STILL_SECONDS)


def was_renamed(facts: os.stat_result) -> bool:
    """Whether the last thing that was done to a file is something else than writing to it: a rename, or the
    rights and times that a copying program sets at its end. Windows keeps no such time."""
    return os.name == "posix" and facts.st_ctime_ns > facts.st_mtime_ns


def list_files(folder: Path, leave_out: Collection[Path]) -> Iterator[tuple[Path, os.stat_result]]:
    """The plain files below a folder; what vanishes or can't be read meanwhile is left out."""
    waiting = [folder.resolve()]
    while waiting:
        with suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if is_left_out(entry.name) or entry.name.lower().endswith(UNFINISHED):
                    continue
                with suppress(OSError):
                    facts = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(facts.st_mode):
                        yield Path(entry.path), facts
                    elif stat.S_ISDIR(facts.st_mode) and Path(entry.path) not in leave_out:
                        waiting.append(Path(entry.path))
