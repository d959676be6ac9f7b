"""A batch whose process is killed again and again: every file once, whole, and the same as undisturbed.

`INKFRAME_KILLS=10 INKFRAME_KILLED_FILES=200 pytest tests/pipelines/batch/test_killed.py` is the long version.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.batch.engine import count_workers
from pipelines.settings import ROOT
from tests.pipelines.batch.batch_process import SECONDS
from tests.pipelines.batch.pictures import draw_pictures, png_names, read_tree, write_zip

KILLS = int(os.environ.get("INKFRAME_KILLS", "3"))
FILES = int(os.environ.get("INKFRAME_KILLED_FILES", "60"))


def start(outputs: Path, archive: Path, calls: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.pipelines.batch.batch_process"]
    return subprocess.Popen([*command, *map(str, (outputs, archive, calls))], cwd=ROOT)


def count(calls: Path) -> int:
    return calls.stat().st_size if calls.exists() else 0


def results(outputs: Path) -> dict[str, bytes]:
    (run,) = outputs.glob("outputs_*")
    return read_tree(run / "results")


def kill_at(process: subprocess.Popen[bytes], calls: Path, when: int, after: float) -> bool:
    """Kill it once it has asked the model so often, and a moment later; False when it ended before."""
    while count(calls) < when:
        if process.poll() is not None:
            return False
        time.sleep(0.002)
    time.sleep(after)
    process.kill()
    return process.wait() < 0


@pytest.mark.timeout(600)
@pytest.mark.skipif(sys.platform == "win32", reason="kills a process as Unix does")
def test_a_killed_batch_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    # given one batch that nothing disturbed
    files, dice = draw_pictures(FILES), random.Random(4)
    archive = write_zip(tmp_path / "a.zip", files).path
    assert start(tmp_path / "calm", archive, tmp_path / "calm-calls").wait() == 0
    # when the same is killed at random moments
    calls, killed = tmp_path / "calls", 0
    moments = sorted(dice.sample(range(1, FILES), KILLS))
    for when in moments:
        process = start(tmp_path / "rough", archive, calls)
        killed += kill_at(process, calls, when, dice.random() * 2 * SECONDS)
        assert not list((tmp_path / "rough").glob("outputs_*/.*"))
    assert start(tmp_path / "rough", archive, calls).wait() == 0
    # then it has every file once and byte for byte the same
    assert killed == KILLS
    assert results(tmp_path / "rough") == results(tmp_path / "calm")
    assert set(results(tmp_path / "rough")) == png_names(files)
    (run,) = (tmp_path / "rough").glob("outputs_*")
    rows = json.loads((run / "manifest.json").read_bytes())["files"]
    assert [row["number"] for row in rows] == list(range(FILES))
    assert {row["status"] for row in rows} == {"done"}
    # and no more was done twice than what was in hand each time
    assert count(tmp_path / "calm-calls") == FILES
    assert count(calls) <= FILES + killed * count_workers()
