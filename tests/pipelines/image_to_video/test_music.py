"""The music of a film: as long as it, to the sample; in and out softly; again and again."""

from __future__ import annotations

import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from pipelines.errors import BadInput
from pipelines.image_to_video.film_options import VideoOptions
from pipelines.image_to_video.music import RATE, check_music, decode, make_music
from tests.pipelines.video.films import shade, write_film

PLAIN = VideoOptions(music_fade_in=0, music_fade_out=0)


def write_clicks(path: Path, seconds: float, at: list[float], rate: int = 44100) -> Path:
    """A mono WAV, silent but for a short tone at each time."""
    samples = np.zeros(round(seconds * rate))
    for time in at:
        start = round(time * rate)
        samples[start : start + 400] = 0.8 * np.sin(np.arange(400) / 4)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


def write_tone(path: Path, seconds: float) -> Path:
    return write_clicks(path, seconds, list(np.arange(0, seconds - 0.01, 400 / 44100)))


def hear(path: Path) -> np.ndarray:
    return np.hstack(list(decode(path)))


def find_clicks(samples: np.ndarray) -> np.ndarray:
    """Times of the clicks in s."""
    loud = np.flatnonzero(np.abs(samples[0]) > 0.2)
    return np.asarray(loud[np.r_[True, np.diff(loud) > RATE // 10]] / RATE)


@pytest.mark.parametrize("ending", [".m4a", ".weba"])
@pytest.mark.parametrize("frames", [25, 100])
def test_it_is_as_long_as_the_film_and_does_not_drift(tmp_path: Path, ending: str, frames: int) -> None:
    source = write_clicks(tmp_path / "in.wav", 1.5, [0.5, 1.0])
    seconds = frames * Fraction(1001, 24000)
    notes = make_music(source, tmp_path / f"out{ending}", seconds, PLAIN)
    heard = hear(tmp_path / f"out{ending}")
    assert abs(heard.shape[1] / RATE - seconds) < 1 / 60
    wanted = [time for time in (0.5, 1.0, 2.0, 2.5, 3.5, 4.0) if time < seconds]
    np.testing.assert_allclose(find_clicks(heard), wanted, atol=0.002)
    assert bool(notes) == (seconds > 1.5)


def test_it_may_begin_later_and_end_in_silence(tmp_path: Path) -> None:
    source = write_clicks(tmp_path / "in.wav", 1.5, [0.5, 1.0])
    options = VideoOptions(music_start=0.75, music_loop=False, music_fade_in=0, music_fade_out=0)
    notes = make_music(source, tmp_path / "out.m4a", Fraction(3), options)
    heard = hear(tmp_path / "out.m4a")
    np.testing.assert_allclose(find_clicks(heard), [0.25], atol=0.002)
    assert heard.shape[1] == pytest.approx(3 * RATE, abs=RATE / 60)
    assert "0.8 s" in notes[0] or "0.7 s" in notes[0]


def test_it_comes_in_and_goes_out(tmp_path: Path) -> None:
    source = write_tone(tmp_path / "in.wav", 3)
    options = VideoOptions(music_fade_in=1, music_fade_out=1, music_volume=0.5)
    make_music(source, tmp_path / "out.m4a", Fraction(3), options)
    loud = np.array(
        [np.abs(part[0]).max() for part in np.array_split(hear(tmp_path / "out.m4a"), 30, axis=1)]
    )
    assert loud[0] < 0.03 and loud[-1] < 0.03
    assert (np.diff(loud[:10]) > 0).all() and (np.diff(loud[-10:]) < 0).all()
    np.testing.assert_allclose(loud[11:19], 0.4, atol=0.05)


def test_fades_longer_than_the_film_share_it(tmp_path: Path) -> None:
    options = VideoOptions(music_fade_in=30, music_fade_out=30)
    make_music(write_tone(tmp_path / "in.wav", 1), tmp_path / "out.m4a", Fraction(1), options)
    heard = np.abs(hear(tmp_path / "out.m4a")[0])
    assert heard[20000:28000].max() > 0.7
    assert max(heard[:500].max(), heard[-500:].max()) < 0.05


def test_a_films_sound_can_be_the_music(tmp_path: Path) -> None:
    film = write_film(tmp_path / "a.mp4", [shade(n) for n in range(20)], sound="aac")
    check_music(film)
    make_music(film, tmp_path / "out.m4a", Fraction(1, 2), PLAIN)
    assert np.abs(hear(tmp_path / "out.m4a")).max() > 0.3


def test_what_is_no_music_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(b"not music at all" * 99)
    silent = write_film(tmp_path / "b.mp4", [shade(n) for n in range(3)])
    (tmp_path / "list.m3u8").write_text("#EXTM3U\n#EXTINF:1,\n/etc/passwd\n")
    for path in (tmp_path / "a.mp3", silent, tmp_path / "none.wav", tmp_path / "list.m3u8"):
        with pytest.raises(BadInput) as failed:
            check_music(path)
        assert failed.value.hint
    with pytest.raises(BadInput, match="over before 9 s"):
        check_music(write_tone(tmp_path / "c.wav", 1), 9.0)


def test_stopping_leaves_nothing(tmp_path: Path) -> None:
    source = write_tone(tmp_path / "in.wav", 3)

    def stop() -> None:
        raise KeyError

    with pytest.raises(KeyError):
        make_music(source, tmp_path / "out.m4a", Fraction(3), PLAIN, stop)
    assert [path.name for path in tmp_path.iterdir()] == ["in.wav"]


def test_it_is_stereo_aac_for_mp4_and_opus_for_webm(tmp_path: Path) -> None:
    source = write_tone(tmp_path / "in.wav", 1)
    for ending, codec in ((".m4a", "aac"), (".weba", "opus")):
        make_music(source, tmp_path / f"out{ending}", Fraction(1), PLAIN)
        with av.open(str(tmp_path / f"out{ending}")) as container:
            found = container.streams.audio[0].codec_context
            assert (found.name.removeprefix("lib"), found.layout.name, found.rate) == (codec, "stereo", RATE)
