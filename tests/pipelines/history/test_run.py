"""What run.json can hold."""

from __future__ import annotations

import os

import pytest

from pipelines.history.run import Run, RunInput, read_json, write_json


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("猫 é.jpg", "猫 é.jpg"),
        ("🐈.jpg", "🐈.jpg"),
        (os.fsdecode(b"b\351.jpg"), "b\N{REPLACEMENT CHARACTER}.jpg"),
        ("half \ud83d", "half \N{REPLACEMENT CHARACTER}"),
    ],
)
def test_an_input_of_any_name_can_be_written(name: str, kept: str) -> None:
    run = Run("outputs_20260101000000", "matting", "2026-01-01T00:00:00+00:00", (RunInput(name, "", 1, 1),))
    found = read_json(write_json(run).encode())
    assert found.inputs[0].name == kept
    assert found == run
    assert run.words.encode()
