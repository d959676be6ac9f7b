"""A batch's options: those of one picture, and what only many need."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.matting.options import MattingOptions
from pipelines.options import option


@dataclass(frozen=True)
class BatchOptions(MattingOptions):
    """See each field's help."""

    reuse: bool = option(
        True, "Takes over what an earlier batch with the same settings made of the same picture."
    )
