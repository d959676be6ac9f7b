"""What lies in the page's upload folder goes when it should, and not before."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from pipelines.history import History
from ui.page_files import PageFiles
from ui.previews import Previews

DAY = 86400
RUN = "outputs_20260101120000"


@pytest.fixture
def files(tmp_path: Path) -> PageFiles:
    folder = tmp_path / "page"
    kept = str(folder / "icons" / "a.png")
    return PageFiles(folder, Previews(folder / "previews"), History(tmp_path / "outputs"), lambda: {kept})


def put(files: PageFiles, *places: str, age: float) -> None:
    """Files of so many seconds."""
    for place in places:
        path = files.folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        for each in (path, path.parent):
            os.utime(each, (time.time() - age,) * 2)


def found(files: PageFiles) -> set[str]:
    return {path.relative_to(files.folder).as_posix() for path in files.folder.rglob("*") if path.is_file()}


def test_what_nobody_wrote_to_for_a_day_goes(files: PageFiles) -> None:
    fresh = {"tmp2", "abd/photo.jpg", "thumbs/b.jpg"}
    lasting = {"icons/a.png", "previews/film-1/source.jpg"}
    put(files, "tmp1", "abc/photo.jpg", "thumbs/a.jpg", *lasting, age=2 * DAY)
    put(files, *fresh, age=60)
    files.tidy()
    assert found(files) == fresh | lasting


def test_copies_of_a_run_go_with_it(files: PageFiles) -> None:
    # given a run that is there, and one that somebody removed by hand
    (files.history.outputs / RUN).mkdir()
    put(files, f"previews/{RUN}/source.jpg", f"again/{RUN}/0/photo.jpg", age=60)
    put(files, f"previews/{RUN}-2/source.jpg", f"again/{RUN}-2/0/photo.jpg", age=60)
    # when the folder is tidied, only the other's go
    files.tidy()
    assert found(files) == {f"previews/{RUN}/source.jpg", f"again/{RUN}/0/photo.jpg"}
    # and all when it is deleted
    files.history.when_deleted(files.forget)
    files.history.delete(RUN)
    assert found(files) == set()


def test_tidying_goes_on_after_a_failure(files: PageFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = threading.Semaphore(0)

    def fail(_: PageFiles) -> None:
        tried.release()
        raise RuntimeError

    monkeypatch.setattr(PageFiles, "tidy", fail)
    monkeypatch.setattr("ui.page_files.HOUR", 0.01)
    stop = files.keep_tidy()
    assert tried.acquire(timeout=30)
    assert tried.acquire(timeout=30)
    stop()
