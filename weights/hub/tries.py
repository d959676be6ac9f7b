"""When a failed download is worth another try."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

BACK_OFF = (1.0, 2.0, 4.0)
"""Seconds before each further try; bytes that arrived in between start the row anew."""
WRONG_CONTENTS_TRIES = 2


@dataclass
class Tries:
    """Failures since the last byte that arrived, and how often the contents were wrong."""

    back_off: Sequence[float] = BACK_OFF
    failures: int = 0
    wrong: int = 0
    most: int = 0

    def pause_after(self, kind: str, here: int) -> float | None:
        """Seconds until the next try after a fault of this kind, None when there is to be none.

        `here`: bytes that have arrived so far.
        """
        if kind == "damaged":
            self.wrong += 1
            return 0.0 if self.wrong < WRONG_CONTENTS_TRIES else None
        self.failures = 0 if here > self.most else self.failures
        self.most = max(self.most, here)
        if kind != "network" or self.failures == len(self.back_off):
            return None
        self.failures += 1
        return self.back_off[self.failures - 1]
