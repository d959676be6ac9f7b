"""The corridor of one picture, with models whose answer is known."""

from __future__ import annotations

import io
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipelines.credits import Net
from pipelines.device import Device
from pipelines.image.seen import seen
from pipelines.labels import read_label
from pipelines.matting.cut_out import NOTHING_FOUND_NOTE, cut_out, own_colours
from pipelines.matting.find import ON_CPU_NOTE, Matte
from pipelines.matting.options import REFINES, MattingOptions
from pipelines.matting.save import cut_out_to_run, restyle_run
from pipelines.settings import Settings
from pipelines.studio import Studio, open_studio
from tests.conftest import draw_disc, encode
from tests.fakes import FakeMatte
from weights.catalogue import Catalogue
from weights.errors import OutOfMemory
from weights.spec import Preprocess
from weights.store import ModelStore

OFF = MattingOptions(model="u2netp", refine="off")


def test_nothing_is_left_under_alpha_zero(studio: Studio, photo: bytes) -> None:
    result = cut_out(studio.open(photo), OFF, studio.store)
    assert (result.rgb[result.alpha == 0] == 0).all()
    assert result.alpha[40, 60] == 255
    assert {"model", "refine", "colours"} <= result.timings.keys()


def test_the_pictures_own_alpha_is_respected(studio: Studio) -> None:
    rgba = np.dstack([draw_disc(80, 120), np.full((80, 120), 255, np.uint8)])
    rgba[:, :60, 3] = 100
    result = cut_out(studio.open(encode(rgba)), OFF, studio.store)
    assert result.alpha[40, 50] == 100
    assert result.alpha[40, 70] == 255


def test_colours_that_came_with_an_alpha_stay(studio: Studio) -> None:
    down, across = np.mgrid[:80, :120]
    soft = np.clip((30 - np.hypot(down - 40, across - 60)) / 8, 0, 1) * 255
    rgba = np.dstack([np.where(soft[..., None] > 0, (120, 90, 60), 0), soft]).astype(np.uint8)
    result = cut_out(studio.open(encode(rgba)), OFF, studio.store)
    half = (result.alpha > 40) & (result.alpha < 215)
    assert half.any()
    np.testing.assert_array_equal(result.rgb[half], rgba[half][:, :3])


def test_an_opaque_edge_is_cleaned_although_a_corner_is_transparent(studio: Studio) -> None:
    alpha = np.tile(np.clip(np.linspace(-5, 6, 120), 0, 1), (80, 1)).astype(np.float32)
    rgb = np.rint(alpha[..., None] * (200, 30, 30) + (1 - alpha[..., None]) * (30, 160, 60)).astype(np.uint8)
    own = np.full((80, 120), 255, np.uint8)
    own[:10, :10] = 0
    picture = studio.open(encode(np.dstack([rgb, own])))
    found = own_colours(picture, seen(picture), alpha, OFF)
    edge = (alpha[60] > 0.4) & (alpha[60] < 0.6)
    assert edge.any()
    assert found[60, edge, 1].max() < rgb[60, edge, 1].min() - 20


def test_an_empty_result_is_said(studio: Studio) -> None:
    result = cut_out(studio.open(encode(np.full((40, 40, 3), (0, 90, 0), np.uint8))), OFF, studio.store)
    assert not result.alpha.any()
    assert any("No subject" in note for note in result.notes)


@pytest.mark.parametrize("refine", REFINES)
def test_a_net_that_sees_nobody_is_no_trouble_in_any_mode(settings: Settings, refine: str) -> None:
    """The portrait net says 1 or 2 percent everywhere then."""
    options = MattingOptions(model="portrait", refine=refine)
    with closing(open_studio(settings)) as real:
        result = cut_out(real.open(encode(np.full((200, 240, 3), 120, np.uint8))), options, real.store)
    assert 0 < result.alpha.max() < 128
    assert NOTHING_FOUND_NOTE in result.notes


def test_a_gpu_without_memory_hands_over_to_the_cpu(tmp_path: Path, studio: Studio, photo: bytes) -> None:
    class Full:
        def alpha(self, rgb: np.ndarray) -> np.ndarray:
            raise OutOfMemory("full")

    def load(request: object) -> object:
        return Full() if request.providers[0].startswith("CUDA") else FakeMatte()  # type: ignore[attr-defined]

    store = ModelStore(Catalogue(), tmp_path, Device("cuda", "test"), loaders={"onnx-matte": load})
    result = cut_out(studio.open(photo), OFF, store)
    assert ON_CPU_NOTE in result.notes
    assert result.device == "cpu"
    assert store.loaded() == ["u2netp"]


def test_a_cpu_without_memory_is_an_error(tmp_path: Path, studio: Studio, photo: bytes) -> None:
    def load(request: object) -> object:
        raise OutOfMemory("full")

    store = ModelStore(Catalogue(), tmp_path, Device("cpu", "test"), loaders={"onnx-matte": load})
    with pytest.raises(OutOfMemory):
        cut_out(studio.open(photo), OFF, store)


@pytest.mark.parametrize(
    ("how", "side"),
    [
        (Preprocess(320), 320),
        (Preprocess(512, "short-side", multiple=32), 1024),
        (Preprocess(512, "area", multiple=32), 736),
        (Preprocess(0, "native"), 0),
    ],
)
def test_refinement_knows_how_coarse_the_map_was(how: Preprocess, side: int) -> None:
    spec = replace(Catalogue()["u2netp"], preprocess=how)
    assert Matte(np.zeros((600, 1200), np.float32), (Net(spec, "", "cpu"),), "cpu").map_side == side


def test_a_run_holds_labels_and_resolution(studio: Studio) -> None:
    data = encode(draw_disc(80, 120), "JPEG", dpi=(300, 300))
    run, _ = cut_out_to_run(studio.open(data, "disc.jpg"), OFF, studio.store, studio.history)
    made = studio.history.file(run.id, run.results[0]).read_bytes()
    found = read_label(made)
    assert found["digital_source_type"].endswith("algorithmicallyEnhanced")
    assert found["aigc"]["ProduceID"] == run.id
    assert Image.open(io.BytesIO(made)).info["dpi"] == pytest.approx((300, 300), abs=0.1)


def test_a_run_is_restyled_without_the_model(
    studio: Studio, photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, _ = cut_out_to_run(studio.open(photo), OFF, studio.store, studio.history)
    monkeypatch.setattr(ModelStore, "use", lambda *_, **__: 1 / 0)
    for background in ("#ff0000", "blur"):
        options = MattingOptions(background=background, format="png")
        after, name = restyle_run(run.id, options, studio.history)
        assert name in after.results
        assert Image.open(studio.history.file(run.id, name)).mode == "RGB"
    cropped, name = restyle_run(run.id, MattingOptions(crop=True, margin=0), studio.history)
    assert Image.open(studio.history.file(run.id, name)).size < (120, 80)
    assert cropped.results[0] == run.results[0]


@pytest.mark.parametrize("background", ["transparent", "#ffffff"])
def test_a_visible_label_changes_a_corner(studio: Studio, background: str) -> None:
    data = encode(draw_disc(300, 400))
    options = MattingOptions(refine="off", background=background)
    plain, labelled = (
        cut_out_to_run(studio.open(data), options, studio.store, studio.history, visible_label=shown)[0]
        for shown in (False, True)
    )
    before, after = (
        np.asarray(Image.open(studio.history.file(run.id, run.results[0])).convert("RGBA")).astype(int)
        for run in (plain, labelled)
    )
    changed = np.abs(before - after).max(axis=2) > 30
    assert 0.001 < changed.mean() < 0.2
    assert not changed[120:180, 160:240].any()
