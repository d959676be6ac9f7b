"""Films as cameras, browsers and GIF makers write them: turned, see-through, unevenly timed, stretched."""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from pipelines.video import Frame, VideoReader, VideoWriter, at_rate
from tests.pipelines.video.films import shade, write_film, write_gif, write_timed, write_turned


def even(path: Path) -> tuple[VideoReader, list[np.ndarray]]:
    with VideoReader(path) as film:
        return film, list(at_rate(film, film.info.rate))


def corner_film(degrees: int, path: Path, matrix: Sequence[int] = ()) -> np.ndarray:
    """First frame, read, of a film that is red in its stored top left corner."""
    rgb = np.full((48, 64, 3), 30, np.uint8)
    rgb[:24, :32] = (220, 30, 30)
    with VideoReader(write_turned(path, rgb, degrees, matrix)) as film:
        found = next(iter(film)).rgb
        assert (film.info.width, film.info.height) == found.shape[1::-1]
    return found


@pytest.mark.parametrize(
    ("degrees", "size", "red"),
    [(0, (48, 64), (0, 0)), (90, (64, 48), (-1, 0)), (180, (48, 64), (-1, -1)), (-90, (64, 48), (0, -1))],
)
def test_a_turned_camera_is_turned_back(
    tmp_path: Path, degrees: int, size: tuple[int, int], red: tuple[int, int]
) -> None:
    found = corner_film(degrees, tmp_path / "in.mp4")
    assert found.shape[:2] == size
    assert red_corners(found) == [red]


@pytest.mark.parametrize(
    ("matrix", "size", "red"),
    [
        ((-1, 0, 0, 1), (48, 64), (0, -1)),
        ((1, 0, 0, -1), (48, 64), (-1, 0)),
        ((0, 1, 1, 0), (64, 48), (0, 0)),
        ((0, -1, -1, 0), (64, 48), (-1, -1)),
    ],
)
def test_a_mirrored_film_is_mirrored(
    tmp_path: Path, matrix: Sequence[int], size: tuple[int, int], red: tuple[int, int]
) -> None:
    found = corner_film(0, tmp_path / "in.mp4", matrix)
    assert found.shape[:2] == size
    assert red_corners(found) == [red]


def test_a_frame_that_carries_what_pyav_cannot_name_is_read(tmp_path: Path) -> None:
    exif, jpeg, path = Image.Exif(), io.BytesIO(), tmp_path / "in.mov"
    exif[271] = "Camera"
    Image.fromarray(shade(0)).save(jpeg, "JPEG", exif=exif)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        packet = av.Packet(jpeg.getvalue())
        packet.stream, packet.pts, packet.dts, packet.time_base = stream, 0, 0, Fraction(1, 25)
        container.mux(packet)
    _, (rgb,) = even(path)
    assert rgb.shape == (48, 64, 3)


def red_corners(rgb: np.ndarray) -> list[tuple[int, int]]:
    return [place for place in [(0, 0), (0, -1), (-1, 0), (-1, -1)] if rgb[place][0] > 150]


def test_pixels_that_are_not_square_become_so(tmp_path: Path) -> None:
    path = tmp_path / "in.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(3, 2)
        container.mux(stream.encode(av.VideoFrame.from_ndarray(shade(0), format="rgb24")))
        container.mux(stream.encode())
    film, (rgb,) = even(path)
    assert (film.info.width, film.info.height) == (96, 48)
    assert rgb.shape == (48, 96, 3)


def test_each_frame_of_a_gif_stays_as_long_as_it_says(tmp_path: Path) -> None:
    path = write_gif(tmp_path / "in.gif", [shade(0), shade(4), shade(8)], [100, 400, 200])
    film, frames = even(path)
    assert film.info.rate == 10
    assert film.info.frames == 7
    assert film.info.seconds == pytest.approx(0.7)
    assert [round(float(rgb[0, -1, 0])) for rgb in frames] == [20] + [52] * 4 + [84] * 2


def test_a_gif_of_one_picture_is_a_film_of_one(tmp_path: Path) -> None:
    film, frames = even(write_gif(tmp_path / "in.gif", [shade(3)], [100]))
    assert 1 <= len(frames) <= 3
    assert film.info.seconds < 1


def test_a_frame_that_stays_comes_as_the_same_array(tmp_path: Path) -> None:
    _, frames = even(write_gif(tmp_path / "in.gif", [shade(0), shade(4)], [100, 300]))
    assert len({id(rgb) for rgb in frames}) == 2


def test_what_is_see_through_stands_on_white(tmp_path: Path) -> None:
    rgba = np.dstack([shade(0), np.full((48, 64), 255, np.uint8)])
    rgba[:24] = 0
    film, frames = even(write_gif(tmp_path / "in.gif", [rgba, rgba], [100, 100]))
    assert film.info.alpha
    assert frames[0][:20].min() > 250
    assert frames[0][30:].max() < 60
    assert not even(write_gif(tmp_path / "b.gif", [shade(0), shade(1)], [100, 100]))[0].info.alpha


def test_a_webm_with_alpha_stands_on_white(tmp_path: Path) -> None:
    rgba = np.dstack([shade(0), np.full((48, 64), 255, np.uint8)])
    rgba[:24] = 0
    path = tmp_path / "in.webm"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libvpx", rate=25, options={"auto-alt-ref": "0"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuva420p"
        stream.metadata["alpha_mode"] = "1"
        for _ in range(3):
            frame = av.VideoFrame.from_ndarray(rgba, format="rgba").reformat(format="yuva420p")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    film, frames = even(path)
    assert film.info.alpha
    assert len(frames) == 3
    assert frames[1][:20].min() > 240
    assert frames[1][30:].max() < 70


def test_times_in_whole_milliseconds_neither_drop_nor_repeat_frames() -> None:
    frames = [Frame(shade(number), round(number * 1000 / 30) / 1000) for number in range(20)]
    found = list(at_rate(frames, Fraction(30)))
    assert [id(rgb) for rgb in found] == [id(frame.rgb) for frame in frames]


def test_a_camera_that_is_not_quite_even_loses_no_frame(tmp_path: Path) -> None:
    late = np.random.default_rng(0).integers(-9, 10, 30)
    times = [max(0, number * 40 + int(by)) for number, by in enumerate(late)]
    film, frames = even(write_timed(tmp_path / "in.mp4", [shade(n % 20) for n in range(30)], times))
    assert abs(float(film.info.rate) - 25) < 1
    assert abs(len(frames) - 30) <= 1
    assert len({id(rgb) for rgb in frames}) >= 29


def test_a_film_that_pauses_keeps_its_length(tmp_path: Path) -> None:
    times = [0, 40, 80, 120, 1120, 1160, 1200, 1240]
    film, frames = even(write_timed(tmp_path / "in.mp4", [shade(n) for n in range(8)], times))
    assert len(frames) / float(film.info.rate) == pytest.approx(1.28, abs=0.2)


def test_a_film_of_pauses_and_bursts_loses_no_frame(tmp_path: Path) -> None:
    times = [0, 1000, 2000, *range(3000, 4000, 40)]
    film, frames = even(write_timed(tmp_path / "in.mp4", [shade(n % 20) for n in range(28)], times))
    assert film.info.rate == 25
    assert film.info.seconds == pytest.approx(4, abs=0.1)
    assert abs(len(frames) - film.info.frames) <= 2
    assert len({id(rgb) for rgb in frames}) == 28


@pytest.mark.parametrize("rate", [Fraction(24000, 1001), Fraction(30000, 1001), Fraction(12)])
def test_an_even_films_rate_stays_exact(tmp_path: Path, rate: Fraction) -> None:
    with VideoReader(write_film(tmp_path / "in.mp4", [shade(n) for n in range(12)], rate)) as film:
        assert film.info.rate == rate


def test_a_webm_that_does_not_say_how_long_it_is_is_measured(tmp_path: Path) -> None:
    times = [round(number * 1000 / 15) for number in range(30)]
    whole = write_timed(tmp_path / "in.webm", [shade(n % 20) for n in range(30)], times)
    data = whole.read_bytes()
    at = data.index(b"\x44\x89\x88")  # Segment/Info/Duration, an 8-byte float
    whole.write_bytes(data[:at] + b"\xec\x89" + data[at + 2 :])  # EBML Void of the same length
    film, frames = even(whole)
    assert film.info.seconds == pytest.approx(2.0, abs=0.1)
    assert abs(film.info.frames - 30) <= 2
    assert abs(len(frames) - film.info.frames) <= 2


def test_a_film_that_changes_its_size_keeps_its_first(tmp_path: Path) -> None:
    parts = [write_film(tmp_path / f"{size}.mp4", [shade(0, *size)] * 3) for size in ((48, 64), (96, 128))]
    path = tmp_path / "in.ts"
    with av.open(str(path), "w", format="mpegts") as container:
        stream, offset = None, 0
        for part in parts:
            with av.open(str(part)) as source:
                found = source.streams.video[0]
                stream = stream or container.add_stream_from_template(found)
                for packet in source.demux(found):
                    if packet.dts is not None and packet.pts is not None:
                        packet.pts, packet.dts = packet.pts + offset, packet.dts + offset
                        packet.stream = stream
                        container.mux(packet)
                offset += found.duration or 0
    with VideoReader(path) as film:
        assert {frame.rgb.shape for frame in film} == {(48, 64, 3)}


def test_sound_starts_with_the_pictures(tmp_path: Path) -> None:
    source = tmp_path / "in.ts"  # its clock starts at 1.4 s
    with av.open(str(source), "w", format="mpegts") as container:
        stream, tone = container.add_stream("libx264", rate=25), container.add_stream("aac", rate=48000)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(50):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(shade(0), format="rgb24")))
        container.mux(stream.encode())
        wave = np.zeros(96000, np.float32)
        wave[48000:] = np.sin(np.arange(48000) / 20)
        frame = av.AudioFrame.from_ndarray(wave[None], format="fltp", layout="mono")
        frame.sample_rate = 48000
        container.mux(tone.encode(frame))
        container.mux(tone.encode())
    with VideoWriter(tmp_path / "out.mp4", (64, 48), Fraction(25), sound=source) as film:
        for _ in range(50):
            film.write(shade(0))
    assert not film.sound_lost
    with av.open(str(tmp_path / "out.mp4")) as container:
        (found,) = container.streams.audio
        heard = [(each.time, np.abs(each.to_ndarray()).max()) for each in container.decode(found)]
    assert next(time for time, loud in heard if loud > 0.3) == pytest.approx(1.0, abs=0.06)
