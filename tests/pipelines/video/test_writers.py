"""WebM with transparency, GIF, PNG pictures in a zip, encoders, and the thread that writes."""

from __future__ import annotations

import errno
import io
import threading
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageSequence

from pipelines.errors import InvalidOption
from pipelines.video import VideoReader, VideoWriter
from pipelines.video.behind import FrameWriter, WriteBehind
from pipelines.video.encoders import HARDWARE, SOFTWARE, Encoder, choose_encoder, opens
from pipelines.video.frames_zip import FramesZip
from pipelines.video.gif import XMP_EXTENSION, GifWriter
from pipelines.video.webm import WebmWriter
from tests.pipelines.video.films import RATE, shade

SIZE = (64, 48)


def square(number: int) -> np.ndarray:
    """A red square that goes right on nothing, RGBA."""
    rgba = np.zeros((48, 64, 4), np.uint8)
    rgba[8:40, 4 + 4 * number : 36 + 4 * number] = (200, 30, 40, 255)
    return rgba


def write_all(writer: FrameWriter, frames: list[np.ndarray]) -> None:
    for frame in frames:
        writer.write(frame)
    writer.close()


def open_webm(path: Path) -> FrameWriter:
    return WebmWriter(path, SIZE, RATE)


def open_gif(path: Path) -> FrameWriter:
    return GifWriter(path, SIZE, Fraction(25))


def open_zip(path: Path) -> FrameWriter:
    return FramesZip(path)


OPENERS = [open_webm, open_gif, open_zip]


def test_webm_keeps_transparency_time_and_label(tmp_path: Path) -> None:
    path = tmp_path / "a.webm"
    label = {"AIGC": "{}"}
    write_all(WebmWriter(path, SIZE, RATE, alpha=True, metadata=label), [square(n) for n in range(6)])
    with VideoReader(path) as film:
        assert (film.info.alpha, film.info.rate, film.info.width, film.info.height) == (True, RATE, *SIZE)
        frames = [frame.rgb for frame in film]
    assert len(frames) == 6
    assert np.abs(frames[0][24, 16].astype(int) - (200, 30, 40)).max() < 12
    assert (frames[0][24, 58] > 245).all()  # the reader puts nothing on white
    with av.open(str(path)) as container:
        assert container.metadata["AIGC"] == "{}"


def test_a_film_says_that_it_is_bt709(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    colour = np.full((48, 64, 3), (30, 160, 220), np.uint8)
    write_all(VideoWriter(path, SIZE, RATE), [colour] * 3)
    with av.open(str(path)) as container:
        codec = container.streams.video[0].codec_context
        assert (codec.colorspace, codec.color_primaries, codec.color_trc, codec.color_range) == (1, 1, 1, 1)
    with VideoReader(path) as film:
        assert np.abs(next(iter(film)).rgb.astype(int) - colour).max() <= 2


@pytest.mark.parametrize("rate", [Fraction(25), Fraction(30), Fraction(24000, 1001), Fraction(50)])
def test_a_gif_keeps_time(tmp_path: Path, rate: Fraction) -> None:
    path = tmp_path / "a.gif"
    write_all(GifWriter(path, SIZE, rate, xmp=b"<x/>"), [shade(n) for n in range(30)])
    with Image.open(path) as gif:
        durations = [frame.info["duration"] for frame in ImageSequence.Iterator(gif)]
        assert (gif.n_frames, gif.info["loop"]) == (30, 0)
    assert sum(durations) == pytest.approx(float(30_000 / rate), abs=15)
    assert XMP_EXTENSION + b"<x/>" in path.read_bytes()
    with VideoReader(path) as film:
        shades = [round((float(frame.rgb[24, 56, 0]) - 20) / 8) for frame in film]
    assert set(shades) <= set(range(25)) and shades[0] == 0


def test_a_gif_of_many_colours_is_close_to_them(tmp_path: Path) -> None:
    y, x = np.mgrid[:48, :64]
    rgb = np.dstack([4 * x, 5 * y, 255 - 2 * x - 2 * y]).clip(0, 255).astype(np.uint8)
    write_all(GifWriter(tmp_path / "a.gif", SIZE, Fraction(25)), [rgb, rgb])
    with Image.open(tmp_path / "a.gif") as gif:
        error = np.asarray(gif.convert("RGB")).astype(int) - rgb
    assert np.abs(error).mean() < 6


def test_a_gif_keeps_what_is_seen(tmp_path: Path) -> None:
    write_all(GifWriter(tmp_path / "a.gif", SIZE, Fraction(25), alpha=True), [square(n) for n in range(4)])
    with Image.open(tmp_path / "a.gif") as gif:
        gif.seek(3)
        last = np.asarray(gif.convert("RGBA"))
    assert tuple(last[24, 30]) == (200, 30, 40, 255)
    assert last[24, 5, 3] == 0  # where the square was in the first frame


def test_a_zip_holds_each_frame_exactly_with_its_label(tmp_path: Path) -> None:
    writer = FramesZip(tmp_path / "a.zip", xmp=b"<x/>", text={"AIGC": "{}"})
    write_all(writer, [square(0), shade(3)])
    with zipfile.ZipFile(tmp_path / "a.zip") as frames:
        assert frames.namelist() == ["frame-000001.png", "frame-000002.png"]
        first, second = (Image.open(io.BytesIO(frames.read(name))) for name in frames.namelist())
    np.testing.assert_array_equal(np.asarray(first), square(0))
    np.testing.assert_array_equal(np.asarray(second), shade(3))
    assert first.info["AIGC"] == "{}"


@pytest.mark.parametrize("opener", OPENERS)
def test_what_is_left_by_an_error_leaves_nothing(
    tmp_path: Path, opener: Callable[[Path], FrameWriter]
) -> None:
    writer = opener(tmp_path / "film")
    writer.write(shade(0))
    assert not (tmp_path / "film").exists()
    writer.drop()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("opener", OPENERS)
def test_a_whole_film_leaves_only_itself(tmp_path: Path, opener: Callable[[Path], FrameWriter]) -> None:
    write_all(opener(tmp_path / "film"), [shade(0), shade(1)])
    assert [path.name for path in tmp_path.iterdir()] == ["film"]


def test_hardware_is_taken_only_where_it_opens() -> None:
    assert opens(SOFTWARE, (64, 48), RATE)
    broken = Encoder("libx264", "broken", lambda crf: {"crf": "no number"})
    missing = Encoder("h264_of_no_machine", "missing", lambda crf: {})
    assert not opens(missing, (64, 48), RATE)
    assert choose_encoder("auto", (64, 48), RATE, (missing, broken)) is SOFTWARE
    working = Encoder("libx264", "works", lambda crf: {"preset": "ultrafast"})
    assert choose_encoder("auto", (64, 48), RATE, (missing, working)) is working
    assert choose_encoder("software", (64, 48), RATE, (working,)) is SOFTWARE
    with pytest.raises(InvalidOption):
        choose_encoder("hardware", (64, 48), RATE, (missing,))


@pytest.mark.parametrize("encoder", HARDWARE, ids=lambda each: each.codec)
def test_encoders_in_hardware_write_films(tmp_path: Path, encoder: Encoder) -> None:
    if not opens(encoder, (320, 240), RATE):
        pytest.skip(f"{encoder.title} is not in this machine")
    frames = [shade(number, 240, 320) for number in range(8)]
    write_all(VideoWriter(tmp_path / "a.mp4", (320, 240), RATE, encoder=encoder), frames)
    with VideoReader(tmp_path / "a.mp4") as film:
        assert len(list(film)) == 8


class Slow:
    """Keeps frames; waits for `may` before each, fails at number `bad`."""

    def __init__(self, bad: int = -1) -> None:
        self.frames: list[int] = []
        self.bad, self.may = bad, threading.Event()

    def write(self, pixels: np.ndarray) -> None:
        assert self.may.wait(30)
        if len(self.frames) == self.bad:
            raise OSError(errno.ENOSPC, "full")
        self.frames.append(int(pixels[0, 0, 0]))


def frame(number: int) -> np.ndarray:
    return np.full((2, 2, 3), number, np.uint8)


def test_frames_are_written_in_order_while_others_are_drawn() -> None:
    slow = Slow()
    with WriteBehind(slow) as behind:
        for number in range(3):
            behind.write(frame(number))
        assert slow.frames == []
        slow.may.set()
        for number in range(3, 20):
            behind.write(frame(number))
    assert slow.frames == list(range(20))


@pytest.mark.parametrize("bad", [0, 2, 9])
def test_what_writing_raises_reaches_the_one_who_draws(bad: int) -> None:
    slow = Slow(bad)
    slow.may.set()
    with pytest.raises(OSError) as failed, WriteBehind(slow) as behind:
        for number in range(10):
            behind.write(frame(number))
    assert failed.value.errno == errno.ENOSPC
    assert slow.frames == list(range(bad))


def test_what_waits_is_thrown_away_when_drawing_stops() -> None:
    slow = Slow()
    with pytest.raises(KeyError), WriteBehind(slow) as behind:
        for number in range(4):
            behind.write(frame(number))
        threading.Timer(0.2, slow.may.set).start()
        raise KeyError
    assert len(slow.frames) <= 1
