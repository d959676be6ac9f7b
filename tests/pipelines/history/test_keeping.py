"""Files that are kept beside results."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.history.keeping import link_or_copy, plain_name


@pytest.mark.parametrize("name", ["cat.jpg", "C:\\photos\\cat.jpg", "/home/me/cat.jpg", "a\\b/cat.jpg"])
def test_a_name_loses_its_path(name: str) -> None:
    assert plain_name(name) == "cat.jpg"


def test_a_second_name_takes_no_room(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"film")
    link_or_copy(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "a").samefile(tmp_path / "b")


def test_where_links_do_not_work_it_is_copied_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("another disk")

    monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "a").write_bytes(b"film")
    link_or_copy(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == b"film"

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="another disk"):
        link_or_copy(tmp_path / "a", tmp_path / "c")
    assert sorted(os.listdir(tmp_path)) == ["a", "b"]
