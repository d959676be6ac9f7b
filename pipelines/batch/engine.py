"""Do all files of a batch on this machine: several workers, each with one picture in hand from disk to disk.

While one decodes or encodes, another is in the net, so the net is what the time goes to. Nobody takes a file
before it is his turn to work on it: memory holds as many pictures as there are workers, however long the input.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field

from pipelines.batch.bench import Bench
from pipelines.batch.entry import Entry, Row
from pipelines.batch.lanes import count_cores
from pipelines.batch.one_picture import Made, count_pixels, do_picture
from pipelines.batch.places import Room
from pipelines.errors import (
    ConversionFailed,
    DeviceUnavailable,
    DiskFull,
    HubUnreachable,
    InkframeError,
    LicenceNotAccepted,
    ModelDamaged,
    ModelMissing,
    ModelUnknown,
    OutOfMemory,
    OutputsUnwritable,
)
from pipelines.jobs.errors import Stopped
from weights.store import ModelStore

log = logging.getLogger(__name__)

STOPS = (
    ConversionFailed,
    DeviceUnavailable,
    DiskFull,
    HubUnreachable,
    LicenceNotAccepted,
    ModelDamaged,
    ModelMissing,
    ModelUnknown,
    OutputsUnwritable,
    Stopped,
    sqlite3.Error,
)
"""What no other picture of the batch would escape either; anything else is one row."""
PIXELS_IN_HAND = 48_000_000
"""A picture in work takes some 60 bytes a pixel: two of 24 megapixels at a time, one of 64 alone."""
UNEXPECTED = "Something went wrong inside Inkframe with this picture; the log says more."
MOST_WORKERS = 17

Tell = Callable[[Row | None, str], None]
"""Called with each finished row and None before one is begun, and with the file's path."""


def count_workers() -> int:
    """Workers for this machine: one a core and, so that no core waits for the disk, one more."""
    return min(MOST_WORKERS, count_cores() + 1)


@dataclass
class Shift:
    """What the workers share: the entries that are left, and the first reason to stop."""

    entries: Iterator[tuple[int, Entry]]
    check: Callable[[], None]
    turn: threading.Lock = field(default_factory=threading.Lock)
    reason: BaseException | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    def next(self) -> tuple[int, Entry] | None:
        """The next file, or None when there is none or nothing more is to be done."""
        with self.turn:
            if self.reason is not None:
                return None
            try:
                self.check()
                return next(self.entries, None)
            except BaseException as error:
                self.reason = error
                return None

    def give_up(self, error: BaseException) -> None:
        """End the batch with this error; the first one counts."""
        with self.turn:
            self.reason = self.reason or error

    def add(self, seconds: dict[str, float]) -> None:
        """Add up what each step took."""
        with self.turn:
            for name, took in seconds.items():
                self.seconds[name] = self.seconds.get(name, 0.0) + took


def do_entries(
    entries: Iterator[Entry],
    bench: Bench,
    store: ModelStore,
    *,
    check: Callable[[], None],
    tell: Tell,
    workers: int,
) -> dict[str, float]:
    """Do every entry once; gives the seconds that each step took, all workers together.

    `check` raises Stopped when no more is to be begun. Raises that, and what would stop every picture (STOPS),
    after the pictures in hand were finished.
    """
    shift, room = Shift(enumerate(entries), check), Room(PIXELS_IN_HAND)
    ended = threading.Semaphore(0)

    def work() -> None:
        try:
            while (taken := shift.next()) is not None:
                _do_entry(*taken, bench, store, room, shift, tell)
        except BaseException as error:
            shift.give_up(error)
        finally:
            ended.release()

    threads = [
        threading.Thread(target=work, name=f"batch-{number}", daemon=True) for number in range(workers)
    ]
    try:
        _wait_for(threads, ended)
    except BaseException as error:  # Ctrl-C: the pictures in hand are finished first
        shift.give_up(error)
        _wait_for(threads, ended)
    finally:
        if isinstance(entries, Generator):
            entries.close()
    if shift.reason is not None:
        raise shift.reason
    return shift.seconds


def _wait_for(threads: list[threading.Thread], ended: threading.Semaphore) -> None:
    """Start the threads and wait until each has `ended`; interrupted, it can be called again for the rest.

    (A `join` that Ctrl-C interrupts takes the thread for ended while it still runs: bpo-45274.)
    """
    for thread in threads:
        if thread.ident is None:
            thread.start()
    while threads:
        ended.acquire()
        threads.pop()


def _do_entry(
    number: int, entry: Entry, bench: Bench, store: ModelStore, room: Room, shift: Shift, tell: Tell
) -> None:
    row = bench.recall(number, entry)
    if row is not None:
        return tell(row, entry.path)
    tell(None, entry.path)
    data = b""
    try:
        data, row = bench.read(number, entry)
        if row is None:
            made = _make(data, entry, bench, store, room)
            shift.add(made.seconds)
            row = bench.keep(number, entry, data, made)
    except STOPS:
        raise
    except InkframeError as error:
        row = bench.note_failure(number, entry, str(error), data)
    except Exception:  # one bad file is one row, whatever it does to the code
        log.exception("%s failed", entry.path)
        row = bench.note_failure(number, entry, UNEXPECTED, data)
    tell(row, entry.path)


def _make(data: bytes, entry: Entry, bench: Bench, store: ModelStore, room: Room) -> Made:
    """Do a picture, and once more with the machine to itself when there was no memory for it."""
    try:
        with room.hold(count_pixels(data)):
            return do_picture(data, entry.path, bench.recipe, store)
    except (OutOfMemory, MemoryError):
        log.info("%s is tried again alone", entry.path)
    try:
        with room.hold(room.size):
            return do_picture(data, entry.path, bench.recipe, store)
    except MemoryError as error:
        raise OutOfMemory("There is not enough memory for this picture.", "Scale it down.") from error
