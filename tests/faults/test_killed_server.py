"""`kill -9` of a server in the middle of every kind of work, and the start of two others in its place.

`INKFRAME_LONG_TESTS=1 pytest tests/faults/test_killed_server.py` kills it six times at random moments first.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
import httpx
import pytest

from pipelines.history import History
from server.live_protocol import INTO
from tests.conftest import draw_disc, encode
from tests.faults.processes import wait_for
from tests.faults.stand import FPS, FRAMES, PART, PICTURES, SECONDS, WIDE
from tests.pipelines.batch.pictures import draw_pictures, png_names, read_tree
from tests.serving import started_command

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.platform == "win32", reason="kills a process as Unix does"),
]

HOLD = 6
"""Pieces after which nothing ends any more, until the kill."""
PACE = 0.05
KILLS = 6 if os.environ.get("INKFRAME_LONG_TESTS") else 0
"""Further kills, at random moments, after the one in the middle of everything."""
UNDER_WAY = {"batch": 2, "cartoon-film": PART + 1, "video": PART + 1, "slow-film": 2, "my-style": 2}
"""Pieces of each kind of job that are to be done before the kill."""
LEFT = (
    ".partial-*",
    ".recordings/*",
    ".uploads/*",
    ".jobs/.*-*",
    ".jobs/*/*.partial",
    ".jobs/*/*/.*.partial",
)
"""What is written under names that no result has."""


@dataclass
class Story:
    """What was seen when the server was killed, and when the next one had done what was left."""

    folder: Path
    at_kill: dict[str, dict[str, Any]] = field(default_factory=dict)
    shown_at_kill: list[str] = field(default_factory=list)
    broken_at_kill: list[str] = field(default_factory=list)
    left_at_kill: list[Path] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    runs: list[dict[str, Any]] = field(default_factory=list)
    cut_outs: list[str] = field(default_factory=list)
    lists: list[list[str]] = field(default_factory=list)

    @property
    def outputs(self) -> Path:
        return self.folder / "o"

    def result(self, kind: str, name: str) -> Path:
        return self.outputs / str(self.jobs[kind]["run"]) / name


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    made = Story(tmp_path_factory.mktemp("killed"))
    with stand(made.folder, 0.0, HOLD) as (process, address):
        cut = threading.Thread(target=ask_for_a_cut_out, args=[made, address])
        cut.start()
        with recording(address, made.outputs):
            wait_for(lambda: is_under_way(address, made.outputs))
            made.at_kill = list_jobs(address)
            process.send_signal(signal.SIGKILL)
            process.wait()
        cut.join()
    made.shown_at_kill, made.broken_at_kill = look_at_runs(made.outputs)
    made.left_at_kill = list_left(made.outputs)
    dice = random.Random(8)
    for _ in range(KILLS):
        with stand(made.folder, PACE) as (process, _):
            time.sleep(dice.random() * 3)
            process.kill()
            process.wait()
    with stand(made.folder) as (_, address), stand(made.folder) as (_, other):
        for job in list_jobs(address).values():
            if (
                job["status"] == "failed" and KILLS
            ):  # often enough without a piece done: it waits for a person
                httpx.post(f"{address}/api/v1/jobs/{job['id']}/resume").raise_for_status()
        wait_for(
            lambda: all(job["status"] not in ("queued", "running") for job in list_jobs(address).values())
        )
        wait_for(lambda: not list((made.outputs / ".recordings").iterdir()))
        made.jobs = list_jobs(address)
        made.runs = list_runs(address)
        made.cut_outs = cut_out_at_once([address, other] * 4)
        made.lists = [sorted(run["id"] for run in list_runs(each)) for each in (address, other)]
    return made


@contextmanager
def stand(folder: Path, seconds: float = 0.0, hold: int = 0) -> Iterator[tuple[Any, str]]:
    with started_command(["-m", "tests.faults.stand", str(seconds), str(hold)], folder) as started:
        yield started


def ask_for_a_cut_out(story: Story, address: str) -> None:
    picture = encode(draw_disc(60, WIDE), "PNG")
    try:
        answer = httpx.post(f"{address}/api/v1/matting", files={"image": picture}, timeout=60)
        story.answers.append(str(answer.status_code))
    except httpx.TransportError as error:
        story.answers.append(type(error).__name__)


@contextmanager
def recording(address: str, outputs: Path) -> Iterator[None]:
    """A browser that records its camera, until the socket breaks off."""
    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect

    over, jpeg = threading.Event(), encode(draw_disc(48, 64), "JPEG")

    def film() -> None:
        with suppress(ConnectionClosed), connect(f"ws{address[4:]}/api/v1/live") as socket:
            socket.send(json.dumps({"type": "controls", "style": "identity"}))
            number = 0
            while not over.wait(0.05):
                number += 1
                socket.send(INTO.pack(number, number * 50.0) + jpeg)
                if number % 10 == 0:  # the first comes before there is anything to record
                    socket.send(json.dumps({"type": "record", "on": True}))

    thread = threading.Thread(target=film)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def is_under_way(address: str, outputs: Path) -> bool:
    jobs = list_jobs(address)
    films = list(outputs.glob(".recordings/*/pictures.mp4"))
    return (
        all(job["status"] == "running" and job["done"] >= UNDER_WAY[kind] for kind, job in jobs.items())
        and bool(films)
        and films[0].stat().st_size > 2000
        and len(list(outputs.glob(".partial-outputs_*"))) >= 2
    )


def list_runs(address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = httpx.get(f"{address}/api/v1/runs", timeout=30).json()["runs"]
    return found


def cut_out_at_once(addresses: list[str]) -> list[str]:
    """Ask them all at the same moment; the ids of the runs."""
    picture = encode(draw_disc(60, 80), "PNG")

    def ask(address: str) -> str:
        answer = httpx.post(f"{address}/api/v1/matting", files={"image": picture}, timeout=60)
        return str(answer.headers["X-Run-Id"])

    with ThreadPoolExecutor(len(addresses)) as pool:
        return list(pool.map(ask, addresses))


def list_jobs(address: str) -> dict[str, dict[str, Any]]:
    return {job["kind"]: job for job in httpx.get(f"{address}/api/v1/jobs", timeout=30).json()["jobs"]}


def look_at_runs(outputs: Path) -> tuple[list[str], list[str]]:
    """The runs that a person would be shown, and which of them lack a file or hold a half one."""
    shown, broken = [], []
    for folder in outputs.glob("outputs_*"):
        run = json.loads((folder / "run.json").read_bytes())
        shown.append(run["task"])
        broken += [name for name in run["results"] if not (folder / name).stat().st_size]
        broken += [path.name for path in folder.rglob("*partial*")]
    return shown, broken


def list_left(outputs: Path) -> list[Path]:
    return [path for pattern in LEFT for path in outputs.glob(pattern)]


def count_frames(path: Path) -> int:
    with av.open(str(path)) as film:
        return sum(1 for _ in film.decode(video=0))


def test_everything_was_under_way(story: Story) -> None:
    assert set(story.at_kill) == set(UNDER_WAY)
    assert all(0 < job["done"] < job["total"] for job in story.at_kill.values())


def test_the_one_who_waited_is_told_by_the_broken_line_and_no_half_result_is_shown(story: Story) -> None:
    assert story.answers and story.answers[0] != "200"
    assert story.shown_at_kill == [] and story.broken_at_kill == []
    assert [run["task"] for run in story.runs].count("matting") == 0
    assert look_at_runs(story.outputs)[1] == []


@pytest.mark.parametrize("kind", sorted(UNDER_WAY))
def test_a_job_goes_on_by_itself_and_becomes_one_run(story: Story, kind: str) -> None:
    job = story.jobs[kind]
    assert (job["id"], job["status"], job["hint"]) == (story.at_kill[kind]["id"], "done", "")
    made = [run for run in story.runs if run["settings"].get("job") == job["id"]]
    assert [run["id"] for run in made] == [job["run"]]


def test_a_batch_has_every_file_once(story: Story) -> None:
    results = read_tree(story.result("batch", "results"))
    assert set(results) == png_names(draw_pictures(PICTURES))
    rows = json.loads(story.result("batch", "manifest.json").read_bytes())["files"]
    assert [row["status"] for row in rows] == ["done"] * PICTURES


@pytest.mark.parametrize(
    ("kind", "name", "frames"),
    [
        ("cartoon-film", "cartoon.mp4", FRAMES),
        ("video", "film.mp4", SECONDS * FPS),
        ("slow-film", "slow.mp4", None),
    ],
)
def test_a_film_has_every_frame_once(story: Story, kind: str, name: str, frames: int | None) -> None:
    assert count_frames(story.result(kind, name)) == (frames or story.jobs[kind]["total"])


@pytest.mark.parametrize("kind", ["cartoon-film", "video"])
def test_a_film_in_parts_is_not_drawn_anew(story: Story, kind: str) -> None:
    job = story.jobs[kind]
    drawn = (story.folder / "drawn" / job["id"]).stat().st_size
    assert drawn <= job["total"] + PART * (1 + KILLS), "at most the part that was being written, each time"


def test_training_ends_with_its_server_and_goes_on_with_the_next(story: Story) -> None:
    job = story.at_kill["my-style"]
    steps = [
        json.loads(line)["step"] for line in (story.folder / "steps" / job["id"]).read_text().splitlines()
    ]
    # each step once, but for the one that the kill fell into
    assert steps == sorted(steps) and len(steps) - len(set(steps)) <= 1 + KILLS
    assert story.result("my-style", "style.onnx").stat().st_size > 0


def test_a_recording_is_saved_at_the_next_start_and_says_that_it_was_cut_off(story: Story) -> None:
    (run,) = [run for run in story.runs if run["results"] == ["recording.mp4"]]
    assert any("was ended while it recorded" in note for note in run["notes"])
    assert count_frames(story.outputs / run["id"] / "recording.mp4") > 0


def test_two_servers_over_one_folder_share_it(story: Story) -> None:
    """Each job was done once, by whichever took it; runs of the same second have folders of their own."""
    assert len(set(story.cut_outs)) == 8
    assert story.lists[0] == story.lists[1] and set(story.cut_outs) < set(story.lists[0])
    made = [run["settings"]["job"] for run in story.runs if "job" in run["settings"]]
    assert len(made) == len(set(made)) == len(UNDER_WAY) + 1, "and one recording"


def test_what_was_half_written_goes_after_a_day(story: Story) -> None:
    assert story.left_at_kill, "a kill leaves something"
    long_ago = time.time() - 2 * 86400
    for path in sorted(story.outputs.glob(".partial-*"), key=lambda path: len(path.parts)):
        for each in (*path.rglob("*"), path):
            os.utime(each, (long_ago, long_ago))
    History(story.outputs).close()
    assert list_left(story.outputs) == []
