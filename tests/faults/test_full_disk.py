"""A disk that is really full, for each kind of write: a small tmpfs in a mount namespace of its own.

Where the machine allows no such mount these tests are skipped; tests with a simulated ENOSPC stand beside the code.
With `INKFRAME_LONG_TESTS=1` every kind of film has its turn. `python -m tests.faults.full_disk FOLDER NAME` plays one
scenario on whatever small disk is mounted at FOLDER.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipelines.settings import ROOT
from tests.faults import full_disk
from tests.faults.stand import FRAMES

pytestmark = pytest.mark.timeout(600)
SIZE = "24m"
MOUNT = "mount -t tmpfs -o size={size} none {folder} && exec {command}"
FULL = "The disk with the outputs folder is full."
ROOM = "Free some space or clean up the history."


JOBS = [each.__name__ for each in full_disk.JOBS]
ALIKE = [each.__name__ for each in full_disk.ALIKE] if os.environ.get("INKFRAME_LONG_TESTS") else []
OTHERS = [each.__name__ for each in full_disk.OTHERS]


def in_own_namespace(folder: Path, command: str) -> list[str]:
    script = MOUNT.format(size=SIZE, folder=folder, command=command)
    return ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script]


def can_mount(folder: Path) -> bool:
    if sys.platform != "linux" or shutil.which("unshare") is None:
        return False
    return subprocess.run(in_own_namespace(folder, "true"), capture_output=True, timeout=60).returncode == 0


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What each scenario answered."""
    folder = tmp_path_factory.mktemp("disk")
    if not can_mount(folder):
        pytest.skip("no small disk can be mounted here")
    names = " ".join([*JOBS, *ALIKE, *OTHERS])
    command = in_own_namespace(folder, f"{sys.executable} -m tests.faults.full_disk {folder} {names}")
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, dict[str, Any]] = {}
    for line in done.stdout.splitlines():
        found |= json.loads(line)
    return found


def take(told: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
    assert "raised" not in told[name], told[name]["raised"]
    return told[name]


def test_a_picture_is_refused_in_words_and_the_next_one_done(told: dict[str, dict[str, Any]]) -> None:
    found = take(told, "picture")
    assert found["statuses"] == [200, 503, 200, 200, 200]
    assert found["said"] == ["disk_full", FULL, ROOM]
    assert found["runs"] == [1, 2], "what was there stays, what was refused is not shown"


@pytest.mark.parametrize("name", [*JOBS, *ALIKE])
def test_a_job_pauses_shows_nothing_half_and_goes_on_when_there_is_room(
    told: dict[str, dict[str, Any]], name: str
) -> None:
    found = take(told, name)
    assert (found["statuses"], found["said"], found["shown"]) == (["paused", "done"], [FULL, ROOM], 0)
    assert found["left"] == []


def test_nothing_is_missing_afterwards(told: dict[str, dict[str, Any]]) -> None:
    assert take(told, "batch")["files"] == 8
    assert take(told, "cartoon_film")["frames"] == FRAMES
    assert take(told, "video")["frames"] == 20


def test_the_zip_of_a_batch_needs_no_room(told: dict[str, dict[str, Any]]) -> None:
    found = take(told, "zip_of_a_batch")
    assert (found["statuses"], found["starts"]) == (["done"], "PK") and found["bytes"] > 1000


def test_a_recording_ends_says_so_and_is_saved_when_there_is_room(told: dict[str, dict[str, Any]]) -> None:
    found = take(told, "recorded")
    assert found["said"] == [f"{FULL} {ROOM}"] and found["saved"] == "disk_full"
    (frames,) = found["frames"]
    assert frames >= 10, "all but the last seconds, and each frame can be decoded"


def test_a_download_that_can_not_fit_is_not_begun_and_one_that_breaks_off_goes_on(
    told: dict[str, dict[str, Any]],
) -> None:
    found = take(told, "download")
    assert found["statuses"] == ["failed", "failed", "ready"]
    assert "needs" in found["said"][0] and "is full" in found["said"][2] and "is kept" in found["said"][3]
    assert found["went_on"] == [False, True]


def test_a_conversion_leaves_no_half_and_is_made_when_there_is_room(told: dict[str, dict[str, Any]]) -> None:
    found = take(told, "conversion")
    assert (found["said"][0], found["halves"], found["made"]) == ("disk_full", 0, 1)


def test_a_start_on_a_read_only_disk_shows_what_is_there_and_refuses_new_work_in_words(
    told: dict[str, dict[str, Any]],
) -> None:
    found = take(told, "read_only")
    assert found["said"] == ["outputs_unwritable", "outputs_unwritable"]
    assert found["statuses"] == [200, 200, 200, 200] and found["runs"] == 1
