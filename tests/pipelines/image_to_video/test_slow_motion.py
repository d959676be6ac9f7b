"""Films made smoother or slower, with their sound."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from pipelines.errors import BadInput
from pipelines.image_to_video.slow_motion import slow_down
from pipelines.image_to_video.slow_options import SlowOptions
from pipelines.image_to_video.stretched_sound import split_tempo
from pipelines.video import VideoReader
from tests.fakes import fake_loaders
from tests.pipelines.image_to_video.flashes import count_frames, find_clicks, find_flashes, write_flashes
from tests.pipelines.image_to_video.test_interpolation import crop, draw_wall
from tests.pipelines.video.films import write_film, write_timed
from weights.catalogue import Catalogue
from weights.store import ModelStore

RATES = [
    Fraction(24000, 1001),
    Fraction(25),
    Fraction(30000, 1001),
    Fraction(30),
    Fraction(50),
    Fraction(60000, 1001),
]
LONG = pytest.mark.skipif(
    not os.environ.get("INKFRAME_LONG_TESTS"), reason="minutes: set INKFRAME_LONG_TESTS=1"
)


class Stop(Exception):
    """What a job that is cancelled raises."""


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    from pipelines.device import Device

    return ModelStore(Catalogue(), tmp_path / "cache", Device("cpu", "cpu"), loaders=fake_loaders())


def drifts(path: Path, rate: Fraction) -> np.ndarray:
    """By how many frames each click is heard after its flash is seen."""
    flashes, clicks = find_flashes(path), find_clicks(path)
    assert len(flashes) == len(clicks) > 1
    return np.subtract(clicks, flashes) * float(rate)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("seconds", [1, pytest.param(61, marks=LONG), pytest.param(600, marks=LONG)])
def test_more_frames_keep_length_and_sound(
    rate: Fraction, seconds: int, tmp_path: Path, store: ModelStore
) -> None:
    frames = round(seconds * rate)
    source = write_flashes(tmp_path / "in.mp4", rate, frames, frames // 3)
    made = slow_down(source, tmp_path / "out.mp4", SlowOptions(rate="60"), store)
    assert made.frames == count_frames(tmp_path / "out.mp4")
    assert abs(made.seconds - frames / rate) <= 1 / made.rate
    assert np.abs(drifts(tmp_path / "out.mp4", made.rate)).max() < 1


@pytest.mark.parametrize("rate", [RATES[0], RATES[3]])
@pytest.mark.parametrize("seconds", [2, pytest.param(61, marks=LONG), pytest.param(600, marks=LONG)])
def test_slow_motion_stretches_the_sound_along(
    rate: Fraction, seconds: int, tmp_path: Path, store: ModelStore
) -> None:
    frames = round(seconds * rate)
    source = write_flashes(tmp_path / "in.mp4", rate, frames, frames // 4)
    made = slow_down(source, tmp_path / "out.mp4", SlowOptions(times=1, slow=2), store)
    assert made.frames == 2 * frames
    assert made.sound_kept
    drift = drifts(tmp_path / "out.mp4", made.rate)
    assert np.abs(drift).max() < 1
    assert abs(drift[-1] - drift[1]) < 0.5


def test_the_pitch_stays(tmp_path: Path, store: ModelStore) -> None:
    source = write_film(tmp_path / "in.mp4", [draw_wall(48, 64)] * 25, Fraction(25), sound="aac")
    slow_down(source, tmp_path / "out.mp4", SlowOptions(times=1, slow=3), store)
    pitches = []
    for path in (source, tmp_path / "out.mp4"):
        wave = read_wave(path)[4800:38400]
        pitches.append(np.abs(np.fft.rfft(wave * np.hanning(len(wave)))).argmax() / len(wave))
    assert pitches[1] == pytest.approx(pitches[0], rel=0.01)


def read_wave(path: Path) -> np.ndarray:
    import av

    with av.open(str(path)) as film:
        return np.concatenate([frame.to_ndarray()[0] for frame in film.decode(audio=0)])


def test_motion_is_drawn_between(tmp_path: Path, store: ModelStore) -> None:
    """Given a pan of 8 px a frame, the new frames lie 4 px apart."""
    wall = draw_wall(160, 260)
    frames = [crop(wall, 8 * number) for number in range(6)]
    source = write_film(tmp_path / "in.mp4", frames, Fraction(25))
    slow_down(source, tmp_path / "out.mp4", SlowOptions(), store)
    with VideoReader(tmp_path / "out.mp4") as film:
        drawn = [frame.rgb.astype(int) for frame in film]
    assert len(drawn) == 12
    inner = np.s_[10:-10, 20:-20]
    near, far = (np.abs(drawn[5][inner] - crop(wall, x)[inner]).mean() for x in (20, 24))
    assert near < far / 2


def test_a_film_of_uneven_rate_keeps_its_length(tmp_path: Path, store: ModelStore) -> None:
    times = [0, 40, 80, 200, 240, 280, 400, 520, 560]
    frames = [np.full((48, 64, 3), 20 * number, np.uint8) for number in range(len(times))]
    source = write_timed(tmp_path / "in.mp4", frames, times)
    made = slow_down(source, tmp_path / "out.mp4", SlowOptions(rate="50"), store)
    assert abs(float(made.seconds) - 0.6) <= 0.02


def test_a_cancelled_film_leaves_nothing(tmp_path: Path, store: ModelStore) -> None:
    source = write_flashes(tmp_path / "in.mp4", Fraction(25), 25, 8)
    calls = iter(range(100))

    def check() -> None:
        if next(calls) == 60:
            raise Stop

    with pytest.raises(Stop):
        slow_down(source, tmp_path / "out.mp4", SlowOptions(slow=2), store, check=check)
    assert [path.name for path in tmp_path.iterdir()] == ["in.mp4"]


def test_progress_only_grows(tmp_path: Path, store: ModelStore) -> None:
    source, told = write_flashes(tmp_path / "in.mp4", Fraction(25), 12, 4), []
    slow_down(source, tmp_path / "out.mp4", SlowOptions(), store, lambda share, what: told.append(share))
    assert told == sorted(told)
    assert told[-1] == 1


def test_what_is_no_film_is_refused(tmp_path: Path, store: ModelStore) -> None:
    (tmp_path / "in.mp4").write_bytes(b"no film")
    with pytest.raises(BadInput):
        slow_down(tmp_path / "in.mp4", tmp_path / "out.mp4", SlowOptions(), store)
    assert [path.name for path in tmp_path.iterdir()] == ["in.mp4"]


@pytest.mark.parametrize("tempo", [Fraction(1, 16), Fraction(1, 3), Fraction(1, 2), Fraction(2, 3)])
def test_tempos_in_a_row_make_the_whole(tempo: Fraction) -> None:
    steps = split_tempo(tempo)
    assert np.prod(steps) == tempo
    assert min(steps) >= Fraction(1, 2)
