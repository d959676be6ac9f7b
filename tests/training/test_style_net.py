"""The style net: shapes, blends, a start from a trained one, export at every precision."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from benchmarks.likeness import psnr  # noqa: E402
from training.checkpoints import Average, save  # noqa: E402
from training.export_style import export, load_net  # noqa: E402
from training.style_base import read_exported, start_from  # noqa: E402
from training.style_net import VECTOR, Styled, StyleNet  # noqa: E402
from training.style_pictures import keep_names  # noqa: E402
from weights.errors import ModelDamaged  # noqa: E402
from weights.nets.adain_style import AdainStyle  # noqa: E402
from weights.nets.onnx_session import OnnxSession  # noqa: E402

pytestmark = pytest.mark.usefixtures("one_thread")

CPU = ["CPUExecutionProvider"]
NAMES = ("stripes", "dots", "waves")


@pytest.fixture(scope="module")
def net() -> StyleNet:
    torch.manual_seed(0)
    return StyleNet(len(NAMES)).train(False)


@pytest.fixture(scope="module")
def exported(net: StyleNet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(net, NAMES, tmp_path_factory.mktemp("net") / "style.onnx")


def open_net(path: Path) -> AdainStyle:
    return AdainStyle(path, partial(OnnxSession, path, CPU, threads=1))


def paint(net: StyleNet, rgb: np.ndarray, shares: tuple[float, ...]) -> np.ndarray:
    pixels = torch.from_numpy(rgb.transpose(2, 0, 1)[None] / 255).float()
    with torch.no_grad():
        found = net(pixels, torch.tensor([shares]))[0].numpy().transpose(1, 2, 0)
    return np.rint(found * 255).astype(np.uint8)


def photo(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(height).integers(0, 256, (height, width, 3), np.uint8)


def test_a_painting_has_the_photos_size_and_each_style_its_own_look(net: StyleNet) -> None:
    pixels = torch.rand(1, 3, 48, 32)
    with torch.no_grad():
        painted = net(pixels.expand(3, -1, -1, -1), torch.eye(3))
    assert painted.shape == (3, 3, 48, 32)
    assert painted.min() >= 0 and painted.max() <= 1
    assert (painted[0] - painted[1]).abs().mean() > 0.01


def test_a_style_sets_mean_and_spread_of_every_channel() -> None:
    styled = Styled(4)
    vector = torch.randn(1, VECTOR)
    with torch.no_grad():
        given = styled(torch.rand(1, 4, 16, 16) * 7 + 3, vector)
        spread, mean = styled.ask(vector)[0].chunk(2)
    assert torch.allclose(given.mean(dim=(2, 3))[0], mean, atol=1e-4)
    assert torch.allclose(given.std(dim=(2, 3), unbiased=False)[0], (1 + spread).abs(), atol=1e-2)


def test_a_blend_of_styles_is_the_style_of_blended_vectors(net: StyleNet) -> None:
    pixels = torch.rand(1, 3, 32, 32)
    with torch.no_grad():
        blended = net(pixels, torch.tensor([[0.25, 0.75, 0.0]]))
        vector = (0.25 * net.vectors[0] + 0.75 * net.vectors[1])[None]
        assert torch.allclose(blended, net.paint(pixels, vector), atol=1e-5)


@pytest.mark.parametrize(("height", "width"), [(16, 16), (48, 80), (33, 50)])
def test_the_exported_file_paints_as_the_net_at_any_size(
    net: StyleNet, exported: Path, height: int, width: int
) -> None:
    rgb = photo(height, width)
    below, right = -height % 16, -width % 16
    padded = np.pad(rgb, ((0, below), (0, right), (0, 0)), mode="symmetric")
    wanted = paint(net, padded, (0.5, 0.5, 0.0))[:height, :width]
    found = open_net(exported).fix({0: 0.5, 1: 0.5}).draw(rgb)
    assert found.shape == rgb.shape and found.dtype == np.uint8
    assert psnr(found, wanted) > 38


@pytest.mark.parametrize(("precision", "least"), [("fp16", 38), ("int8", 18)])
def test_other_precisions_paint_much_the_same(
    net: StyleNet, exported: Path, tmp_path: Path, precision: str, least: float
) -> None:
    torch.manual_seed(0)
    own = StyleNet(len(NAMES)).train(False)
    path = export(own, NAMES, tmp_path / "other.onnx", precision, [photo(48, 64)] * 3)
    rgb = photo(48, 64)
    assert psnr(open_net(path).fix({1: 1.0}).draw(rgb), open_net(exported).fix({1: 1.0}).draw(rgb)) > least
    assert list(tmp_path.iterdir()) == [path]


def test_the_file_names_its_styles_and_another_file_is_refused(exported: Path, tmp_path: Path) -> None:
    found = open_net(exported)
    assert found.names == NAMES and found.count == 3
    with pytest.raises(ModelDamaged, match="no net of painting styles"):
        nameless = export(StyleNet(1).train(False), (), tmp_path / "nameless.onnx")
        open_net(nameless)


def test_int8_needs_photos_and_a_precision_must_be_known(net: StyleNet, tmp_path: Path) -> None:
    for precision in ("int8", "fp8"):
        with pytest.raises(ValueError, match=precision):
            export(net, NAMES, tmp_path / "x.onnx", precision)


def test_a_new_net_starts_with_the_eye_and_hand_of_a_trained_one(
    net: StyleNet, exported: Path, tmp_path: Path
) -> None:
    # given a checkpoint and an exported file of the same net
    optimiser = torch.optim.AdamW(net.parameters())
    save(tmp_path / "latest.pt", 5, net, optimiser, Average(net, 0.9))
    # when a net for one painting starts from each
    for base in (tmp_path / "latest.pt", exported):
        fresh = StyleNet(1)
        start_from(fresh, base)
        # then its weights are theirs, its style near the middle of theirs
        assert torch.allclose(fresh.draw.weight, net.draw.weight, atol=1e-2)
        assert (fresh.vectors - net.vectors.mean(dim=0)).abs().mean() < 0.3


def test_a_file_that_lacks_layers_is_no_base(exported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = read_exported(exported)
    del known["draw.weight"]
    monkeypatch.setattr("training.style_base.read_exported", lambda path: known)
    with pytest.raises(RuntimeError, match=r"draw\.weight"):
        start_from(StyleNet(1), exported)


def test_a_checkpoint_is_read_with_the_names_beside_it(net: StyleNet, tmp_path: Path) -> None:
    keep_names(tmp_path, NAMES)
    save(tmp_path / "latest.pt", 5, net, torch.optim.AdamW(net.parameters()), Average(net, 0.9))
    found, names = load_net(tmp_path / "latest.pt")
    assert names == NAMES and torch.equal(found.vectors, net.vectors)
    with pytest.raises(ValueError, match="other styles"):
        keep_names(tmp_path, ("another",))
