"""The cartoon net: shapes, mixes, what it can learn, export, figures, card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from benchmarks.likeness import psnr  # noqa: E402
from training.cartoon_net import CartoonNet, StyleMix  # noqa: E402
from training.cartoon_targets import TARGETS  # noqa: E402
from training.distill_cartoon import make_optimiser, take_step  # noqa: E402
from training.evaluate_cartoon import Drawer  # noqa: E402
from training.export_cartoon import export  # noqa: E402
from training.onnx_export import quantise  # noqa: E402
from training.picture_losses import cut_softly, picture_losses  # noqa: E402
from training.still_flicker import measure_flicker  # noqa: E402

pytestmark = pytest.mark.usefixtures("one_thread")


def one_style(*targets: str) -> Any:
    return torch.eye(len(TARGETS))[[TARGETS.index(target) for target in targets]]


def lively_net() -> CartoonNet:
    """A net whose styles differ, as after training."""
    torch.manual_seed(0)
    net = CartoonNet().train(False)
    for mix in net.modules():
        if isinstance(mix, StyleMix):
            torch.nn.init.normal_(mix.own, std=0.02)
            torch.nn.init.normal_(mix.bias, std=0.02)
    return net


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(lively_net(), tmp_path_factory.mktemp("net") / "cartoon.onnx")


def test_an_untrained_net_leaves_the_photo_as_it_is() -> None:
    photo = torch.rand(2, 3, 24, 40)
    with torch.no_grad():
        drawing = CartoonNet()(photo, one_style("3d-background", "sketch-head"))
    assert torch.allclose(drawing, photo)


def test_each_picture_of_a_batch_is_drawn_in_its_own_style() -> None:
    net, photo = lively_net(), torch.rand(1, 3, 16, 24)
    with torch.no_grad():
        both = net(photo.expand(2, -1, -1, -1), one_style("3d-background", "sketch-head"))
        alone = net(photo, one_style("sketch-head"))
    assert torch.allclose(both[1:], alone, atol=1e-5)
    assert (both[0] - both[1]).abs().max() > 1e-3


def test_a_mix_of_styles_mixes_the_matrices() -> None:
    mix, x = StyleMix(3, 2), torch.rand(1, 3, 4, 4)
    torch.nn.init.normal_(mix.own)
    styles = one_style("anime-head", "design-head")
    with torch.no_grad():
        ends = mix(x.expand(2, -1, -1, -1), styles)
        middle = mix(x, styles.mean(dim=0, keepdim=True))
    assert torch.allclose(middle[0], ends.mean(dim=0), atol=1e-5)


def test_a_few_steps_learn_to_turn_a_photo_dark_in_one_style_only() -> None:
    torch.manual_seed(1)
    net = CartoonNet().train()
    optimiser = make_optimiser(net)
    photo = torch.rand(2, 3, 32, 32) * 0.5 + 0.5
    styles = one_style("3d-background", "anime-background")
    batch = [photo, styles, torch.stack([photo[0], photo[1] * 0.3])]
    losses = [sum(take_step(net, optimiser, batch, 1.0).values()) for _ in range(25)]
    with torch.no_grad():
        drawn = net(photo, styles)
    assert losses[-1] < losses[0] * 0.7
    assert drawn[0].mean() - drawn[1].mean() > 0.2


def test_losses_are_least_at_the_truth_and_forgive_what_is_cut_off() -> None:
    truth = torch.rand(1, 3, 16, 16).round()
    right, wrong = picture_losses(truth, truth), picture_losses(1 - truth, truth)
    assert sum(right.values()) < 1e-6 and all(wrong[name] > 0.01 for name in wrong)
    beyond = picture_losses(truth * 2 - 0.5, truth)
    assert sum(beyond.values()) < 0.2 * sum(wrong.values())
    drawing = torch.tensor([1.5], requires_grad=True)
    cut_softly(drawing).backward()
    assert drawing.grad is not None and 0 < drawing.grad.item() < 0.1


@pytest.mark.parametrize(("height", "width"), [(8, 8), (64, 40), (72, 120)])
def test_the_exported_file_draws_as_the_net_at_any_size(exported: Path, height: int, width: int) -> None:
    rgb = np.random.default_rng(height).integers(0, 256, (height, width, 3), np.uint8)
    photo = torch.from_numpy(rgb.transpose(2, 0, 1)[None] / 255).float()
    for target in ("artstyle-background", "handdrawn-head"):
        with torch.no_grad():
            wanted = lively_net()(photo, one_style(target))[0].numpy().transpose(1, 2, 0) * 255
        found = Drawer(exported, threads=1).draw(rgb, target)
        assert psnr(found, np.rint(wanted).astype(np.uint8)) > 38
    assert np.abs(wanted - rgb).mean() > 1


def test_the_exported_file_is_small_and_says_what_it_draws(exported: Path) -> None:
    import onnx

    assert exported.stat().st_size < 4_000_000
    known = {item.key: item.value for item in onnx.load(str(exported)).metadata_props}
    assert known["targets"].split(",") == list(TARGETS) and known["multiple"] == "8"
    assert list(exported.parent.iterdir()) == [exported]


def test_rows_are_stored_to_half_a_step() -> None:
    rows = np.random.default_rng(0).normal(0, [[1], [100], [0]], (3, 50)).astype(np.float32)
    steps, scales = quantise(rows)
    assert steps.dtype == np.int8
    assert (np.abs(steps * scales - rows) <= scales / 2 + 1e-5).all()


def test_flicker_is_what_it_says() -> None:
    photo = np.full((32, 32, 3), 100, np.uint8)
    assert measure_flicker(photo, lambda rgb: rgb) == pytest.approx(1)
    assert measure_flicker(photo, lambda rgb: np.full_like(rgb, 128)) == 0
