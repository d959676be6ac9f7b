# mypy: allow-subclassing-any
"""Batches by step number, so that a run that goes on sees what it would have seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from torch.utils.data import DataLoader, Dataset, Sampler

Batch = TypeVar("Batch")


class Steps(Sampler[int]):
    """Step numbers from `first` up to `last`, without it."""

    def __init__(self, first: int, last: int) -> None:
        self._steps = range(first, last)

    def __iter__(self) -> Iterator[int]:
        return iter(self._steps)

    def __len__(self) -> int:
        return len(self._steps)


def load_batches(batches: Dataset[Batch], first: int, last: int, workers: int) -> DataLoader[Batch]:
    """Batches `first` to `last - 1`, made ahead by worker processes; 0 makes them in this one."""
    return DataLoader(
        batches,
        batch_size=None,
        sampler=Steps(first, last),
        num_workers=workers,
        prefetch_factor=4 if workers else None,
    )
