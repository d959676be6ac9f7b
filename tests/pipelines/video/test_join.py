"""Parts of a film become one, with sound and labels, without a frame lost at the seams."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from pipelines.video import VideoReader, VideoWriter, join_films
from tests.pipelines.video.films import RATE, shade, write_film
from tests.pipelines.video.xmp import read_xmp


def write_parts(folder: Path, lengths: tuple[int, ...], rate: Fraction = RATE) -> list[Path]:
    """Films whose frames count on from one to the next."""
    parts, number = [], 0
    for index, length in enumerate(lengths):
        parts.append(folder / f"{index}.mp4")
        with VideoWriter(parts[-1], (64, 48), rate) as film:
            for _ in range(length):
                film.write(shade(number))
                number += 1
    return parts


def test_all_frames_come_in_order_at_an_even_rate(tmp_path: Path) -> None:
    parts = write_parts(tmp_path, (7, 1, 12, 2))
    assert join_films(parts, tmp_path / "out.mp4")
    with VideoReader(tmp_path / "out.mp4") as film:
        assert film.info.rate == RATE
        assert film.info.frames == 22
        frames = list(film)
    assert [round((float(frame.rgb[5, -5, 0]) - 20) / 8) for frame in frames] == list(range(22))
    times = [frame.time for frame in frames]
    np.testing.assert_allclose(times, [number / float(RATE) for number in range(22)], atol=1e-3)


def test_sound_lies_between_the_pictures_as_players_need_it(tmp_path: Path) -> None:
    source = write_film(tmp_path / "in.mp4", [shade(n % 20) for n in range(120)], sound="aac")
    assert join_films(write_parts(tmp_path, (60, 60)), tmp_path / "out.mp4", sound=source)
    with av.open(str(tmp_path / "out.mp4")) as container:
        packets = [(each.stream.type, each.pos) for each in container.demux() if each.pos is not None]
        sound = sum(each.duration * each.time_base for each in container.streams.audio)
    kinds = [kind for kind, _ in sorted(packets, key=lambda each: each[1])]
    assert "audio" in kinds[: len(kinds) // 2]
    assert abs(float(sound) - 120 / float(RATE)) < 0.1


def test_labels_and_xmp_are_in_the_file(tmp_path: Path) -> None:
    packet = b"<?xpacket begin=''?><x:xmpmeta/><?xpacket end='w'?>"
    join_films(write_parts(tmp_path, (3,)), tmp_path / "out.mp4", metadata={"AIGC": "{}"}, xmp=packet)
    assert read_xmp(tmp_path / "out.mp4") == packet
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert container.metadata["AIGC"] == "{}"
        assert len(list(container.decode(video=0))) == 3
    assert read_xmp(write_parts(tmp_path, (1,))[0]) == b""


def test_damaged_sound_is_lost_and_the_pictures_stay(tmp_path: Path) -> None:
    source = write_film(tmp_path / "in.webm", [shade(n % 20) for n in range(60)], sound="libopus")
    data = bytearray(source.read_bytes())
    random = np.random.default_rng(0)
    middle = np.arange(len(data) // 3, len(data))
    for at in random.choice(middle, len(middle) // 4, replace=False):
        data[at] = random.integers(0, 256)
    source.write_bytes(data)
    join_films(write_parts(tmp_path, (60,)), tmp_path / "out.mp4", sound=source)
    with VideoReader(tmp_path / "out.mp4") as film:
        assert len(list(film)) == 60
