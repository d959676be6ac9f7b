"""Write a film as a GIF: one palette that is chosen from all of it, so that nothing flickers.

The frames wait in a lossless film beside the target until the last one is known.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.video.film_file import FilmFile
from pipelines.video.whole import WholeOrGone

TICKS = 100
"""A GIF counts in hundredths of a second."""
LOOKED_AT, PIXELS = 24, 30_000
"""Frames that the palette is chosen from, evenly spread, and pixels of each: it takes as long as it sees
different colours."""
NEAREST = 0x10
"""swscale's flag to take pixels as they are: mixed ones would dull the palette."""
CHOOSE = "stats_mode=full:reserve_transparent={alpha}"
USE = "dither=sierra2_4a:diff_mode=rectangle:alpha_threshold=128"
XMP_EXTENSION = b"\x21\xff\x0bXMP DataXMP"
XMP_END = b"\x01" + bytes(range(255, -1, -1)) + b"\x00"
"""The tail that lets a reader which knows no XMP skip it (Adobe, "XMP Specification Part 3", 1.1.2)."""


class Waiting(FilmFile):
    """The frames without loss, until they are asked for."""

    KIND = "matroska"

    def __init__(self, path: Path, size: tuple[int, int], rate: Fraction, alpha: bool) -> None:
        super().__init__(path, sound=None, metadata=None)
        self._from = "rgba" if alpha else "rgb24"
        self._stream = self._container.add_stream("ffv1", rate=rate, options={"slices": "4"})
        self._stream.width, self._stream.height = size
        self._stream.pix_fmt = "bgra" if alpha else "bgr0"
        self._count, self._rate = 0, rate

    def write(self, pixels: np.ndarray) -> None:
        """Add a frame, RGB or RGBA uint8 HWC. Raises OSError."""
        import av

        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format=self._from)
        frame = frame.reformat(format=self._stream.pix_fmt)
        frame.pts, frame.time_base = self._count, 1 / self._rate
        self._count += 1
        self._container.mux(self._stream.encode(frame))

    def _end(self) -> None:
        self._container.mux(self._stream.encode())


class GifWriter(WholeOrGone):
    """A GIF in the making; `write` each frame. A context manager: left by an error, nothing stays."""

    def __init__(
        self, path: Path, size: tuple[int, int], rate: Fraction, *, alpha: bool = False, xmp: bytes = b""
    ) -> None:
        """`size` (width, height) px; `rate` frames a second, at most 50: browsers slow down what is faster;
        `alpha`: frames are RGBA, of which a GIF keeps whether a pixel is seen; `xmp` a whole XMP packet.

        Raises OSError.
        """
        self._path, self._size, self._rate = path, size, Fraction(rate)
        self._alpha, self._xmp, self._count = alpha, xmp, 0
        self._frames = path.with_name(f".{path.name}.frames.partial")
        self._partial = path.with_name(f".{path.name}.partial")
        self._waiting = Waiting(self._frames, size, self._rate, alpha)

    def write(self, pixels: np.ndarray) -> None:
        """Add a frame, RGB or (with `alpha`) RGBA uint8 HWC."""
        self._waiting.write(pixels)
        self._count += 1

    def close(self) -> None:
        """Choose the palette, write the GIF and give it its name."""
        try:
            self._waiting.close()
            self._write_gif(self._choose_palette())
            if self._xmp:
                insert_xmp(self._partial, self._xmp)
            os.replace(self._partial, self._path)
        except BaseException:
            self.drop()
            raise
        self._frames.unlink(missing_ok=True)

    def drop(self) -> None:
        """Leave nothing behind."""
        try:
            self._waiting.drop()
        finally:
            self._frames.unlink(missing_ok=True)
            self._partial.unlink(missing_ok=True)

    def _choose_palette(self) -> Any:
        sift = Sieve("palettegen", CHOOSE.format(alpha=int(self._alpha)))
        step = -(-self._count // LOOKED_AT)
        shrunk = min(1.0, (PIXELS / (self._size[0] * self._size[1])) ** 0.5)
        width, height = (max(1, round(side * shrunk)) for side in self._size)
        for number, frame in enumerate(self._read()):
            if number % step == 0:
                time, base = frame.pts, frame.time_base
                frame = frame.reformat(width=width, height=height, interpolation=NEAREST)
                frame.pts, frame.time_base = time, base
                sift.push(frame)
        return next(sift.finish())

    def _write_gif(self, palette: Any) -> None:
        import av

        with av.open(str(self._partial), "w", format="gif", options={"loop": "0"}) as container:
            stream = container.add_stream("gif", rate=self._rate)
            stream.width, stream.height = self._size
            stream.pix_fmt = "pal8"
            stream.codec_context.time_base = Fraction(1, TICKS)
            paint = Sieve("paletteuse", USE, palette)
            for frame in self._read():
                for painted in paint.push(frame):
                    container.mux(stream.encode(self._time(painted)))
            for painted in paint.finish():
                container.mux(stream.encode(self._time(painted)))
            container.mux(stream.encode(None))

    def _time(self, frame: Any) -> Any:
        """The frame at its hundredth of a second."""
        number = round(frame.pts * frame.time_base * self._rate)
        frame.pts, frame.time_base = round(number * TICKS / self._rate), Fraction(1, TICKS)
        return frame

    def _read(self) -> Iterator[Any]:
        import av

        with av.open(str(self._frames)) as container:
            for number, frame in enumerate(container.decode(video=0)):
                frame.pts, frame.time_base = number, 1 / self._rate
                yield frame


class Sieve:
    """One of ffmpeg's filters, fed frame by frame; `palette` goes into its second door."""

    def __init__(self, name: str, options: str, palette: Any = None) -> None:
        self._name, self._options, self._palette = name, options, palette
        self._graph: Any = None

    def push(self, frame: Any) -> list[Any]:
        """Put a frame in; gives what comes out."""
        if self._graph is None:
            self._build(frame)
        self._door.push(frame)
        return list(self._pull())

    def finish(self) -> Iterator[Any]:
        """All that is left."""
        self._door.push(None)
        yield from self._pull()

    def _build(self, frame: Any) -> None:
        import av
        from av.filter import Graph

        self._graph = Graph()
        self._door = self._graph.add_buffer(
            width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base
        )
        filtering = self._graph.add(self._name, self._options)
        self._sink = self._graph.add("buffersink")
        self._door.link_to(filtering)
        if self._palette is not None:
            palette = self._palette
            second = self._graph.add_buffer(
                width=palette.width, height=palette.height, format=palette.format, time_base=frame.time_base
            )
            second.link_to(filtering, 0, 1)
        filtering.link_to(self._sink)
        self._graph.configure()
        if self._palette is not None:
            self._palette.pts, self._palette.time_base = 0, frame.time_base
            second.push(self._palette)
            second.push(None)
        self._empty = (av.error.BlockingIOError, av.error.EOFError)

    def _pull(self) -> Iterator[Any]:
        while True:
            try:
                yield self._sink.pull()
            except self._empty:
                return


def insert_xmp(path: Path, packet: bytes) -> None:
    """Put an XMP packet into a GIF file, behind its header and palette. Raises OSError."""
    data = path.read_bytes()
    flags = data[10]
    header = 13 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
    path.write_bytes(data[:header] + XMP_EXTENSION + packet + XMP_END + data[header:])
