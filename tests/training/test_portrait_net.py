"""The net: shapes, what is trained, export, going on after a stop."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from tests.training.samples import write_sources  # noqa: E402
from training import checkpoints  # noqa: E402
from training.checkpoints import Average  # noqa: E402
from training.encoder import SamePadded  # noqa: E402
from training.evaluate_portrait import open_portrait  # noqa: E402
from training.export_portrait import export  # noqa: E402
from training.plot_log import draw_log  # noqa: E402
from training.portrait_data import PortraitBatches  # noqa: E402
from training.portrait_net import PortraitNet  # noqa: E402
from training.run import learning_share  # noqa: E402
from training.step_loader import load_batches  # noqa: E402
from training.train_portrait import make_optimiser, take_step  # noqa: E402


def batch(side: int = 64) -> list[Any]:
    torch.manual_seed(0)
    alpha = (torch.rand(2, 1, side, side) > 0.5).float()
    return [torch.rand(2, 3, side, side), alpha, alpha]


@pytest.mark.parametrize(("height", "width"), [(32, 32), (64, 96)])
def test_alpha_has_the_photo_s_size_and_lies_between_0_and_1(height: int, width: int) -> None:
    net = PortraitNet().train(False)
    with torch.no_grad():
        fine, coarse = net.both(torch.rand(2, 3, height, width))
    assert fine.shape == (2, 1, height, width) and coarse.shape == (2, 1, height // 4, width // 4)
    assert fine.min() >= 0 and fine.max() <= 1


def test_padding_is_tensorflow_s_less_before_than_after() -> None:
    # given a strided 3x3 convolution that copies its window's first pixel
    layer = SamePadded(1, 1, 3, 2)
    layer.weight.data.zero_()
    layer.weight.data[0, 0, 0, 0] = 1
    x = torch.arange(16.0).reshape(1, 1, 4, 4)
    # then windows start at even pixels: nothing is padded before
    assert layer(x).flatten().tolist() == [0, 2, 8, 10]


def test_the_first_stages_and_all_statistics_of_the_encoder_stay() -> None:
    net = PortraitNet().train()
    before = {name: value.clone() for name, value in net.encoder.state_dict().items()}
    take_step(net, make_optimiser(net), batch(), 1.0)
    changed = {
        name for name, value in net.encoder.state_dict().items() if not torch.equal(value, before[name])
    }
    assert "_conv_stem.weight" not in changed and "_blocks.2._project_conv.weight" not in changed
    assert "_blocks.5._project_conv.weight" in changed
    assert not any("running" in name for name in changed)


def test_going_on_after_a_stop_ends_in_the_same_state(tmp_path: Path) -> None:
    def begin() -> tuple[PortraitNet, Any, Average]:
        torch.manual_seed(1)
        net = PortraitNet().train()
        return net, make_optimiser(net), Average(net, 0.9)

    # given three steps at a stretch
    net, optimiser, average = begin()
    for step in range(3):
        if step == 2:
            checkpoints.save(tmp_path / "latest.pt", step, net, optimiser, average)
        take_step(net, optimiser, batch(), 1.0)
        average.add(net)
    # when the last is taken by a run that went on from the checkpoint
    other, resumed, kept = begin()
    with torch.no_grad():
        other.coarse.weight.zero_()
    assert checkpoints.resume(tmp_path / "latest.pt", other, resumed, kept) == 2
    take_step(other, resumed, batch(), 1.0)
    kept.add(other)
    # then nothing differs
    for name, value in net.state_dict().items():
        assert torch.equal(value, other.state_dict()[name])
        assert torch.equal(average.state[name], kept.state[name])


def test_the_average_follows_the_net_slowly() -> None:
    net = torch.nn.Linear(1, 1, bias=False)
    net.weight.data.fill_(0)
    average = Average(net, 0.5)
    average.steps = 1000
    net.weight.data.fill_(1)
    average.add(net)
    assert average.state["weight"].item() == pytest.approx(0.5)


def test_learning_rises_stays_and_falls() -> None:
    assert learning_share(0, 1000, 0) < 0.05
    assert learning_share(500, 1000, 100) == 1
    assert learning_share(950, 1000, 100) == pytest.approx(0.5)


def test_batches_are_the_same_each_time_and_start_where_asked(tmp_path: Path) -> None:
    batches = PortraitBatches(write_sources(tmp_path), seed=3)
    whole = [rgb for rgb, _, _ in load_batches(batches, 0, 3, 0)]
    (rest,) = [rgb for rgb, _, _ in load_batches(batches, 2, 3, 0)]
    assert torch.equal(rest, whole[2])


def test_the_exported_file_answers_as_the_net_at_any_size(tmp_path: Path) -> None:
    torch.manual_seed(2)
    net = PortraitNet().train(False)
    torch.nn.init.normal_(net.detail.draw.weight, std=9)
    torch.nn.init.normal_(net.coarse.weight, std=9)
    rgb = np.random.default_rng(0).integers(0, 256, (96, 160, 3), np.uint8)
    wanted = {}
    for side in (96, 160):
        resized = open_square(rgb, side)
        with torch.no_grad():
            wanted[side] = net(torch.from_numpy(resized))[0, 0].numpy()
    path = export(net, tmp_path / "portrait.onnx")
    assert path.stat().st_size < 4_000_000
    for side, truth in wanted.items():
        found = open_portrait(path, side)._session.run({"rgb": open_square(rgb, side)})[0][0, 0]
        assert np.abs(found - truth).max() < 0.02
        assert truth.std() > 0.02


def open_square(rgb: np.ndarray, side: int) -> np.ndarray:
    import cv2

    resized = cv2.resize(rgb, (side, side)).astype(np.float32) / 255
    return np.ascontiguousarray(resized.transpose(2, 0, 1)[None])


def test_a_log_becomes_a_picture_with_a_line(tmp_path: Path) -> None:
    rows = [{"step": step, "total": 1 / step, "near": 0.3 / step, "seconds": 1.0} for step in range(1, 9)]
    (tmp_path / "log.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    picture = draw_log(tmp_path / "log.jsonl")
    assert picture.ndim == 3 and len(np.unique(picture.reshape(-1, 3), axis=0)) > 3
