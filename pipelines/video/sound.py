"""The sound of another film on its way into a new one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.video.opening import open_media

USUAL_RATE = 48000


@dataclass(frozen=True)
class SoundKind:
    """What a container takes and browsers play: the codecs that stay as they are (`kept`), and the one, with
    the rates that it knows, that other sound becomes."""

    kept: tuple[str, ...]
    codec: str
    rates: tuple[int, ...]


AAC_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
MP4_SOUND = SoundKind(("aac", "mp3"), "aac", AAC_RATES)
WEBM_SOUND = SoundKind(("opus", "vorbis"), "libopus", (USUAL_RATE,))


class Sound:
    """Muxes the sound of `path` into `container`, piece by piece, in step with the pictures.

    Times count from the first picture of `path`; what can't be decoded is left out, and `lost` then says so.
    """

    def __init__(self, path: Path, container: Any, kind: SoundKind = MP4_SOUND) -> None:
        import av

        self.lost = False
        self._container, self._kind = container, kind
        self._source: Any = open_media(path)
        self._from: Any = None
        self._to: Any = None
        self._units: Iterator[tuple[float, Any]] = iter(())
        if self._source.streams.audio:
            self._from = self._source.streams.audio[0]
            self._start = find_start(self._source)
            try:
                self._to = self._add_stream(self._from)
                self._units = self._read()
            except (av.error.FFmpegError, ValueError):
                self.lost = True
        self._next = next(self._units, None)

    def advance(self, seconds: float) -> None:
        """Mux what is heard before that time."""
        import av

        while self._next is not None and self._next[0] < seconds:
            try:
                self._put(self._next[1])
            except (av.error.FFmpegError, ValueError):
                self.lost = True
            self._next = next(self._units, None)

    def finish(self, seconds: float) -> None:
        """Mux the rest up to the end of the pictures."""
        import av

        self.advance(seconds)
        if self._to is not None and not self._as_it_is:
            try:
                self._container.mux(self._to.encode())
            except (av.error.FFmpegError, ValueError):
                self.lost = True

    def close(self) -> None:
        self._source.close()

    @property
    def _as_it_is(self) -> bool:
        return self._from is not None and self._from.codec_context.name in self._kind.kept

    def _add_stream(self, source: Any) -> Any:
        if self._as_it_is:
            return self._container.add_stream_from_template(source)
        rate = source.rate if source.rate in self._kind.rates else USUAL_RATE
        return self._container.add_stream(self._kind.codec, rate=rate)

    def _read(self) -> Iterator[tuple[float, Any]]:
        """Packets or frames with their time in seconds; those before the first picture are left out."""
        import av

        try:
            for packet in self._source.demux(self._from):
                if packet.pts is not None and packet.size:
                    yield from self._shift(packet) if self._as_it_is else self._decode(packet)
        except (av.error.FFmpegError, OSError):
            self.lost = True

    def _shift(self, packet: Any) -> Iterator[tuple[float, Any]]:
        by = round(self._start / packet.time_base)
        packet.pts, packet.dts = packet.pts - by, (packet.dts or packet.pts) - by
        # Encoders begin with silence before time 0, which the container tells players to skip.
        if packet.pts + (packet.duration or 0) >= 0 or not by:
            packet.stream = self._to
            yield float(packet.pts * packet.time_base), packet

    def _decode(self, packet: Any) -> Iterator[tuple[float, Any]]:
        import av

        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            self.lost = True
            return
        for frame in frames:
            time = float(frame.time or 0) - self._start
            if time + frame.samples / frame.sample_rate > 0:
                frame.pts = max(0, round(time / frame.time_base))
                yield time, frame

    def _put(self, unit: Any) -> None:
        if self._to is not None:
            self._container.mux(unit if self._as_it_is else self._to.encode(unit))


def find_start(source: Any) -> float:
    """Time in s of a film's first picture on its own clock."""
    if not source.streams.video:
        return 0.0
    stream = source.streams.video[0]
    return float((stream.start_time or 0) * (stream.time_base or 0))
