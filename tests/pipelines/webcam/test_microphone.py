"""Sound that comes unevenly, or not at all, becomes an even stream."""

from __future__ import annotations

import numpy as np

from pipelines.webcam.microphone import KEEP, MOST, PRIME, Microphone

RATE = 48_000


def ramp(start: int, samples: int) -> bytes:
    return (np.arange(start, start + samples) % 30_000 + 1).astype("<i2").tobytes()


def read(data: bytes) -> np.ndarray:
    return np.frombuffer(data, "<i2")


def test_without_a_microphone_there_is_silence() -> None:
    assert Microphone().take(3200) == bytes(6400)


def test_uneven_chunks_come_out_without_a_gap() -> None:
    microphone, rng = Microphone(), np.random.default_rng(3)
    heard, at = b"", 0
    for tick in range(50):
        come = 3200 * (tick + 1) + int(rng.integers(-1500, 1500))  # 30 ms early or late
        microphone.put(ramp(at, come - at))
        at = come
        heard += microphone.take(3200)

    samples = read(heard)
    sound = samples[np.argmax(samples > 0) :]
    assert len(sound) > 40 * 3200
    assert (sound == read(ramp(0, len(sound)))).all()


def test_sound_waits_until_some_has_gathered() -> None:
    microphone = Microphone()
    microphone.put(ramp(0, int(PRIME * RATE)))

    assert microphone.take(960) == bytes(1920) and not microphone.flows
    microphone.put(ramp(0, 960))
    assert microphone.take(960) == ramp(0, 960) and microphone.flows


def test_what_is_too_much_goes_from_the_front() -> None:
    microphone = Microphone()
    microphone.put(ramp(0, int(MOST * RATE) + 10))

    first = int(read(microphone.take(100))[0])

    assert abs(first - (MOST - KEEP) * RATE) < 20


def test_when_sound_stops_the_rest_is_silent() -> None:
    microphone = Microphone()
    microphone.put(ramp(0, 8000))
    microphone.take(3200)

    piece = read(microphone.take(6400))

    assert (piece[:4800] > 0).all() and not piece[4800:].any()
    assert not microphone.flows


def test_chunks_that_end_within_a_sample_stay_in_order() -> None:
    microphone, whole = Microphone(), ramp(0, 9600)
    for start in range(0, len(whole), 777):
        microphone.put(whole[start : start + 777])

    assert microphone.take(4800) == whole[:9600]
