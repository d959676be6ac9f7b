from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from weights import stamps as module
from weights.manifest import sha256_of
from weights.stamps import Stamps


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were hashed, in order."""
    seen: list[Path] = []

    def spy(path: Path) -> str:
        seen.append(path)
        return sha256_of(path)

    monkeypatch.setattr(module, "sha256_of", spy)
    return seen


def test_an_unchanged_file_is_read_once(tmp_path: Path, reads: list[Path]) -> None:
    path = tmp_path / "model"
    path.write_bytes(b"one")
    stamps = Stamps()
    assert stamps.recall(path) is None
    assert stamps.sha256(path) == stamps.sha256(path) == stamps.recall(path)
    assert reads == [path]


def test_a_change_that_keeps_size_and_mtime_is_noticed(tmp_path: Path, reads: list[Path]) -> None:
    # given a file whose hash is known
    path = tmp_path / "model"
    path.write_bytes(b"one")
    stat = path.stat()
    stamps = Stamps()
    before = stamps.sha256(path)
    # when its bytes change and its time of change is set back
    path.write_bytes(b"two")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    # then it is read again
    assert stamps.recall(path) is None
    assert stamps.sha256(path) != before
    assert len(reads) == 2


def test_many_who_ask_at_once_read_a_file_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model").write_bytes(b"one")
    (tmp_path / "other").write_bytes(b"two")
    stamps, seen, together = Stamps(), list[str](), threading.Barrier(2)

    def read(path: Path) -> str:
        seen.append(path.name)
        together.wait(20)  # the two files are read at the same time, or this fails
        return sha256_of(path)

    monkeypatch.setattr(module, "sha256_of", read)
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(stamps.sha256, [tmp_path / "model", tmp_path / "other"] * 4))
    assert len(found) == 2
    assert sorted(seen) == ["model", "other"]
