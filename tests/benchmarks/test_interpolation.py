"""The interpolation benchmark and its figures."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks import interpolation
from benchmarks.triplets import read_sets, synthesise


def test_it_takes_any_folder_of_sets(tmp_path: Path) -> None:
    triplet = synthesise(np.random.default_rng(0), "one")
    folder = tmp_path / "mine" / "one"
    folder.mkdir(parents=True)
    for name, rgb in (("im0", triplet.first), ("im1_gt", triplet.middle), ("im2", triplet.last)):
        cv2.imwrite(str(folder / f"{name}.png"), rgb[..., ::-1])
    report = interpolation.run(tmp_path, quick=True)
    figures = report.figures["sets"]["mine"]
    assert figures["builtin"]["psnr"] > figures["blend"]["psnr"]
    assert figures["builtin"]["ssim"] > figures["blend"]["ssim"]
    assert "rife" in report.figures["sets"]["mine"] or "rife" in report.figures["left_out"]
    assert report.figures["ms_640x480"]["builtin"] > 0


def test_a_folder_without_triplets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_sets(tmp_path)
