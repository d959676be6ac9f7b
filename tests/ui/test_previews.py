"""Previews of many visitors at once, and in the right colours."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from pipelines.image.seen import seen_in_srgb
from pipelines.matting.options import MattingOptions
from pipelines.matting.save import Look, cut_out_to_run
from pipelines.studio import Studio
from tests.conftest import draw_disc, encode
from tests.pipelines.image.samples import swap_red_and_green
from ui import previews
from ui.previews import Previews


def test_what_another_request_removes_meanwhile_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given three folders, and one that is listed but no longer there
    monkeypatch.setattr(previews, "KEPT", 2)
    for age, name in enumerate(("oldest", "older", "newest")):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (age, age))
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    # when the oldest are forgotten
    Previews(tmp_path).forget_oldest()
    # then the newest stay
    assert {path.name for path in tmp_path.iterdir() if path.exists()} == {"older", "newest"}


def test_a_background_is_shown_in_its_own_colours(studio: Studio, tmp_path: Path) -> None:
    options = MattingOptions(model="u2netp", refine="off", background="#dc281e")
    photo = studio.open(encode(draw_disc(80, 120), icc_profile=swap_red_and_green()))
    run, made = cut_out_to_run(photo, options, studio.store, studio.history)
    shelf = Previews(tmp_path / "previews")
    shelf.keep(run, made)
    view = shelf.show(run, studio.history, Look.of(options, None, visible_label=False))
    assert view.result is not None
    np.testing.assert_allclose(seen_in_srgb(studio.open(view.result))[2, 2], (220, 40, 30), atol=5)
