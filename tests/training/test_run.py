"""A training run's folder is one run's; what it reads is whole, newest, and not held back."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from scripts import draw_cartoon_sheet
from training import backgrounds, plot_log
from training.folders import HELD_BACK_SCENES, read_names
from training.run import pid_file
from training.whole_files import save_array

HOLD = """
import sys, time
from pathlib import Path
from training.run import pid_file
with pid_file(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_run_in_a_folder_is_refused_while_the_first_lives(tmp_path: Path) -> None:
    place = tmp_path / "train.pid"
    with pid_file(tmp_path):
        with pytest.raises(SystemExit, match=f"{os.getpid()} trains here"), pid_file(tmp_path):
            pytest.fail("two runs in one folder")
        assert place.read_text() == f"{os.getpid()}\n"
    assert not place.exists()


def test_a_run_that_was_killed_keeps_nobody_out(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        with pytest.raises(SystemExit, match=f"{other.pid} trains here"), pid_file(tmp_path):
            pytest.fail("two runs in one folder")
        other.kill()
    assert (tmp_path / "train.pid").read_text() == f"{other.pid}\n"
    with pid_file(tmp_path):
        assert (tmp_path / "train.pid").read_text() == f"{os.getpid()}\n"


def test_places_that_are_held_back_become_no_backgrounds(tmp_path: Path) -> None:
    class Nobody:
        def once(self, rgb: np.ndarray) -> np.ndarray:
            return np.zeros(rgb.shape[:2], np.float32)

    for name in (*sorted(read_names(HELD_BACK_SCENES))[:2], "elsewhere"):
        cv2.imwrite(str(tmp_path / f"{name}.png"), np.full((20, 30, 3), 90, np.uint8))
    out = tmp_path / "out"
    out.mkdir()
    assert backgrounds.collect_photos([tmp_path], out, Nobody()) == 1  # type: ignore[arg-type]
    assert [path.name for path in out.iterdir()] == ["photo-elsewhere.npy"]


def test_an_array_that_is_there_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.npy"
    save_array(path, np.ones((2, 2), np.uint8))

    def break_off(file: object, array: np.ndarray) -> None:
        file.write(b"half")  # type: ignore[attr-defined]
        raise OSError

    monkeypatch.setattr(np, "save", break_off)
    with pytest.raises(OSError):
        save_array(path, np.zeros((2, 2), np.uint8))
    assert np.load(path).all()


@pytest.mark.parametrize("main", [plot_log.main, draw_cartoon_sheet.main])
def test_commands_say_how_they_are_used(main: object, capsys: pytest.CaptureFixture[str]) -> None:
    for words, status in ((["--help"], "0"), (["nowhere"], "2")):
        with pytest.raises(SystemExit, match=status):
            main(words)  # type: ignore[operator]
    said = capsys.readouterr()
    assert "usage" in said.out and "nowhere" in said.err
