"""The outputs folder is removed while the server runs: new work goes on, what is gone is not found, nothing crashes."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from pipelines.history import History
from pipelines.settings import ROOT, Settings
from pipelines.studio import Studio
from tests.faults.stand import open_slow_studio
from tests.pipelines.batch.pictures import draw_pictures, write_zip
from tests.server.conftest import rest_app

LONG = 60.0
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=timezone(timedelta(hours=8)))
WALL_CLOCK = {
    "pipelines/batch/watch.py",
    "pipelines/jobs/filling.py",
    "pipelines/jobs/forgetting.py",
    "server/uploads.py",
}
"""Who compares with the times of files."""


@pytest.fixture
def working(settings: Settings) -> Iterator[Studio]:
    made = open_slow_studio(settings, 0.02)
    made.start_jobs()
    yield made
    made.close()


@pytest.fixture
def client(working: Studio) -> Iterator[TestClient]:
    with TestClient(rest_app(working), raise_server_exceptions=False) as made:
        yield made


def cut_out(client: TestClient, photo: bytes) -> str:
    answer = client.post("/api/v1/matting", files={"image": photo})
    assert answer.status_code == 200, answer.text
    return str(answer.headers["X-Run-Id"])


def start_batch(client: TestClient, folder: Path, count: int) -> str:
    path = write_zip(folder / "a.zip", draw_pictures(count)).path
    answer = client.post("/api/v1/batch", files={"archive": ("a.zip", path.read_bytes())})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["job"]["id"])


def test_new_work_goes_on_and_what_is_gone_is_not_found(
    client: TestClient, working: Studio, photo: bytes, tmp_path: Path
) -> None:
    run, job = cut_out(client, photo), start_batch(client, tmp_path, 3)
    assert working.jobs.wait(job, LONG).status == "done"
    shutil.rmtree(working.settings.outputs)
    gone = (f"runs/{run}", f"jobs/{job}/result", f"jobs/{job}/files")
    assert [client.get(f"/api/v1/{path}").status_code for path in gone] == [404, 404, 404]
    assert client.get("/healthz").status_code == client.get("/api/v1/jobs").status_code == 200
    assert client.get("/api/v1/runs").json()["total"] == 0
    # new work makes the folder anew
    kept, second = cut_out(client, photo), start_batch(client, tmp_path, 3)
    assert working.jobs.wait(second, LONG).status == "done"
    assert client.get(f"/api/v1/jobs/{second}/result").content[:2] == b"PK"
    # and the next start knows all that is there, and nothing else
    with closing(open_slow_studio(working.settings, 0.0)) as again:
        assert {each.id for each in again.history.runs()} == {kept, again.jobs.get(second).run}
        assert [each.id for each in again.jobs.list()] == [second]


def test_a_job_whose_folder_goes_fails_in_words_and_the_next_one_is_done(
    client: TestClient, working: Studio, tmp_path: Path
) -> None:
    job = start_batch(client, tmp_path, 200)
    while working.jobs.get(job).done < 3:
        time.sleep(0.01)
    shutil.rmtree(working.settings.outputs, ignore_errors=True)
    stopped = working.jobs.wait(job, LONG)
    assert stopped.status in ("failed", "paused") and stopped.message and stopped.hint
    assert "inside Inkframe" not in stopped.message, "it is no defect"
    assert working.history.count() == 0
    second = start_batch(client, tmp_path, 3)
    assert working.jobs.wait(second, LONG).status == "done"


def test_a_clock_that_is_set_back_overwrites_and_hides_nothing(tmp_path: Path) -> None:
    # the first is asked for at the start
    moments = iter([NOON, NOON, NOON + timedelta(hours=1), NOON, NOON - timedelta(days=400), NOON])
    with closing(History(tmp_path, lambda: next(moments))) as history:
        ids = []
        for number in range(5):
            with history.draft("matting") as draft:
                draft.add("a.png", b"%d" % number)
                draft.save(inputs=[], settings={}, model={}, device="cpu", timings={}, results=["a.png"])
                ids.append(draft.id)
        assert len(set(ids)) == 5
        assert [history.file(each, "a.png").read_bytes() for each in ids] == [b"%d" % n for n in range(5)]
        # the list follows what the clock said; runs of one second keep their order
        assert [run.id for run in history.runs()] == [ids[1], ids[4], ids[2], ids[0], ids[3]]


def test_only_the_times_of_files_are_compared_with_a_clock_that_can_be_set() -> None:
    """Rates, limits, tickets, waiting and the live picture go by one that nobody sets."""
    found = {
        path.relative_to(ROOT).as_posix()
        for part in ("pipelines", "server", "weights")
        for path in (ROOT / part).rglob("*.py")
        if "time.time()" in path.read_text("utf-8")
    }
    assert found == WALL_CLOCK
