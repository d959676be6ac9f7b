"""The target that works: whole pictures, many without a subject, and options that are allowed, done to the end."""

from __future__ import annotations

import time
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from hypothesis import strategies as st

from pipelines.batch.options import BatchOptions
from pipelines.cartoon.options import CartoonOptions
from pipelines.image_to_video.film_options import VideoOptions
from pipelines.matting.options import MattingOptions
from pipelines.options import Options
from scripts.fuzz.hunt import Case
from scripts.fuzz.readers import check
from scripts.fuzz.requests import check_answer
from scripts.fuzz.stand import Stand
from tests.conftest import encode

ROUTES: dict[str, tuple[str, int, type[Options]]] = {
    "/api/v1/matting": ("image", 1, MattingOptions),
    "/api/v1/cartoon": ("image", 1, CartoonOptions),
    "/api/v1/cartoon/sheet": ("image", 1, Options),
    "/api/v1/cartoon/faces": ("image", 1, Options),
    "/api/v1/batch": ("archive", 3, BatchOptions),
    "/api/v1/video": ("images", 3, VideoOptions),
    "/api/v1/video/estimate": ("images", 3, VideoOptions),
}
"""Each route's field for pictures, how many it gets at the most, and its options."""
GROUNDS = ("transparent", "#12a34b", "blur")
WORDS = {
    "model": ("auto", "portrait", "u2netp"),
    "faces": ("all", "off", "1", "1=anime,2=sketch@0.6"),
    "motions": ("", "zoom-in,pan-left"),
    "durations": ("", "0.5,0.6"),
    "fps": ("10", "30000/1001"),
    "style_keys": ("", "0=anime@0, 0.5=anime@1, 1=sketch@1"),
}
"""What the options that are free text may be."""
SHORT = {"duration": "0.5", "transition_seconds": "0.2", "width": "64", "height": "48"}
"""A film is done within a second then."""
LARGEST = 240
PATIENCE = 50.0
"""Seconds for one job."""


def prepare_work(stand: Stand, _: Path) -> tuple[st.SearchStrategy[Any], Case]:
    """Pictures and options for every route that makes something of pictures."""

    def choose(path: str) -> st.SearchStrategy[Any]:
        _, most, kind = ROUTES[path]
        pictures = st.lists(st.builds(draw, *PICTURE), min_size=1, max_size=most)
        return st.tuples(st.just(path), pictures, allowed(kind))

    def work(given: tuple[str, list[bytes], dict[str, str]]) -> None:
        path, pictures, form = given
        files = [(ROUTES[path][0], (f"{number}.png", data)) for number, data in enumerate(pictures)]
        answer = stand.client.post(path, files=files, data=form)
        check_answer(answer)
        if answer.status_code == 202:
            check_job(wait(stand.client, answer.json()["job"]["id"]))

    return st.sampled_from(sorted(ROUTES)).flatmap(choose), work


def allowed(kind: type[Options]) -> st.SearchStrategy[dict[str, str]]:
    """Forms of some of a kind's options, each at a value that it may have."""
    short = SHORT if issubclass(kind, VideoOptions) else {}
    free = {item.name: values(item, kind) for item in fields(kind) if item.name not in short}
    return st.fixed_dictionaries({}, optional=free).map(lambda form: form | short)


def values(item: Field[Any], kind: type[Options]) -> st.SearchStrategy[str]:
    """The values of one option, as texts; a number's ends more often than what lies between."""
    facts = item.metadata
    if facts["choices"]:
        return st.sampled_from(facts["choices"])
    if isinstance(item.default, bool):
        return st.sampled_from(("true", "false"))
    if facts["low"] is not None:
        low, high = facts["low"], facts["high"]
        return (st.sampled_from((low, high)) | st.floats(low, high)).map(str)
    if item.name == "background":
        return st.sampled_from(("auto", *GROUNDS[:2]) if issubclass(kind, VideoOptions) else GROUNDS)
    return st.sampled_from(WORDS[item.name])


SUBJECTS = ("flat", "noise", "ramp", "disc")
VEILS = ("none", "none", "clear", "half", "noise")
PICTURE = (
    st.sampled_from(SUBJECTS),
    st.sampled_from(VEILS),
    st.integers(8, LARGEST),
    st.integers(8, LARGEST),
    st.integers(0, 255),
)


def draw(subject: str, veil: str, height: int, width: int, level: int) -> bytes:
    """A PNG of one thing or of nothing, opaque or with an alpha of its own."""
    noise = np.random.default_rng(level)
    down, across = np.mgrid[:height, :width]
    rgb = np.full((height, width, 3), level, np.uint8)
    if subject == "noise":
        rgb = noise.integers(0, 256, rgb.shape, dtype=np.uint8)
    elif subject == "ramp":
        rgb[:] = (across * 255 // width)[..., None]
    elif subject == "disc":
        inside = np.hypot(down - height / 2, across - width / 2) < min(height, width) / 3
        rgb[inside] = (200, 30, 255 - level)
    alphas = {"clear": np.zeros_like(rgb[..., 0]), "half": np.full_like(rgb[..., 0], 100)}
    alphas["noise"] = noise.integers(0, 256, rgb.shape[:2], dtype=np.uint8)
    return encode(rgb if veil == "none" else np.dstack([rgb, alphas[veil]]))


def wait(client: httpx.Client, job_id: str) -> dict[str, Any]:
    """The job when it has ended, or as it is after PATIENCE."""
    end = time.monotonic() + PATIENCE
    while True:
        answer = client.get(f"/api/v1/jobs/{job_id}")
        check_answer(answer)
        job: dict[str, Any] = answer.json()["job"]
        if job["status"] not in ("queued", "running") or time.monotonic() > end:
            return job
        time.sleep(0.1)


def check_job(job: dict[str, Any]) -> None:
    """It came to an end, and where it failed it says in other words than a defect's why."""
    check(job["status"] in ("done", "failed"), f"{job['status']} after {PATIENCE:g} s")
    check("inside Inkframe" not in job["message"], job["message"])
