"""What every other kind of write does on a full disk; see `full_disk`."""

from __future__ import annotations

import subprocess
from contextlib import closing
from dataclasses import replace
from typing import Any

import numpy as np
from fastapi.testclient import TestClient

from pipelines.batch.batch import stream_result, submit_batch
from pipelines.errors import DiskFull, InkframeError
from pipelines.studio import Studio
from pipelines.webcam import recording, recording_run
from pipelines.webcam.options import LiveOptions
from tests.faults import converting
from tests.faults.processes import wait_for
from tests.faults.small_disk import LONG, Disk, count_frames, noise
from tests.faults.stand import open_slow_studio
from tests.pipelines.batch.pictures import OFF, draw_pictures, write_zip
from tests.server.conftest import rest_app
from tests.stand_in_hub import StandInHub
from tests.weights.conftest import make_spec
from weights import disk as model_disk
from weights.catalogue import Catalogue
from weights.hub.downloads import Downloads

MODEL = bytes(range(256)) * 12_000


def picture(disk: Disk, studio: Studio) -> dict[str, Any]:
    with TestClient(rest_app(studio), raise_server_exceptions=False) as client:
        first = client.post("/api/v1/matting", files={"image": noise(100)})
        with disk.full(left=200_000):
            refused = client.post("/api/v1/matting", files={"image": noise()})
            still = client.get("/api/v1/runs").json()["total"]
            health = client.get("/healthz").status_code
        after = client.post("/api/v1/matting", files={"image": noise()})
        kept = client.get(f"/api/v1/runs/{first.headers['X-Run-Id']}").status_code
    return {
        "statuses": [first.status_code, refused.status_code, health, after.status_code, kept],
        "said": list(refused.json()["error"].values()),
        "runs": [still, studio.history.count()],
    }


def zip_of_a_batch(disk: Disk, studio: Studio) -> dict[str, Any]:
    archive = write_zip(disk.folder / "a.zip", draw_pictures(6))
    studio.start_jobs()
    job = studio.jobs.wait(submit_batch(studio, [archive], OFF).id, LONG)
    with disk.full():
        data = b"".join(stream_result(studio, job.id)[1])
    return {"statuses": [job.status], "starts": data[:2].decode(), "bytes": len(data)}


def recorded(disk: Disk, studio: Studio) -> dict[str, Any]:
    recording_run.SPARE = 0  # or it would end, as it should, long before the last byte
    dice, now = np.random.default_rng(4), [0.0]
    made = recording.Recording(studio, LiveOptions(style="identity"), clock=lambda: now[0])

    def film(frames: int) -> None:
        for _ in range(frames):
            now[0] += 0.1
            made.frame(dice.integers(0, 255, (240, 320, 3), np.uint8), now[0])

    film(25)
    with disk.full(left=100_000):
        film(60)
        state = made.state()
        try:
            made.finish()
            saved = "at once"
        except DiskFull as error:
            saved = error.code
    runs = recording_run.rescue_recordings(studio)
    frames = [count_frames(studio.history.file(run.id, "recording.mp4")) for run in runs]
    return {"said": [state["problem"]], "saved": saved, "frames": frames}


def said(error: InkframeError) -> list[str]:
    return [error.code, error.message, error.hint]


def download(disk: Disk, studio: Studio) -> dict[str, Any]:
    cache = disk.folder / "w"
    with StandInHub({"owner/small": {"onnx/model.onnx": MODEL}}, rate=4_000_000) as hub:
        downloads = Downloads(Catalogue([make_spec()]), cache, hub.url, back_off=(), timeout=10)
        with closing(downloads):
            with disk.full(left=1_000_000):  # less than there is to come, and it is known
                downloads.start("small")
                downloads.wait("small", LONG)
                before = downloads.state("small")
            model_disk.SPARE = 0  # so that the download begins and the disk fills up under way
            hub.behave("onnx/model.onnx", "slow", times=1)
            downloads.start("small")
            wait_for(lambda: downloads.state("small").on_disk > 100_000)
            disk.fill()
            downloads.wait("small", LONG)
            state = downloads.state("small")
            disk.free()
            downloads.start("small")
            downloads.wait("small", LONG)
            return {
                "statuses": [before.status, state.status, downloads.state("small").status],
                "said": [before.error, before.hint, state.error, state.hint],
                "went_on": [asked.start > 0 for asked in hub.asked_for("onnx/model.onnx")],
            }


def conversion(disk: Disk, studio: Studio) -> dict[str, Any]:
    graph, cache = disk.folder / "tf_graph.pb", disk.folder / "w"
    graph.write_bytes(MODEL)
    cache.mkdir(exist_ok=True)
    with disk.full(left=200_000):
        try:
            converting.main(graph, cache, 0)
            error = InkframeError("")
        except InkframeError as raised:
            error = raised
        halves = len(list((cache / "converted").iterdir()))
    converting.main(graph, cache, 0)
    return {"said": said(error), "halves": halves, "made": len(list((cache / "converted").glob("*.onnx")))}


def read_only(disk: Disk, studio: Studio) -> dict[str, Any]:
    """A start on outputs that can only be read, as when Linux has mounted a disk again after errors."""
    studio.start_jobs()
    archive = write_zip(disk.folder / "a.zip", draw_pictures(3))
    job = studio.jobs.wait(submit_batch(studio, [archive], OFF).id, LONG)
    studio.close()
    shown = disk.folder / "shown"
    shown.mkdir()
    for words in (["--bind", str(studio.settings.outputs)], ["-o", "remount,ro,bind"]):
        subprocess.run(["mount", *words, str(shown)], check=True)
    again = open_slow_studio(replace(studio.settings, outputs=shown))
    again.start_jobs()
    with TestClient(rest_app(again), raise_server_exceptions=False) as client:
        refused = [
            client.post("/api/v1/matting", files={"image": noise(50)}),
            client.post("/api/v1/batch", files={"archive": ("a.png", noise(50))}),
        ]
        paths = (f"jobs/{job.id}/result", f"jobs/{job.id}", "runs", f"runs/{job.run}")
        answers = [client.get(f"/api/v1/{path}") for path in paths]
    again.close()
    subprocess.run(["umount", str(shown)], check=True)
    return {
        "said": [answer.json()["error"]["code"] for answer in refused],
        "statuses": [answer.status_code for answer in answers],
        "runs": answers[2].json()["total"],
    }
