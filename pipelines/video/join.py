"""Put films that were written in parts one after the other, without drawing or coding anything anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from pipelines.video.mp4 import Mp4File

REORDERED = 2
"""Frames by which x264 at our preset decodes ahead of showing. Each short part counts them in its own way, so
times of decoding are given anew."""


def join_films(
    parts: Sequence[Path],
    target: Path,
    *,
    sound: Path | None = None,
    metadata: Mapping[str, str] | None = None,
    xmp: bytes = b"",
) -> bool:
    """Join films of VideoWriter of one size and rate; says whether all sound could be kept.

    Raises OSError where the file can't be written.
    """
    with Joiner(target, parts[0], sound=sound, metadata=metadata, xmp=xmp) as film:
        for part in parts:
            film.add(part)
    return not film.sound_lost


class Joiner(Mp4File):
    """Takes parts one by one; see `join_films`."""

    def __init__(self, path: Path, like: Path, **facts: Any) -> None:
        import av

        super().__init__(path, **facts)
        with av.open(str(like)) as source:
            found = source.streams.video[0]
            self._rate, self._count = Fraction(found.average_rate or 1), 0
            self._stream = self._container.add_stream_from_template(found)
        self._begin_sound()

    def add(self, part: Path) -> None:
        """Add one part's pictures."""
        import av

        with av.open(str(part)) as source:
            stream = source.streams.video[0]
            base = stream.time_base or Fraction(1)
            shift, tick = round(self._count / self._rate / base), 1 / self._rate / base
            for packet in source.demux(stream):
                if packet.pts is None:
                    continue
                packet.pts += shift
                packet.dts = round((self._count - REORDERED) * tick)
                packet.stream = self._stream
                self._container.mux(packet)
                self._count += 1
                self._tell(float(self._count / self._rate))
