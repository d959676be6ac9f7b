"""One frame that stands for a film."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pipelines.video.colours import to_rgb

PLACES = (0.1, 0.35, 0.6)
"""Shares of a film's length at which a frame is looked at: its beginning and end are often black."""


def choose_poster(path: Path) -> np.ndarray | None:
    """The frame with the most to see of a film that this program wrote, RGB uint8 HWC."""
    import av

    found = []
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        for place in PLACES:
            container.seek(int(place * (stream.duration or 0)), stream=stream)
            frame = next(container.decode(stream), None)
            if frame is not None:
                found.append(to_rgb(frame))
    return max(found, key=lambda rgb: float(rgb.std()), default=None)
