"""Memory that is held, and given back."""

from __future__ import annotations

import ctypes
import mmap

import pytest

from pipelines import memory


def test_memory_is_what_the_process_holds() -> None:
    with mmap.mmap(-1, 40_000_000) as held:
        before = memory.memory_mb()
        held.write(b"\1" * len(held))
        assert 30 < memory.memory_mb() - before < 100


def test_memory_is_given_back_only_where_that_can_be_done(monkeypatch: pytest.MonkeyPatch) -> None:
    trimmed = []

    class Library:
        def malloc_trim(self, kept: int) -> None:
            trimmed.append(kept)

    monkeypatch.setattr(ctypes, "CDLL", lambda name: Library())
    memory.give_back_memory()
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    memory.give_back_memory()
    assert trimmed == [0]
