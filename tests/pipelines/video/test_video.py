"""Films go out and come back: count, rate, colours, sound, and what is no film."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from pipelines.errors import BadInput, TooLarge
from pipelines.video import Frame, VideoReader, VideoWriter, at_rate
from tests.pipelines.video.films import RATE, shade, write_film


def read(path: Path) -> list[np.ndarray]:
    with VideoReader(path) as film:
        return [frame.rgb for frame in film]


@pytest.mark.parametrize("size", [(48, 64), (47, 63), (720, 1280)])
def test_frames_come_back_as_they_were(tmp_path: Path, size: tuple[int, int]) -> None:
    frames = [shade(number, *size) for number in range(6)]
    with VideoWriter(tmp_path / "out.mp4", size[::-1], RATE) as film:
        for rgb in frames:
            film.write(rgb)
    with VideoReader(tmp_path / "out.mp4") as film:
        assert film.info.rate == RATE
        assert film.info.frames == 6
        assert not film.info.sound
        found = [frame.rgb for frame in film]
    assert len(found) == 6
    for rgb, back in zip(frames, found, strict=True):
        inner = back[: size[0], : size[1]]
        difference = inner.astype(int) - rgb
        assert np.abs(difference).mean() < 2.5
        assert abs(difference.mean()) < 0.7
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.mp4"]


def test_times_start_at_nought_and_grow(tmp_path: Path) -> None:
    path = write_film(tmp_path / "in.mp4", [shade(number) for number in range(5)])
    with VideoReader(path) as film:
        times = [frame.time for frame in film]
    np.testing.assert_allclose(times, [number / float(RATE) for number in range(5)], atol=1e-3)


@pytest.mark.parametrize(("suffix", "sound"), [(".mp4", "aac"), (".webm", "libopus")])
def test_sound_is_kept_and_ends_with_the_pictures(tmp_path: Path, suffix: str, sound: str) -> None:
    source = write_film(tmp_path / f"in{suffix}", [shade(number) for number in range(60)], sound=sound)
    with VideoWriter(tmp_path / "out.mp4", (64, 48), RATE, sound=source) as film:
        for number in range(30):
            film.write(shade(number))
    with av.open(str(tmp_path / "out.mp4")) as container:
        (stream,) = container.streams.audio
        assert stream.codec_context.name == "aac"
        samples = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(stream)])
        assert abs(len(samples) / stream.rate - 30 / float(RATE)) < 0.1
        assert np.abs(samples).max() > 0.3


def test_a_film_without_sound_lends_none(tmp_path: Path) -> None:
    source = write_film(tmp_path / "in.mp4", [shade(0)] * 3)
    with VideoWriter(tmp_path / "out.mp4", (64, 48), RATE, sound=source) as film:
        film.write(shade(0))
    assert len(read(tmp_path / "out.mp4")) == 1


def test_metadata_is_kept(tmp_path: Path) -> None:
    with VideoWriter(tmp_path / "out.mp4", (64, 48), RATE, metadata={"AIGC": '{"Label": "1"}'}) as film:
        film.write(shade(0))
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert container.metadata["AIGC"] == '{"Label": "1"}'


def test_an_error_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), VideoWriter(tmp_path / "out.mp4", (64, 48), RATE) as film:
        film.write(shade(0))
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"not a film", b"\0\0\0\x18ftypmp42" + b"\0" * 900])
def test_what_is_no_film_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "in.mp4").write_bytes(content)
    with pytest.raises(BadInput):
        VideoReader(tmp_path / "in.mp4")


@pytest.mark.parametrize(
    "playlist",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nother.mp4\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile other.mp4\n",
    ],
)
@pytest.mark.parametrize("name", ["in.mp4", "in.m3u8"])
def test_a_playlist_of_other_files_is_refused(tmp_path: Path, playlist: str, name: str) -> None:
    write_film(tmp_path / "other.mp4", [shade(0)] * 3)
    (tmp_path / name).write_text(playlist)
    with pytest.raises(BadInput):
        VideoReader(tmp_path / name)


def test_sound_alone_is_refused(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "in.mp4"), "w") as container:
        tone = container.add_stream("aac", rate=48000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 4800), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 48000
        container.mux(tone.encode(frame))
        container.mux(tone.encode())
    with pytest.raises(BadInput, match="no moving picture"):
        VideoReader(tmp_path / "in.mp4")


def test_a_film_cut_off_gives_what_is_left(tmp_path: Path) -> None:
    frames = [
        np.random.default_rng(number).integers(0, 255, (48, 64, 3)).astype(np.uint8) for number in range(20)
    ]
    with VideoWriter(tmp_path / "in.mp4", (64, 48), RATE) as film:
        for rgb in frames:
            film.write(rgb)
    whole = (tmp_path / "in.mp4").read_bytes()
    (tmp_path / "in.mp4").write_bytes(whole[: len(whole) * 2 // 3])
    assert 0 < len(read(tmp_path / "in.mp4")) < 20


def test_frames_over_the_limit_are_refused(tmp_path: Path) -> None:
    path = write_film(tmp_path / "in.mp4", [shade(0)])
    with pytest.raises(TooLarge):
        VideoReader(path, max_pixels=1000)


def test_uneven_timing_becomes_even() -> None:
    frames = [Frame(shade(number), time) for number, time in enumerate((0.0, 0.1, 0.5, 0.57))]
    found = [int(rgb[0, -1, 0]) for rgb in at_rate(frames, Fraction(10))]
    assert found == [20, 28, 28, 28, 28, 36, 44]
    assert list(at_rate([], Fraction(10))) == []
