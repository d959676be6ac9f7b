"""Likeness of pictures, against what the formulas say."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.likeness import psnr, ssim


def test_psnr_is_the_error_in_decibels() -> None:
    grey = np.full((32, 40, 3), 100, np.uint8)
    assert psnr(grey, grey) == 100
    assert psnr(grey + np.uint8(10), grey) == pytest.approx(28.13, abs=0.01)


def test_ssim_is_that_of_scikit_image() -> None:
    metrics = pytest.importorskip("skimage.metrics", reason="scikit-image is not installed")
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 256, (60, 80, 3), np.uint8)
    found = np.clip(truth + rng.normal(0, 25, truth.shape), 0, 255).astype(np.uint8)
    wanted = metrics.structural_similarity(
        truth, found, channel_axis=2, gaussian_weights=True, sigma=1.5, use_sample_covariance=False
    )
    assert ssim(found, truth) == pytest.approx(wanted, abs=0.01)
    assert ssim(truth, truth) == pytest.approx(1)
    assert ssim(255 - truth, truth) < 0
