"""Pictures that are kept are kept as they look."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pipelines.studio import Studio
from pipelines.webcam.kept_pictures import KeptPictures
from tests.conftest import encode
from tests.pipelines.image.samples import swap_red_and_green


def test_a_picture_of_another_profile_is_kept_in_srgb(studio: Studio, tmp_path: Path) -> None:
    data = encode(np.full((40, 60, 3), (40, 220, 30), np.uint8), icc_profile=swap_red_and_green())
    kept = KeptPictures(tmp_path, 20).shrink(studio.open(data))
    assert kept.shape == (13, 20, 3)
    np.testing.assert_allclose(kept[6, 9], (220, 40, 30), atol=3)
