"""A server with every kind of work under way, to be killed: `python -m tests.faults.stand SECONDS HOLD --port PORT`.

Its matting and cartoon nets are stand-ins; routes, jobs, writers and the history are the real ones. Each picture and
each frame of a film takes SECONDS, and none ends any more after HOLD of them (0: all do), so that whoever kills it
meets everything half-way. The first start hands in one job of each kind.
"""

from __future__ import annotations

import sys
import threading
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from pipelines.batch.batch import submit_batch
from pipelines.cartoon.film_job import submit_film as submit_cartoon
from pipelines.cartoon.options import CartoonOptions
from pipelines.image_to_video.film_files import Order
from pipelines.image_to_video.film_job import submit_film
from pipelines.image_to_video.film_options import VideoOptions
from pipelines.image_to_video.slow_job import submit_slow
from pipelines.image_to_video.slow_options import SlowOptions
from pipelines.image_to_video.sources import Given
from pipelines.settings import Settings
from pipelines.studio import Studio, open_studio
from pipelines.video import VideoWriter, parts
from pipelines.webcam import my_style, my_style_job
from tests.conftest import draw_disc, encode
from tests.fakes import FakeCartoon, FakeMatte, fake_loaders
from tests.faults import training
from tests.pipelines.batch.pictures import OFF, draw_pictures, write_zip
from tests.pipelines.video.films import shade, write_film
from weights.store import ModelStore

PICTURES, FRAMES, PART = 60, 50, 4
SECONDS, FPS = 5, 10
STEPS = training.STEPS
WIDE = 90
"""Width of a picture that the net never ends with while it holds."""
STYLE = "Red disc"


class Pace:
    """Lets each piece take `seconds`; from the `hold`th of a row on none ends any more, 0 for never."""

    def __init__(self, seconds: float, hold: int = 0) -> None:
        self.seconds, self.hold = seconds, hold
        self._rows: Counter[str] = Counter()
        self._lock = threading.Lock()

    def keep(self, row: str) -> None:
        with self._lock:
            self._rows[row] += 1
            held = self.hold and self._rows[row] > self.hold
        threading.Event().wait(None if held else self.seconds)


class SlowMatte(FakeMatte):
    def __init__(self, pace: Pace) -> None:
        self._pace = pace

    def alpha(self, rgb: np.ndarray) -> np.ndarray:
        if self._pace.hold and rgb.shape[1] == WIDE:
            threading.Event().wait()
        self._pace.keep("mattes")
        return super().alpha(rgb)


def write_slowly(pace: Pace, drawn: Path) -> None:
    """Let each frame of any film take its time, and leave a byte for each in a file of its job."""
    quickly = VideoWriter.write
    drawn.mkdir(exist_ok=True)

    def write(self: VideoWriter, rgb: np.ndarray) -> None:
        job = self._path.parent.parent.name
        pace.keep(job)
        quickly(self, rgb)
        with (drawn / job).open("ab") as told:
            told.write(b"x")

    VideoWriter.write = write  # type: ignore[method-assign]


def open_slow_studio(settings: Settings, pace: Pace | float = 0.0) -> Studio:
    """A studio whose nets go at that pace, or take so many seconds."""
    pace = pace if isinstance(pace, Pace) else Pace(pace)
    loaders = {
        **fake_loaders(),
        "onnx-matte": lambda request: SlowMatte(pace),
        "cartoon-net": lambda request: FakeCartoon(),
    }
    return open_studio(settings, build_store=partial(ModelStore, loaders=loaders))


def shorten(settings: Settings, pace: Pace) -> None:
    """For good, in this process: films in parts of PART frames, and trainings that are a stand-in's."""
    parts.LENGTH = PART
    my_style_job.training_command = partial(training.command, pace)
    my_style.find_teacher = lambda studio: settings.weights
    my_style.plan_training = lambda studio, options: my_style.TrainingPlan("cpu", training.STEPS, 0.1)
    my_style_job.STEPS = {"quick": training.STEPS}
    my_style_job.list_as_own = lambda studio, name, painting: None
    my_style_job.python = training.python


def hand_in(studio: Studio, folder: Path) -> None:
    """One job of each kind, from files made in `folder`."""
    folder.mkdir()
    archive = write_zip(folder / "a.zip", draw_pictures(PICTURES))
    film = write_film(folder / "in.mp4", [shade(n) for n in range(FRAMES)])
    disc = encode(draw_disc(80, 120), "JPEG")
    (folder / "disc.jpg").write_bytes(disc)
    submit_batch(studio, [archive], OFF)
    submit_cartoon(studio, film, CartoonOptions(faces="off"), name="in.mp4")
    options = VideoOptions(motion="zoom-in", duration=SECONDS, fps=str(FPS), width=128, height=96)
    submit_film(studio, Order([Given(folder / "disc.jpg", "disc.jpg")]), options)
    submit_slow(studio, film, SlowOptions(slow=2.0), name="in.mp4")
    my_style.submit_my_style(
        studio, studio.open(disc, "disc.jpg"), my_style.MyStyleOptions(name=STYLE, effort="quick")
    )


def main(pace: Pace, port: int) -> None:
    import uvicorn

    from app import start_background
    from tests.server.conftest import rest_app

    given = Settings.read()
    settings = replace(given, models="none", offline=True, device="cpu", jobs=6, workers=4)
    studio = open_slow_studio(settings, pace)
    shorten(settings, pace)
    write_slowly(pace, settings.outputs.parent / "drawn")
    if not studio.jobs.list():
        hand_in(studio, settings.outputs.parent / "given")
    start_background(studio)
    uvicorn.run(rest_app(studio), port=port, log_level="error", timeout_graceful_shutdown=3)


if __name__ == "__main__":
    main(Pace(float(sys.argv[1]), int(sys.argv[2])), int(sys.argv[-1]))
