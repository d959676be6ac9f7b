"""What a person says of a style that is to be trained."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.options import Options, option

STEPS = {"quick": 400, "usual": 1500, "thorough": 6000}


@dataclass(frozen=True)
class MyStyleOptions(Options):
    """See each field's help."""

    name: str = option("", "What the style is called in the list of looks.")
    effort: str = option(
        "usual",
        "How long it is trained: quick shows the colours, thorough the strokes.",
        choices=tuple(STEPS),
    )
