"""Make one ordinary film of a recording's files, whole or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.video.mp4 import Mp4File
from pipelines.webcam.recording_files import PICTURES, SOUND


@dataclass(frozen=True)
class Filmed:
    """What a recording holds: `frames` in `seconds`, whether there is `sound`."""

    frames: int
    seconds: float
    width: int
    height: int
    sound: bool


def make_film(folder: Path, target: Path, *, metadata: Mapping[str, str] | None, xmp: bytes) -> Filmed:
    """Put pictures and sound together without coding anything anew; what was cut off at the end is left out.

    `filmed.frames` is 0, and nothing is written, where no picture can be read. Raises OSError.
    """
    pictures, sound = folder / PICTURES, folder / SOUND
    if not holds(pictures, "video"):
        return Filmed(0, 0.0, 0, 0, False)
    heard = sound if holds(sound, "audio") else None
    with Mended(target, pictures, sound=heard, metadata=metadata, xmp=xmp) as film:
        film.copy()
        return film.tell()


def holds(path: Path, kind: str) -> bool:
    """Whether a packet of that kind can be read from a file."""
    import av

    try:
        with av.open(str(path)) as container:
            streams = [stream for stream in container.streams if stream.type == kind]
            return bool(streams) and any(packet.size for packet in container.demux(streams[0]))
    except (av.error.FFmpegError, OSError):
        return False


class Mended(Mp4File):
    """An ordinary film of one that is in fragments. See `FilmFile`."""

    def __init__(self, path: Path, pictures: Path, **facts: Any) -> None:
        import av

        super().__init__(path, **facts)
        self._source: Any = av.open(str(pictures))
        self._from = self._source.streams.video[0]
        self._stream = self._container.add_stream_from_template(self._from)
        self._frames, self._last = 0, 0.0
        self._begin_sound()

    def copy(self) -> None:
        """All pictures, each at its time, until the end or until damage."""
        import av

        try:
            for packet in self._source.demux(self._from):
                if packet.is_corrupt:
                    break  # it was cut off
                if packet.pts is not None and packet.size:
                    self._last = float(packet.pts * packet.time_base)
                    packet.stream = self._stream
                    self._container.mux(packet)
                    self._frames += 1
                    self._tell(self._last)
        except av.error.InvalidDataError:
            pass  # the last fragment was cut off

    def tell(self) -> Filmed:
        """What was copied so far."""
        return Filmed(
            self._frames, self._last, self._from.width, self._from.height, self._sound_from is not None
        )

    def drop(self) -> None:
        """Let go of both files; what was written of the new one is removed."""
        self._source.close()
        super().drop()

    def close(self) -> None:
        super().close()
        self._source.close()
