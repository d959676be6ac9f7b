"""The page's lists of films, batches and trainings show all that is at work, however many came after it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipelines.batch.finish import TASK
from pipelines.cartoon.film_job import KIND as CARTOON
from pipelines.image_to_video.film_job import KIND as VIDEO
from pipelines.image_to_video.slow_job import KIND as SLOW
from pipelines.jobs.job import Job
from pipelines.studio import Studio
from pipelines.webcam.in_training import KIND as TRAINING
from ui import batch_work, film_list, live_training_list

LISTS: list[tuple[list[str], Callable[[Studio], list[Job]], int]] = [
    ([VIDEO, SLOW], lambda studio: film_list.list_films(studio, VIDEO, SLOW), film_list.LISTED),
    ([CARTOON], lambda studio: film_list.list_films(studio, CARTOON), film_list.LISTED),
    ([TASK], batch_work.list_batches, batch_work.LISTED),
    ([TRAINING], live_training_list.list_trainings, live_training_list.LISTED),
]


@pytest.mark.parametrize(
    ("kinds", "list_jobs", "listed"), LISTS, ids=["films", "cartoons", "batches", "mine"]
)
def test_what_is_at_work_is_never_hidden_by_what_came_later(
    studio: Studio, kinds: list[str], list_jobs: Callable[[Studio], list[Job]], listed: int
) -> None:
    def submit(number: int) -> str:
        return studio.jobs.submit(kinds[number % len(kinds)], "a job", {}, lambda folder: 1).id

    waiting = [submit(number) for number in range(3)]
    ended = [studio.jobs.cancel(submit(number)).id for number in range(listed + 2)]
    assert [job.id for job in list_jobs(studio)] == [*ended[: -(listed - 3) - 1 : -1], *waiting[::-1]]
    waiting += [submit(number) for number in range(listed)]
    assert [job.id for job in list_jobs(studio)] == waiting[::-1]
