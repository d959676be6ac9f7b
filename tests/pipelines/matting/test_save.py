"""Cut-outs on backgrounds look as asked for, whatever profile or hidden colours the files bring."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipelines.image.seen import seen_in_srgb
from pipelines.matting.options import MattingOptions
from pipelines.matting.save import cut_out_to_run, restyle_run
from pipelines.studio import Studio
from tests.conftest import draw_disc, encode
from tests.pipelines.image.samples import swap_red_and_green

OFF = MattingOptions(model="u2netp", refine="off")
RED = (220, 40, 30)
PLAIN = encode(np.full((20, 20, 3), RED, np.uint8))
WIDE = encode(np.full((20, 20, 3), (40, 220, 30), np.uint8), icc_profile=swap_red_and_green())
"""RED, written in another profile."""
HIDDEN = encode(np.full((20, 20, 4), (0, 255, 0, 0), np.uint8))


def shown(studio: Studio, run: str, name: str) -> list[int]:
    """The top left pixel of a result, as a viewer that knows profiles shows it."""
    return seen_in_srgb(studio.open(studio.history.file(run, name)))[1, 1].tolist()  # type: ignore[no-any-return]


@pytest.mark.parametrize("photo", [{}, {"icc_profile": swap_red_and_green()}], ids=["srgb", "other"])
@pytest.mark.parametrize(
    ("background", "data", "wanted"),
    [("#dc281e", b"", RED), ("picture", PLAIN, RED), ("picture", WIDE, RED), ("picture", HIDDEN, (255,) * 3)],
    ids=["colour", "picture", "picture of another profile", "hidden"],
)
def test_a_background_shows_its_own_colours(
    studio: Studio, photo: dict[str, bytes], background: str, data: bytes, wanted: tuple[int, ...]
) -> None:
    options = replace(OFF, background=background)
    behind = studio.open(data) if data else None
    source = studio.open(encode(draw_disc(80, 120), **photo))
    run, _ = cut_out_to_run(source, options, studio.store, studio.history, background=behind)
    np.testing.assert_allclose(shown(studio, run.id, run.results[0]), wanted, atol=3)
    _, again = restyle_run(run.id, options, studio.history)
    np.testing.assert_allclose(shown(studio, run.id, again), wanted, atol=3)


def test_a_thumbnail_without_a_profile_shows_the_right_colours(studio: Studio) -> None:
    data = encode(draw_disc(80, 120), icc_profile=swap_red_and_green())
    run, _ = cut_out_to_run(studio.open(data), OFF, studio.store, studio.history)
    small = studio.open(studio.history.file(run.id, run.thumbnail))
    assert small.icc is None
    np.testing.assert_allclose(small.rgb[40, 60].astype(int), (30, 200, 30), atol=12)  # it is lossy


def test_blurring_brings_nothing_hidden_to_light(studio: Studio) -> None:
    rgba = np.dstack([draw_disc(80, 120), np.zeros((80, 120), np.uint8)])
    rgba[20:60, 40:80, 3] = 255
    source = studio.open(encode(rgba))
    run, _ = cut_out_to_run(source, replace(OFF, background="blur"), studio.store, studio.history)
    assert min(shown(studio, run.id, run.results[0])) > 250
