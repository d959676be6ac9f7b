"""What each kind of job does on a disk that fills up under it; see `full_disk`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipelines.batch.batch import submit_batch
from pipelines.cartoon.film_job import submit_film as submit_cartoon
from pipelines.cartoon.options import CartoonOptions
from pipelines.image_to_video import estimate
from pipelines.image_to_video.film_files import Order
from pipelines.image_to_video.film_job import submit_film
from pipelines.image_to_video.film_options import VideoOptions
from pipelines.image_to_video.slow_job import submit_slow
from pipelines.image_to_video.slow_options import SlowOptions
from pipelines.image_to_video.sources import Given
from pipelines.jobs.job import Job
from pipelines.studio import Studio
from pipelines.webcam import my_style
from tests.conftest import draw_disc, encode
from tests.faults.small_disk import LONG, Disk, count_frames, noise, noisy_film
from tests.faults.stand import STYLE
from tests.pipelines.batch.pictures import OFF, write_zip


def do_job(disk: Disk, studio: Studio, hand_in: Callable[[], Job], left: int) -> dict[str, Any]:
    """Hand a job in, let the disk fill up while it works, make room, go on."""
    before = studio.history.count()
    job = hand_in()
    with disk.full(left):
        studio.start_jobs()
        stopped = studio.jobs.wait(job.id, LONG)
        shown = studio.history.count() - before
    studio.jobs.resume(job.id)
    ended = studio.jobs.wait(job.id, LONG)
    return {
        "statuses": [stopped.status, ended.status],
        "said": [stopped.message, stopped.hint],
        "shown": shown,
        "run": ended.run,
        "why": ended.message,
    }


def batch(disk: Disk, studio: Studio) -> dict[str, Any]:
    files = {f"{number}.png": noise(200 + number) for number in range(8)}
    archive = write_zip(disk.folder / "a.zip", files)
    told = do_job(disk, studio, lambda: submit_batch(studio, [archive], OFF), 300_000)
    results = studio.history.folder(told["run"]) / "results"
    return {**told, "files": len(list(results.iterdir()))}


def cartoon_film(disk: Disk, studio: Studio) -> dict[str, Any]:
    film = noisy_film(disk.folder / "in.mp4")
    options = CartoonOptions(faces="off", strength=0.0)
    told = do_job(disk, studio, lambda: submit_cartoon(studio, film, options, name="in.mp4"), 150_000)
    return {**told, "frames": count_frames(studio.history.file(told["run"], "cartoon.mp4"))}


def make_video(disk: Disk, studio: Studio, kind: str) -> dict[str, Any]:
    given = disk.folder / "noise.png"
    given.write_bytes(noise(200))
    estimate.SPARE = 0  # so that it begins and the disk fills up under way
    options = VideoOptions(motion="zoom-in", duration=2, fps="10", width=200, height=200, format=kind)
    order = Order([Given(given, "noise.png")])
    return do_job(disk, studio, lambda: submit_film(studio, order, options), 150_000)


def video(disk: Disk, studio: Studio) -> dict[str, Any]:
    told = make_video(disk, studio, "mp4")
    return {**told, "frames": count_frames(studio.history.file(told["run"], "film.mp4"))}


def frames_zip(disk: Disk, studio: Studio) -> dict[str, Any]:
    return make_video(disk, studio, "png")


def gif(disk: Disk, studio: Studio) -> dict[str, Any]:
    return make_video(disk, studio, "gif")


def webm(disk: Disk, studio: Studio) -> dict[str, Any]:
    return make_video(disk, studio, "webm")


def slow_film(disk: Disk, studio: Studio) -> dict[str, Any]:
    film = noisy_film(disk.folder / "in.mp4")
    return do_job(disk, studio, lambda: submit_slow(studio, film, SlowOptions(), name="in.mp4"), 150_000)


def training(disk: Disk, studio: Studio) -> dict[str, Any]:
    painting = studio.open(encode(draw_disc(80, 120), "JPEG"), "disc.jpg")
    options = my_style.MyStyleOptions(name=STYLE, effort="quick")
    return do_job(disk, studio, lambda: my_style.submit_my_style(studio, painting, options), 0)
