"""A film's sound played slower at its own pitch.

By ffmpeg's atempo: waveform similarity overlap-add (Verhelst and Roelands, ICASSP 1993).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from pipelines.video.opening import open_media
from pipelines.video.sound import AAC_RATES, USUAL_RATE, find_start

SLOWEST = Fraction(1, 2)
"""The least tempo of one filter; slower ones are chained."""
FORMAT = "s16p"
GRAIN = 1 / 24
"""Seconds, at least, of the pieces that atempo moves as they are."""


def stretch_sound(
    source: Path, slow: Fraction, target: Path, check: Callable[[], None] = lambda: None
) -> bool:
    """Write a film's sound, `slow` times slower, without loss, into an MP4 file without pictures.

    Time 0 is the first picture of `source`. False, and no file, where there is no sound that can be read.
    `check` is called now and then and may raise. Raises OSError.
    """
    import av

    with open_media(source) as film:
        if not film.streams.audio:
            return False
        try:
            with av.open(str(target), "w", format="mp4") as out:
                heard = write_stretched(film, slow, out, check)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
    if not heard:
        target.unlink()
    return heard


def write_stretched(film: Any, slow: Fraction, out: Any, check: Callable[[], None]) -> bool:
    """Decode, stretch and write; whether anything was heard."""
    stream, written = film.streams.audio[0], 0
    rate = stream.rate if stream.rate in AAC_RATES else USUAL_RATE
    coded = out.add_stream("alac", rate=rate)
    coded.codec_context.format, coded.codec_context.layout = FORMAT, "stereo"
    coded.time_base = coded.codec_context.time_base = Fraction(1, rate)
    for frame in stretch(film, stream, slow, rate):
        check()
        frame.pts, frame.time_base = written, Fraction(1, rate)
        written += frame.samples
        out.mux(coded.encode(frame))
    if written:
        out.mux(coded.encode())
    return written > 0


def stretch(film: Any, stream: Any, slow: Fraction, rate: int) -> Iterator[Any]:
    """The stream's sound from the first picture on, stretched; gaps become silence."""
    import av

    graph = None
    for frame in decode(film, stream):
        if graph is None:
            graph = build_graph(frame, slow, rate)
        graph.push(frame)
        yield from pull(graph)
    if graph is not None:
        graph.push(None)
        try:
            yield from pull(graph)
        except av.error.EOFError:
            return


def decode(film: Any, stream: Any) -> Iterator[Any]:
    """Frames of sound whose time counts from the film's first picture; damage ends them."""
    import av

    begin = find_start(film)
    try:
        for frame in film.decode(stream):
            if frame.pts is not None:
                frame.pts -= round(begin / frame.time_base)
                yield frame
    except (av.error.FFmpegError, OSError):
        return


def build_graph(frame: Any, slow: Fraction, rate: int) -> Any:
    """Filters from frames like this one to 16-bit stereo at the new tempo."""
    import av

    graph = av.filter.Graph()
    steps = [
        graph.add_abuffer(
            template=None,
            sample_rate=frame.sample_rate,
            format=frame.format.name,
            layout=frame.layout.name,
            time_base=frame.time_base,
        )
    ]
    steps.append(graph.add("aresample", f"{rate}:async=1:first_pts=0"))
    for tempo in split_tempo(1 / slow):
        steps.append(graph.add("atempo", f"{float(tempo):.9f}"))
        steps.append(graph.add("adelay", f"{centre(tempo, rate)}S:all=1"))
    steps.append(graph.add("aformat", f"sample_fmts={FORMAT}:channel_layouts=stereo:sample_rates={rate}"))
    steps.append(graph.add("abuffersink"))
    graph.link_nodes(*steps).configure()
    return graph


def centre(tempo: Fraction, rate: int) -> int:
    """Samples by which sound comes too early, as pieces begin in time instead of having their middle there."""
    grain = 1 << math.ceil(math.log2(rate * GRAIN))
    return round((1 / tempo - 1) * grain / 2)


def split_tempo(tempo: Fraction) -> list[Fraction]:
    """Tempos of filters in a row, none under SLOWEST, that make this one."""
    steps = []
    while tempo < SLOWEST:
        steps.append(SLOWEST)
        tempo /= SLOWEST
    return [*steps, tempo]


def pull(graph: Any) -> Iterator[Any]:
    """What the filters have ready."""
    import av

    while True:
        try:
            yield graph.pull()
        except av.error.BlockingIOError:
            return
