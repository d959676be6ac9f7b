"""What the side bar's buttons do."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pipelines.errors import NotFound
from pipelines.history import Run
from pipelines.studio import Studio
from ui.history_panel import delete_run
from ui.texts import ENGLISH


@pytest.fixture
def run(studio: Studio) -> Run:
    with studio.history.draft("matting") as draft:
        return draft.save(inputs=[], settings={}, model={}, device="cpu", timings={}, results=[])


@pytest.mark.parametrize("answer", [False, None, "", "yes", 1])
def test_without_a_plain_yes_a_run_stays(studio: Studio, run: Run, answer: Any) -> None:
    room: Any = SimpleNamespace(history=studio.history, lang=ENGLISH)
    delete_run(room)(answer, run.id)
    assert studio.history.get(run.id) == run


def test_a_yes_deletes_the_run(studio: Studio, run: Run) -> None:
    room: Any = SimpleNamespace(history=studio.history, lang=ENGLISH)
    _, selected = delete_run(room)(True, run.id)
    assert selected == ""
    with pytest.raises(NotFound):
        studio.history.get(run.id)
