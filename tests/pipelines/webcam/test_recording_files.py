"""A microphone that was silent for long costs neither memory nor minutes, and stays in step to the sample."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.webcam.recording_files import FRAME, SoundFile

RATE = 48_000
BEEP = 12_000
"""Samples: a quarter of a second."""


def beep() -> bytes:
    return (np.sin(np.arange(BEEP) * 0.1) * 12_000).astype("<i2").tobytes()


def read_sound(path: Path) -> tuple[np.ndarray, list[int]]:
    """The samples, and the time of each packet in samples."""
    import av

    with av.open(str(path)) as container:
        times = [int(packet.pts) for packet in container.demux(audio=0) if packet.size]
    with av.open(str(path)) as container:
        heard: list[Any] = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    return np.concatenate(heard), times


def find_beeps(heard: np.ndarray) -> list[int]:
    """Where sound begins after a tenth of a second of none."""
    loud = np.flatnonzero(np.abs(heard) > 0.1)
    return [int(at) for at in loud[np.diff(loud, prepend=-RATE) > RATE / 10]]


@pytest.mark.parametrize("gap", [0.5, 1.0, 1.01, 1.0213, 2.0, 60.0, 61.7])
def test_silence_of_any_length_is_exact(tmp_path: Path, gap: float) -> None:
    file, ends = SoundFile(tmp_path / "sound.m4a"), [gap + 0.25, 2 * gap + 0.5]
    for end in ends:
        file.write(beep(), end)
    file.close()

    heard, times = read_sound(tmp_path / "sound.m4a")

    begun = [round(end * RATE) - BEEP for end in ends]
    assert find_beeps(heard) == pytest.approx([at + find_lag(tmp_path) for at in begun], abs=16)
    assert set(np.diff(times)) == {FRAME}
    assert 0 <= len(heard) - round(ends[1] * RATE) < 3 * FRAME
    between = heard[begun[0] + BEEP + 4 * FRAME : begun[1] - 2 * FRAME]
    assert len(between) and not between.any()


def find_lag(folder: Path) -> int:
    """Samples until a beep is loud, with the silence that an encoder begins with."""
    file = SoundFile(folder / "lag.m4a")
    file.write(beep() + bytes(2 * BEEP), 0.5)
    file.close()
    return find_beeps(read_sound(folder / "lag.m4a")[0])[0]


def test_memory_does_not_grow_with_the_silence(tmp_path: Path) -> None:
    file = SoundFile(tmp_path / "sound.m4a")
    file.write(beep(), 0.25)
    tracemalloc.start()
    try:
        file.write(beep(), 300.0)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    file.close()
    assert peak < 3_000_000
