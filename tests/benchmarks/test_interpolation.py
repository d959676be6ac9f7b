"""The interpolation benchmark and its figures."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks import interpolation
from benchmarks.triplets import read_sets, synthesise


def test_equal_pictures_are_alike_and_noise_is_told() -> None:
    truth = synthesise(np.random.default_rng(0), "a").middle
    noisy = np.clip(truth + np.random.default_rng(1).normal(0, 10, truth.shape), 0, 255).astype(np.uint8)
    assert interpolation.measure_ssim(truth, truth) == pytest.approx(1)
    assert interpolation.measure_psnr(truth, truth) == 100
    assert interpolation.measure_psnr(noisy, truth) == pytest.approx(20 * np.log10(255 / 10), abs=0.3)
    assert 0.2 < interpolation.measure_ssim(noisy, truth) < 0.95


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
