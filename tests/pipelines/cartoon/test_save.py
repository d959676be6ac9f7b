"""A sheet shows what a viewer sees of the picture, in its colours."""

from __future__ import annotations

import numpy as np

from pipelines.cartoon.options import CartoonOptions
from pipelines.cartoon.save import sheet_to_run
from pipelines.cartoon.sheet import GAP
from pipelines.studio import Studio
from tests.conftest import encode
from tests.pipelines.image.samples import swap_red_and_green


def test_a_sheet_has_the_pictures_profile_and_nothing_that_was_hidden(studio: Studio) -> None:
    rgba = np.full((100, 100, 4), (0, 255, 0, 0), np.uint8)
    rgba[40:60, 40:60] = (200, 90, 10, 255)
    source = studio.open(encode(rgba, icc_profile=swap_red_and_green()))
    run = sheet_to_run(source, CartoonOptions(style="anime"), studio.store, studio.history)
    sheet = studio.open(studio.history.file(run.id, "sheet.png"))
    assert sheet.icc == source.icc
    photo, drawn = (sheet.rgb[GAP : GAP + 100, left : left + 100] for left in (GAP, 2 * GAP + 100))
    assert photo[50, 50].tolist() == [200, 90, 10]
    assert drawn[50, 50].max() < 255
    assert (photo[:35] == 255).all() and (drawn[:35] == 255).all()
