"""The music of a film: a file of its own, cut to the film's length, that fades in and out at its ends.

Music that is shorter begins again at its start, without a gap, or silence follows it. It is decoded, faded and
encoded piece by piece.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.errors import BadInput
from pipelines.image_to_video.film_options import VideoOptions
from pipelines.video.opening import open_sound

Samples = NDArray[np.float32]

RATE, CHANNELS = 48000, 2
PIECE = 1 << 16
HINT = "Use an MP3, M4A, WAV, FLAC or OGG file that other players play."
SHORT_NOTE = "The music has only {:.1f} s after its start: it begins again until the film ends."
SILENT_NOTE = "The music ends after {:.1f} s, before the film."


@dataclass(frozen=True)
class SoundFile:
    """ffmpeg's names of a container and a codec."""

    container: str
    codec: str
    bits: int


KINDS: Mapping[str, SoundFile] = {
    ".m4a": SoundFile("mp4", "aac", 192_000),
    ".weba": SoundFile("webm", "libopus", 160_000),
}


def check_music(path: Path, start: float = 0.0) -> None:
    """Raise BadInput unless there is sound that can be decoded after `start` seconds."""
    if next(decode(path, start), None) is None:
        late = start > 0 and next(decode(path), None) is not None
        if late:
            raise BadInput(f"The music is over before {start:g} s.", "Use a smaller music_start.")
        raise BadInput("The music file holds no sound that can be decoded.", HINT)


def make_music(
    source: Path,
    target: Path,
    seconds: Fraction,
    options: VideoOptions,
    tell: Callable[[], None] = lambda: None,
) -> list[str]:
    """Write `target`, whose ending is one of KINDS, `seconds` long; gives what is to be said of it.

    `tell` is called now and then and may raise to stop. Raises BadInput, OSError; nothing half-written stays.
    """
    total = round(seconds * RATE)
    notes: list[str] = []
    pieces = cut(play(source, options, total, notes), total)
    partial = target.with_name(f".{target.name}.partial")
    try:
        write_sound(partial, KINDS[target.suffix], shape(pieces, total, options), tell)
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    return notes


def play(source: Path, options: VideoOptions, total: int, notes: list[str]) -> Iterator[Samples]:
    """The music from where it is to begin, again and again if so wished, then silence without end."""
    heard = 0
    for piece in decode(source, options.music_start):
        heard += piece.shape[1]
        yield piece
    if heard < total:
        note = SHORT_NOTE if options.music_loop else SILENT_NOTE
        notes.append(note.format(heard / RATE))
    while options.music_loop:
        again = 0
        for piece in decode(source):
            again += piece.shape[1]
            yield piece
        if not again:
            break
    while True:
        yield np.zeros((CHANNELS, PIECE), np.float32)


def cut(pieces: Iterator[Samples], total: int) -> Iterator[Samples]:
    """So many samples and no more."""
    left = total
    for piece in pieces:
        yield piece[:, :left]
        left -= piece.shape[1]
        if left <= 0:
            return


def shape(pieces: Iterator[Samples], total: int, options: VideoOptions) -> Iterator[Samples]:
    """The pieces, louder or quieter, coming in and going out at the ends."""
    come, go = options.music_fade_in * RATE, options.music_fade_out * RATE
    if come + go > total:
        come, go = (each * total / (come + go) for each in (come, go))
    at = 0
    for piece in pieces:
        times = np.arange(at, at + piece.shape[1])
        at += piece.shape[1]
        gain = options.music_volume * ramp(times, come) * ramp(total - 1 - times, go)
        yield np.clip(piece * gain.astype(np.float32), -1, 1)


def ramp(times: NDArray[Any], length: float) -> NDArray[np.float64]:
    """0 at time 0 to 1 at `length` and after, as half a cosine: without a kink at its ends."""
    share = np.clip(times / length, 0, 1) if length else np.ones(len(times))
    return np.asarray((1 - np.cos(np.pi * share)) / 2, np.float64)


def decode(path: Path, start: float = 0.0) -> Iterator[Samples]:
    """The sound of any file that has some, from `start` seconds on: float32 2 x n at RATE.

    What can't be decoded is left out. Raises BadInput for a file that can't be opened.
    """
    import av

    try:
        container = open_sound(path)
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise BadInput("The music is no sound file that can be read.", HINT) from error
    with container:
        if not container.streams.audio:
            return
        skip = round(start * RATE)
        # one channel goes to both sides as it is; ffmpeg's own way would make it quieter
        layout = "mono" if container.streams.audio[0].codec_context.channels == 1 else "stereo"
        resampler = av.AudioResampler(format="fltp", layout=layout, rate=RATE)
        for frame in _frames(container):
            for even in resampler.resample(frame):
                piece = np.broadcast_to(np.asarray(even.to_ndarray(), np.float32), (CHANNELS, even.samples))
                if skip < piece.shape[1]:
                    yield piece[:, skip:]
                skip = max(0, skip - piece.shape[1])


def _frames(container: Any) -> Iterator[Any]:
    """All frames, then None for the end; damage is left out."""
    import av

    try:
        for packet in container.demux(container.streams.audio[0]):
            try:
                frames = packet.decode()
            except av.error.InvalidDataError:
                continue
            for frame in frames:
                frame.pts = None  # gaps and jumps of damaged files don't matter to music
                yield frame
    except (av.error.FFmpegError, OSError):
        pass
    yield None


def write_sound(path: Path, kind: SoundFile, pieces: Iterator[Samples], tell: Callable[[], None]) -> None:
    """Encode pieces one after the other. Raises OSError."""
    import av

    with av.open(str(path), "w", format=kind.container) as container:
        stream: Any = container.add_stream(kind.codec, rate=RATE)
        stream.layout, stream.bit_rate = "stereo", kind.bits
        at = 0
        for piece in pieces:
            tell()
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(piece), format="fltp", layout="stereo")
            frame.sample_rate, frame.pts, frame.time_base = RATE, at, Fraction(1, RATE)
            at += piece.shape[1]
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
