"""Runs that are whole folders: taken over as they are, read through their sub-folders, brought up to date."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.errors import NotFound, OutputsUnwritable
from pipelines.history.shelf import PARTIAL, History, Run


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "outputs")


@pytest.fixture
def work(history: History) -> Path:
    """A folder of results beside the runs."""
    folder = history.outputs / ".jobs/one/run"
    (folder / "results/trip").mkdir(parents=True)
    (folder / "results/trip/1.png").write_bytes(b"picture")
    return folder


def keep(history: History, folder: Path) -> Run:
    with history.draft("batch", adopt=folder) as draft:
        return draft.save(
            inputs=[], settings={}, model={}, device="cpu", timings={}, results=["results/trip/1.png"]
        )


def test_a_folder_becomes_the_runs_own_in_one_step(history: History, work: Path) -> None:
    run = keep(history, work)
    assert not work.exists()
    assert history.file(run.id, "results/trip/1.png").read_bytes() == b"picture"
    assert run.size == len(b"picture")
    assert history.runs() == [run]
    assert not list(history.outputs.glob(f"{PARTIAL}*"))


def test_a_draft_that_fails_leaves_the_folder_where_it_is(
    history: History, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no")

    with monkeypatch.context() as failing:
        failing.setattr(Path, "rename", refuse)
        with pytest.raises(OutputsUnwritable):
            keep(history, work)
    assert (work / "results/trip/1.png").exists()
    assert history.runs() == []
    assert not list(history.outputs.glob(f"{PARTIAL}*"))
    assert keep(history, work).id


@pytest.mark.parametrize(
    "name",
    [
        "results/../run.json",
        "results//trip/1.png",
        "/results/trip/1.png",
        "results/trip",
        "results/trip/",
        "results/.hidden/1.png",
        "results/link.png",
        "linked/1.png",
        "results\\trip\\1.png",
    ],
)
def test_no_other_path_leads_to_a_file(history: History, work: Path, name: str) -> None:
    os.symlink("trip/1.png", work / "results/link.png")
    os.symlink("results/trip", work / "linked")
    (work / "results/.hidden").mkdir()
    (work / "results/.hidden/1.png").write_bytes(b"x")
    run = keep(history, work)
    with pytest.raises(NotFound):
        history.file(run.id, name)


def test_a_run_is_brought_up_to_date(history: History, work: Path) -> None:
    run = keep(history, work)
    (history.folder(run.id) / "results/2.png").write_bytes(b"more")
    after = history.update(run.id, notes=("again",))
    assert after.notes == ("again",)
    assert after.size == run.size + 4
    assert history.get(run.id) == after
    assert history.runs(search="batch") == [after]
    with pytest.raises(NotFound):
        history.update("outputs_20000101000000")
