"""All that the tab shows of the batches, drawn at once and sent only where it changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.batch import batch
from pipelines.errors import NotFound
from pipelines.jobs.job import Job
from pipelines.studio import Studio
from ui.batch_card import LIVE, draw_card
from ui.batch_list import draw_jobs
from ui.batch_pictures import Tile, draw_tiles, draw_troubles
from ui.batch_work import choose_batch, list_batches
from ui.links import anchor

STRIP, GALLERY, ROWS = 12, 60, 100
"""Tiles of a live batch and of one that stands still; rows of files that were not done."""
MANIFESTS = ("manifest.csv", "manifest.json")


@dataclass(frozen=True)
class Board:
    """The tab's right side as HTML. `runs` are the ids of all runs that batches made: a new one there is a
    new run in the history. `live` says whether anything moves."""

    selected: str
    card: str
    tiles: str
    troubles: str
    jobs: str
    runs: str
    live: bool

    @property
    def drawn(self) -> tuple[str, str, str, str]:
        return self.card, self.tiles, self.troubles, self.jobs


def draw_board(studio: Studio, selected: str, lang: str) -> Board:
    """The batch that is selected, or the one that most likely is wanted, and the list of all."""
    jobs = list_batches(studio)
    job = choose_batch(jobs, selected)
    runs = ",".join(sorted(each.run for each in jobs if each.run))
    live = any(each.status in LIVE for each in jobs)
    tiles, troubles = _draw_files(studio, job, lang) if job else ("", "")
    shown = job.id if job else ""
    return Board(shown, draw_card(job, lang), tiles, troubles, draw_jobs(jobs, shown, lang), runs, live)


def _draw_files(studio: Studio, job: Job, lang: str) -> tuple[str, str]:
    moving = job.status in LIVE
    try:
        tiles = _list_tiles(studio, job, STRIP if moving else GALLERY)
        rows = [
            row
            for status in ("failed", "skipped")
            for row in batch.rows(studio, job.id, status=status, limit=ROWS)
        ]
    except NotFound:  # deleted a moment ago, by another page
        return "", ""
    troubles = draw_troubles(rows[:ROWS], max(job.failed, len(rows)), _link_manifests(studio, job), lang)
    return draw_tiles(tiles, job.done, moving, lang), troubles


def _list_tiles(studio: Studio, job: Job, count: int) -> list[Tile]:
    shown = batch.latest(studio, job.id, count=count)
    return [Tile(each.row.output, each.before, each.after) for each in shown]


def _link_manifests(studio: Studio, job: Job) -> Sequence[str]:
    if not job.run:
        return ()
    try:
        return [anchor(studio.history.file(job.run, name), name, name) for name in MANIFESTS]
    except NotFound:
        return ()
