"""Where long work is handed in: a few jobs at a time, each in a folder of its own, none lost by a restart."""

from __future__ import annotations

import builtins
import logging
import re
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.errors import InkframeError, NotFound
from pipelines.gate import say_full
from pipelines.history.writing import writing
from pipelines.jobs.attempt import MOST_BROKEN_OFF, Kind, attempt, give_up
from pipelines.jobs.cards import Cards, write_card
from pipelines.jobs.claim import Claim, claim_folder
from pipelines.jobs.database import DatabaseLost
from pipelines.jobs.errors import WrongState
from pipelines.jobs.filling import make_folder, remove_stale
from pipelines.jobs.forgetting import FORGET_SECONDS, forget_old
from pipelines.jobs.job import Job, Status
from pipelines.jobs.work import Ending, Work
from weights.disk import clear, set_aside

__all__ = ["Ending", "JobDesk", "Kind", "Work"]

log = logging.getLogger(__name__)

JOB_ID = re.compile(r"[a-z]+(?:-[a-z]+)*-[0-9a-f]{12}")
CLOSE_SECONDS = 5.0
"""A picture may take a minute in a large net on the CPU. Nothing is lost when it is not waited for."""
LOOK_SECONDS = 5.0
"""How often to look for what other processes have queued."""
RESUMABLE: frozenset[Status] = frozenset({"paused", "failed", "cancelled"})


class JobDesk:
    """The jobs under one folder, `places` of them at a time; the others wait. Safe for several threads, and
    for several processes over one folder: a job belongs to the one that works on it."""

    def __init__(self, folder: Path, kinds: Mapping[str, Kind], places: int, waiting: int = 1000) -> None:
        """`waiting`: how many may stand in line for a place."""
        self._folder = folder
        self._kinds = kinds
        self._places = max(1, places)
        self._waiting = waiting
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        self._cards = Cards(folder)
        self._live: dict[str, Work] = {}
        self._unsaved: dict[str, Job] = {}
        self._change = threading.Condition(threading.RLock())
        self._threads: list[threading.Thread] = []
        self._closing = False
        self._only = ""

    def start(self, only: str = "") -> None:
        """Begin to work: first on what a process that ended left behind, then on what is queued. With `only`, the
        id of a job, on no other, and no old one is forgotten meanwhile."""
        with self._change:
            if self._threads or self._closing:
                return
            self._only = only
            remove_stale(self._folder)
            names = [f"job-{number}" for number in range(1 if only else self._places)]
            self._threads = [threading.Thread(target=self._serve, name=name, daemon=True) for name in names]
            if not only:
                self._threads.append(threading.Thread(target=self._forget, name="job-forget", daemon=True))
            for thread in self._threads:
                thread.start()

    def submit(self, kind: str, title: str, settings: Mapping[str, Any], fill: Callable[[Path], int]) -> Job:
        """Queue a job. `fill` puts what it needs into the folder that it is given and says how many pieces
        there are, 0 for unknown; when it raises, nothing stays. Raises Busy when too many wait, DiskFull,
        OutputsUnwritable."""
        if kind not in self._kinds:
            raise ValueError(f"no such kind of job: {kind!r}")
        if self._is_full():
            raise say_full()
        job_id = f"{kind}-{uuid.uuid4().hex[:12]}"
        made = datetime.now().astimezone().isoformat(timespec="milliseconds")
        job = Job(job_id, kind, "queued", title, made, settings=dict(settings))
        return self._put(make_folder(self._folder, job, fill))

    def _is_full(self) -> bool:
        """Whether as many wait as may; where the list can't be read just now, nobody is turned away."""
        with suppress(InkframeError):
            return len(self._cards.waiting()) - len(self._live) >= self._waiting
        return False

    def get(self, job_id: str) -> Job:
        """Raises NotFound."""
        with self._change:
            if job_id in self._live:
                return self._live[job_id].job
            found = self._unsaved.get(job_id) or self._cards.find(job_id)
        if found is None:
            raise NotFound("There is no such job.", "It may have been deleted; look at the list of jobs.")
        return found

    def list(self, kind: str | None = None, limit: int = 50, offset: int = 0) -> list[Job]:
        """Jobs, the newest first; `limit` -1 for all."""
        with self._change:
            return [self._know(job) for job in self._cards.list(kind, limit, offset)]

    def list_open(self, kinds: Sequence[str], most: int) -> builtins.list[Job]:
        """All jobs of some kinds that have not ended, and ended ones until there are `most`; the newest first."""
        with self._change:
            return [self._know(job) for job in self._cards.list_open(kinds, most)]

    def count(self) -> builtins.list[tuple[str, str, int, int, int]]:
        """How many jobs there are of each kind and status, with their pieces done and failed."""
        return self._cards.count()

    def _know(self, job: Job) -> Job:
        """The job as it stands now."""
        return self._live[job.id].job if job.id in self._live else self._unsaved.get(job.id, job)

    def folder(self, job_id: str) -> Path:
        """The folder of a job. Raises NotFound, also for ids that are none."""
        path = self._folder / job_id
        if not JOB_ID.fullmatch(job_id) or not path.is_dir():
            raise NotFound("There is no such job.", "It may have been deleted; look at the list of jobs.")
        return path

    def cancel(self, job_id: str) -> Job:
        """Stop a job and keep what is finished; one that has ended stays as it is. Raises NotFound."""
        with self._change:
            if job_id in self._live:
                self._live[job_id].stop(cancelled=True)
                self._live[job_id].tell(message="Stopping")
                return self.get(job_id)
            job = self.get(job_id)
            self._check_free(job)
            return job if job.ended else self._put(replace(job, status="cancelled", message="", hint=""))

    def resume(self, job_id: str, *, ended: bool = False) -> Job:
        """Queue a paused, failed or cancelled job again; with `ended` a finished one, too.

        Raises NotFound, WrongState.
        """
        with self._change:
            job = self.get(job_id)
            if job.status not in RESUMABLE and not (ended and job.status == "done"):
                raise WrongState(f"The job is {job.status}.", "Only a job that has stopped can go on.")
            return self._put(replace(job, status="queued", message="", hint="", current="", rate=0.0))

    def delete(self, job_id: str) -> None:
        """Remove a job and all that is in its folder; its run stays in the history.

        Raises NotFound, WrongState while it runs, OutputsUnwritable.
        """
        trash = None
        try:
            with self._change:
                job = self.get(job_id)
                if job_id in self._live:
                    raise WrongState("The job is running.", "Cancel it first.")
                self._check_free(job)
                with writing(self._folder.parent):
                    trash = set_aside(self._folder / job_id)
                self._unsaved.pop(job_id, None)
                self._cards.remove(job_id)
        finally:
            clear(trash)

    def wait(self, job_id: str, timeout: float | None = None) -> Job:
        """Wait until a job neither runs nor is queued, or for `timeout` seconds. Raises NotFound."""
        with self._change:
            self._change.wait_for(lambda: self.get(job_id).status not in ("queued", "running"), timeout)
            return self.get(job_id)

    def close(self) -> bool:
        """Stop working; whether all work has ended. What was running goes on with the next start."""
        with self._change:
            self._closing = True
            for work in self._live.values():
                work.stop()
            self._change.notify_all()
        for thread in self._threads:
            thread.join(CLOSE_SECONDS)
        ended = not any(thread.is_alive() for thread in self._threads)
        if ended:
            self._cards.close()
        return ended

    def _serve(self) -> None:
        while True:
            with self._change:
                taken = None if self._closing else self._take()
                while taken is None and not self._closing:
                    self._change.wait(LOOK_SECONDS)
                    taken = None if self._closing else self._take()
            if taken is None:
                return
            self._do(*taken)

    def _forget(self) -> None:
        """Take old jobs off the list now and then."""
        while True:
            forget_old(self, self._folder, lambda: self._closing)
            with self._change:
                if self._change.wait_for(lambda: self._closing, FORGET_SECONDS):
                    return

    def _take(self) -> tuple[Work, Claim] | None:
        for job in list(self._unsaved.values()):
            if not self._save(job):
                break
        try:
            waiting = self._cards.waiting()
        except Exception as error:  # whatever it is, it is looked again
            log.warning("The jobs can't be read: %s", error)
            return None
        for each in waiting:
            if self._only not in ("", each.id):
                continue
            job = self._unsaved.get(each.id, each)
            if job.id in self._live or job.kind not in self._kinds or job.status not in ("queued", "running"):
                continue
            claim = claim_folder(self._folder / job.id)
            if claim is not None:
                broken_off = job.broken_off + (job.status == "running")
                job = replace(job, status="running", message="", hint="", rate=0.0, broken_off=broken_off)
                if broken_off >= MOST_BROKEN_OFF:
                    self._put(give_up(job))
                    claim.release()
                    continue
                work = Work(job, self._folder / job.id, self._save)
                self._live[job.id] = work
                return work, claim
        return None

    def _do(self, work: Work, claim: Claim) -> None:
        job_id = work.job.id
        try:
            self._save(work.job)
            end = attempt(self._kinds[work.job.kind], work)
        finally:
            claim.release()
        with self._change:
            job = replace(work.job, current="", rate=0.0, **end)
            del self._live[job_id]
            self._put(job)

    def _put(self, job: Job) -> Job:
        """Write down a job's new state, or keep it in mind until that can be done."""
        with self._change:
            self._unsaved[job.id] = job
            self._save(job)
            self._change.notify_all()
        return job

    def _save(self, job: Job) -> bool:
        try:
            self._cards.add(job)
            if (self._folder / job.id).is_dir():
                write_card(self._folder / job.id, job)
            self._unsaved.pop(job.id, None)
        except (InkframeError, DatabaseLost) as error:
            log.warning("The state of %s can't be written: %s", job.id, error)
            return False
        return True

    def _check_free(self, job: Job) -> None:
        """Raise WrongState when another process works on the job."""
        if job.status in ("queued", "running") and (self._folder / job.id).is_dir():
            claim = claim_folder(self._folder / job.id)
            if claim is None:
                raise WrongState("Another Inkframe works on this job.", "Stop it there.")
            with suppress(OSError):
                claim.release()
