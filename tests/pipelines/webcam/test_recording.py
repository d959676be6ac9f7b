"""A recording plays at the speed of what was filmed, has its sound, and outlives the process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.errors import BadInput, OutputsUnwritable
from pipelines.settings import ROOT
from pipelines.studio import Studio
from pipelines.video.colours import to_rgb
from pipelines.webcam.options import LiveOptions
from pipelines.webcam.recording import BROKEN, Recording, choose_size
from pipelines.webcam.recording_run import CUT_OFF, FOLDER, RESULT, rescue_recordings
from tests.pipelines.video.xmp import read_xmp

PAINTED = LiveOptions(style="painting-03")
CHUNK = 960
"""Samples: 20 ms."""


class Clock:
    """The loop's clock, moved by hand."""

    def __init__(self) -> None:
        self.now = 500.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def film(recording: Recording, clock: Clock, seconds: float, sound: bool = True) -> int:
    """Uneven frames of changing size, white for the first tenth of each second, with a beep meanwhile."""
    rng, start, due, frames = np.random.default_rng(5), clock.now, clock.now, 0
    sizes = ((160, 120), (128, 96), (192, 144))
    while clock.now - start < seconds:
        flash = (clock.now - start) % 1 < 0.1
        if clock.now >= due:
            width, height = sizes[frames % 3 if frames else 0]
            recording.frame(np.full((height, width, 3), 255 if flash else 30, np.uint8), clock.now)
            due += float(rng.choice([0.02, 0.04, 0.1]))
            frames += 1
        clock.now += 0.02
        tone = np.sin(np.arange(CHUNK) * 0.1) * 12000 * flash
        if sound:
            recording.sound(tone.astype("<i2").tobytes())
    return frames


def read_film(path: Path) -> tuple[list[tuple[float, float]], np.ndarray]:
    """Time and brightness of each frame; loudness of each 10 ms of sound."""
    import av

    with av.open(str(path)) as container:
        frames = [
            (float(frame.time or 0), float(to_rgb(frame).mean())) for frame in container.decode(video=0)
        ]
    samples: list[Any] = []
    with av.open(str(path)) as container:
        if container.streams.audio:
            samples = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    heard = np.concatenate(samples) if samples else np.zeros(0)
    return frames, np.abs(heard[: len(heard) // 480 * 480]).reshape(-1, 480).max(axis=1)


def test_it_plays_at_the_speed_of_what_was_filmed_with_sound_in_step(studio: Studio, clock: Clock) -> None:
    recording = Recording(
        studio, PAINTED, clock=clock, stats=lambda: {"fps": 17.5, "grade": "B", "more": [1]}
    )
    frames = film(recording, clock, 4.5)

    run = recording.finish()

    seen, heard = read_film(studio.history.file(run.id, RESULT))
    assert len(seen) == frames == run.settings["frames"]
    assert abs(seen[-1][0] - 4.5) < 0.15 and abs(len(heard) / 100 - 4.5) < 0.15
    for second in (1, 2, 3, 4):
        flash = next(time for time, light in seen if light > 128 and time > second - 0.5)
        beep = next(index for index in range(100 * second - 50, len(heard)) if heard[index] > 0.1) / 100
        assert abs(flash - second) <= 0.11 and abs(beep - flash) <= 0.12


def test_the_run_says_how_it_was_made(studio: Studio, clock: Clock) -> None:
    recording = Recording(
        studio, PAINTED, clock=clock, stats=lambda: {"fps": 17.5, "grade": "B", "more": [1]}
    )
    film(recording, clock, 0.5)
    recording.change(LiveOptions(style="cartoon-anime"))
    film(recording, clock, 0.5)

    run = recording.finish()

    settings = run.settings
    assert run.task == "webcam" and run.results == (RESULT,) and run.thumbnail
    assert settings["styles"] == ["painting-03", "cartoon-anime"] and settings["style"] == "cartoon-anime"
    assert (settings["fps"], settings["grade"], "more" in settings) == (17.5, "B", False)
    assert (settings["width"], settings["height"], settings["sound"]) == (640, 480, True)
    assert run.timings["total"] == pytest.approx(1.0, abs=0.15)
    assert b"compositeWithTrainedAlgorithmicMedia" in read_xmp(studio.history.file(run.id, RESULT))
    assert studio.history.get(run.id) == run
    assert not list((studio.settings.outputs / FOLDER).iterdir())


def test_the_camera_as_it_is_has_no_ai_label(studio: Studio, clock: Clock) -> None:
    recording = Recording(studio, LiveOptions(), clock=clock)
    film(recording, clock, 0.3, sound=False)

    run = recording.finish()

    assert not read_xmp(studio.history.file(run.id, RESULT)) and run.settings["sound"] is False


def test_a_microphone_that_pauses_leaves_silence_and_stays_in_step(studio: Studio, clock: Clock) -> None:
    recording = Recording(studio, PAINTED, clock=clock)
    film(recording, clock, 1.0)
    film(recording, clock, 1.0, sound=False)
    film(recording, clock, 1.0)

    _, heard = read_film(studio.history.file(recording.finish().id, RESULT))

    loud = np.flatnonzero(heard > 0.1) / 100
    assert loud.min() < 0.05 and not ((loud > 0.2) & (loud < 1.9)).any()
    assert 1.9 < loud[loud > 1].min() < 2.15


def test_odd_sizes_and_times_that_go_back(studio: Studio, clock: Clock) -> None:
    recording = Recording(studio, replace(PAINTED, ceiling=96.0, floor=96.0), clock=clock)
    for time in (1.0, 1.1, 1.1, 1.05, 1.2):
        recording.frame(np.full((75, 101, 3), 90, np.uint8), time)

    run = recording.finish()

    assert (run.settings["width"], run.settings["height"], run.settings["frames"]) == (100, 76, 3)


@pytest.mark.parametrize(
    ("frame", "ceiling", "film"),
    [
        ((384, 288), 640.0, (640, 480)),
        ((384, 288), 1920.0, (960, 720)),
        ((1280, 720), 640.0, (1280, 720)),
        ((288, 384), 640.0, (480, 640)),
        ((1, 400), 400.0, (2, 400)),
    ],
)
def test_the_film_is_as_large_as_frames_may_become(
    frame: tuple[int, int], ceiling: float, film: tuple[int, int]
) -> None:
    rgb = np.zeros((frame[1], frame[0], 3), np.uint8)

    assert choose_size(rgb, LiveOptions(ceiling=ceiling)) == film


def test_without_a_frame_nothing_stays(studio: Studio) -> None:
    recording = Recording(studio, PAINTED)
    recording.sound(bytes(1920))

    with pytest.raises(BadInput, match="Nothing was recorded"):
        recording.finish()
    assert studio.history.count() == 0 and not list((studio.settings.outputs / FOLDER).iterdir())


def test_a_dropped_recording_leaves_nothing(studio: Studio, clock: Clock) -> None:
    recording = Recording(studio, PAINTED, clock=clock)
    film(recording, clock, 0.2)

    recording.drop()

    recording.frame(np.zeros((8, 8, 3), np.uint8), 0.0)
    assert not list((studio.settings.outputs / FOLDER).iterdir()) and studio.history.count() == 0


def test_a_full_disk_ends_it_and_is_told(
    studio: Studio, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = Recording(studio, PAINTED, clock=clock)
    film(recording, clock, 0.5)

    def full(*_: object) -> bool:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("pipelines.webcam.recording_files.PicturesFile.write", full)
        film(recording, clock, 0.2)

    assert "full" in recording.state()["problem"]
    run = recording.finish()
    assert run.settings["frames"] > 0 and "full" in run.notes[0]


def test_a_disk_that_fills_up_ends_it_while_it_can_be_saved(
    studio: Studio, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = Recording(studio, PAINTED, clock=clock)
    monkeypatch.setattr("pipelines.webcam.recording_run.SPARE", 10**18)

    film(recording, clock, 6.0)

    assert "nearly full" in recording.state()["problem"]
    run = recording.finish()
    assert 4.5 < run.settings["seconds"] < 5.5 and "nearly full" in run.notes[0]


def test_outputs_that_can_not_be_written_are_told_at_once(studio: Studio) -> None:
    (studio.settings.outputs / FOLDER).write_text("in the way")

    with pytest.raises(OutputsUnwritable):
        Recording(studio, PAINTED)


def test_a_visible_label_is_on_every_frame(studio: Studio, clock: Clock) -> None:
    plain = film_one(studio, clock)
    labelled = film_one(replace(studio, settings=replace(studio.settings, visible_label=True)), clock)

    assert labelled != pytest.approx(plain, abs=0.5)


def test_the_visible_label_comes_with_the_first_drawn_frame(studio: Studio, clock: Clock) -> None:
    asked = replace(studio, settings=replace(studio.settings, visible_label=True))
    recording = Recording(asked, LiveOptions(), clock=clock)
    recording.frame(np.full((120, 160, 3), 30, np.uint8), 0.0)
    recording.change(PAINTED)
    recording.frame(np.full((120, 160, 3), 30, np.uint8), 0.5)

    (_, camera), (_, drawn) = read_film(studio.history.file(recording.finish().id, RESULT))[0]

    assert camera == pytest.approx(30, abs=0.1) and abs(drawn - camera) > 0.2


def film_one(studio: Studio, clock: Clock) -> float:
    recording = Recording(studio, PAINTED, clock=clock)
    film(recording, clock, 0.2, sound=False)
    return read_film(studio.history.file(recording.finish().id, RESULT))[0][0][1]


@pytest.fixture
def killed(studio: Studio) -> Iterator[Path]:
    """Outputs in which another process was recording when it was killed."""
    program = (
        "import sys, time; import numpy as np; from pathlib import Path\n"
        "from pipelines.settings import Settings; from pipelines.studio import open_studio\n"
        "from pipelines.webcam.options import LiveOptions; from pipelines.webcam.recording import Recording\n"
        f"studio = open_studio(Settings(outputs=Path({str(studio.settings.outputs)!r}), models='none',"
        f" weights=Path({str(studio.settings.weights)!r}), offline=True, device='cpu'))\n"
        "recording = Recording(studio, LiveOptions(style='painting-03'), clock=lambda: now)\n"
        "for now in np.arange(0, 6, 0.05):\n"
        "    recording.frame(np.full((96, 128, 3), 80, np.uint8), float(now)); recording.sound(bytes(4800))\n"
        "print('recorded', flush=True); time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "recorded\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    yield studio.settings.outputs


def test_a_recording_outlives_its_process(studio: Studio, killed: Path) -> None:
    (run,) = rescue_recordings(studio)

    seen, heard = read_film(studio.history.file(run.id, RESULT))
    assert run.notes == (CUT_OFF,) and run.settings["style"] == "painting-03"
    assert seen[-1][0] > 4.0 and len(heard) > 400, "at most the last seconds are lost"
    assert not list((killed / FOLDER).iterdir()) and rescue_recordings(studio) == []


def test_what_is_being_recorded_is_left_alone(studio: Studio, clock: Clock) -> None:
    recording = Recording(studio, PAINTED, clock=clock)
    film(recording, clock, 0.3)

    assert rescue_recordings(studio) == []
    assert recording.finish().settings["frames"] > 0


def test_damaged_leftovers_are_not_in_the_way(studio: Studio) -> None:
    for name, text in (("recording-aa", "{"), ("recording-bb", '{"label": ""}')):
        folder = studio.settings.outputs / FOLDER / name
        folder.mkdir(parents=True)
        (folder / "facts.json").write_text(text)
    (studio.settings.outputs / FOLDER / "recording-cc").mkdir()

    assert rescue_recordings(studio) == []
    assert studio.history.count() == 0


def test_a_fault_while_it_is_written_is_told_and_what_came_before_is_kept(
    studio: Studio, clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    recording = Recording(studio, PAINTED, clock=clock)
    film(recording, clock, 0.5)

    def broken(*_: object) -> None:
        raise ValueError("a codec's own words")

    with monkeypatch.context() as patch:
        patch.setattr("pipelines.webcam.recording_files.SoundFile.write", broken)
        film(recording, clock, 0.2)
        assert "Record again" in recording.state()["problem"]
        assert [record.exc_info is not None for record in caplog.records] == [True]
        patch.setattr("pipelines.webcam.recording_files.SoundFile.close", broken)
        run = recording.finish()

    assert run.settings["frames"] > 0 and run.notes == (BROKEN,)
    assert not list((studio.settings.outputs / FOLDER).iterdir())
