"""Previews of many visitors at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ui import previews
from ui.previews import Previews


def test_what_another_request_removes_meanwhile_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given three folders, and one that is listed but no longer there
    monkeypatch.setattr(previews, "KEPT", 2)
    for age, name in enumerate(("oldest", "older", "newest")):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (age, age))
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    # when the oldest are forgotten
    Previews(tmp_path).forget_oldest()
    # then the newest stay
    assert {path.name for path in tmp_path.iterdir() if path.exists()} == {"older", "newest"}
