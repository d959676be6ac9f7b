"""A file in the making as a context manager: whole when the block ends, gone when an error ends it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import TypeVar

Self = TypeVar("Self", bound="WholeOrGone")


class WholeOrGone(ABC):
    """What writes a file under a temporary name."""

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.drop()

    @abstractmethod
    def close(self) -> None:
        """Finish the file and give it its name. Raises OSError; then nothing stays."""

    @abstractmethod
    def drop(self) -> None:
        """Leave nothing behind."""
