"""The command line: quick to answer, and the same results as the page."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.conftest import draw_disc, encode

ROOT = Path(__file__).resolve().parents[1]


def run(*words: str, environ: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    import os

    return subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *words],
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | (environ or {}),
    )


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {
        "INKFRAME_OUTPUTS": str(tmp_path / "outputs"),
        "INKFRAME_WEIGHTS": str(tmp_path / "weights"),
        "INKFRAME_OFFLINE": "1",
        "INKFRAME_DEVICE": "cpu",
    }


def test_help_comes_within_a_second() -> None:
    took = []
    for _ in range(3):
        start = time.perf_counter()
        assert run("--help").returncode == 0
        took.append(time.perf_counter() - start)
    assert min(took) < 1.0


def test_a_picture_is_cut_out_with_the_model_that_comes_along(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    (tmp_path / "in.jpg").write_bytes(encode(draw_disc(240, 320), "JPEG"))
    done = run(
        "matting", str(tmp_path / "in.jpg"), str(tmp_path / "out.png"), "--refine", "off", environ=environ
    )
    assert done.returncode == 0, done.stderr
    result = np.asarray(Image.open(tmp_path / "out.png"))
    assert result.shape == (240, 320, 4)
    assert result[120, 160, 3] > 200
    assert result[5, 5, 3] < 30
    assert len(list((tmp_path / "outputs").glob("outputs_*"))) == 1


def test_an_error_is_one_line(tmp_path: Path, environ: dict[str, str]) -> None:
    (tmp_path / "in.jpg").write_text("no picture")
    for words in (
        ("matting", str(tmp_path / "in.jpg"), str(tmp_path / "out.png")),
        ("matting", str(tmp_path / "in.jpg"), str(tmp_path / "out.xyz")),
        ("matting", str(tmp_path / "missing.jpg"), str(tmp_path / "out.png")),
        ("models", "download", "nonesuch"),
        ("start", "--device", "tpu"),
    ):
        done = run(*words, environ=environ)
        assert done.returncode == 1, words
        assert done.stderr.startswith("Error: ")
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "out.png").exists()


def test_models_are_listed(environ: dict[str, str]) -> None:
    listed = run("models", "list", environ=environ).stdout
    assert "u2netp" in listed
    assert "birefnet-lite" in listed
