"""The automatic choice with the nets that really come with the app, on pictures nobody trained for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from pipelines.matting.cut_out import cut_out
from pipelines.matting.find import NOBODY_NOTE, models_of
from pipelines.matting.options import AUTO, MattingOptions
from pipelines.settings import Settings
from pipelines.studio import Studio, open_studio
from tests.conftest import DATA, draw_disc, encode

RNG = np.random.default_rng(4)
ODD = {
    "white": np.full((300, 400, 3), 255, np.uint8),
    "night": RNG.integers(0, 12, (300, 400, 3)).astype(np.uint8),
    "noise": RNG.integers(0, 255, (300, 400, 3)).astype(np.uint8),
    "tall": np.full((8000, 200, 3), 90, np.uint8),
    "small": draw_disc(24, 24),
    "disc": draw_disc(300, 400),
}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("studio")
    studio = open_studio(
        Settings(outputs=folder / "o", weights=folder / "w", models="none", offline=True, device="cpu")
    )
    for each in models_of(AUTO):
        if not studio.downloads.state(each).usable:
            pytest.skip(f"{each} is not installed")
    yield studio
    studio.close()


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("refine", ["off", "fast"])
def test_odd_pictures_give_a_matte_and_say_that_nobody_was_found(
    real: Studio, name: str, refine: str
) -> None:
    result = cut_out(real.open(encode(ODD[name])), MattingOptions(refine=refine), real.store)
    assert result.alpha.shape == ODD[name].shape[:2]
    assert [net.spec.id for net in result.nets] == ["u2netp"]
    assert NOBODY_NOTE in result.notes


def test_a_disc_on_green_is_still_cut_out(real: Studio) -> None:
    alpha = cut_out(real.open(encode(ODD["disc"])), MattingOptions(), real.store).alpha
    assert alpha[150, 200] > 200
    assert alpha[5, 5] < 30


@pytest.mark.skipif(not DATA.is_dir(), reason="needs photos of people, which are not part of the project")
@pytest.mark.parametrize("shrink", [1, 4])
def test_people_are_found_large_and_small(real: Studio, shrink: int) -> None:
    from pipelines.image import open_image

    for path in sorted((DATA / "portraits").glob("*.jpg"))[:4]:
        rgb = open_image(path, max_pixels=1 << 27).rgb
        canvas = np.full((rgb.shape[0] * shrink, rgb.shape[1] * shrink, 3), (40, 90, 60), np.uint8)
        canvas[-rgb.shape[0] :, : rgb.shape[1]] = rgb
        result = cut_out(real.open(encode(canvas)), MattingOptions(refine="off"), real.store)
        assert result.nets[0].spec.id == "portrait"
        assert len(result.nets) == (1 if shrink == 1 else 2)
        assert NOBODY_NOTE not in result.notes
        middle = result.alpha[-rgb.shape[0] // 2, rgb.shape[1] // 2]
        assert middle > 240


def test_the_portrait_net_is_small() -> None:
    root = Path(__file__).resolve().parents[3]
    assert (root / "weights" / "builtin" / "portrait.onnx").stat().st_size <= 6_000_000
