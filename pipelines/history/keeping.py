"""Keep what went into a run beside its results."""

from __future__ import annotations

from pipelines.history.draft import Draft
from pipelines.history.run import RunInput
from pipelines.image import Picture


def keep_input(draft: Draft, stem: str, picture: Picture) -> RunInput:
    """Write a picture, byte for byte as it came, into a run. Raises DiskFull, OutputsUnwritable."""
    name = f"{stem}.{picture.format.lower()}"
    draft.add(name, picture.data)
    return RunInput(picture.name or name, picture.sha256, picture.width, picture.height, name)
