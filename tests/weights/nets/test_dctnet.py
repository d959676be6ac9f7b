"""DCT-Net from a frozen graph to a drawing, held against float64 numpy."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest

from tests.conftest import DATA
from tests.weights import dctnet_reference
from tests.weights.graphs import Drawn, draw_dctnet, graph_of, node_of
from weights.catalogue import Catalogue
from weights.errors import ModelDamaged
from weights.loaders import LOADERS, LoadRequest
from weights.nets import dctnet_layers
from weights.nets.dctnet import HEAD, REACH, DctNet, convert_graph, read_mask
from weights.nets.dctnet_layers import LAYERS, read_weights

CPU = ("CPUExecutionProvider",)
GRAPHS = DATA / "weights" / "dctnet-frozen-graph"
NO_GRAPHS = "needs published graphs in shared/data/weights/dctnet-frozen-graph"


def picture(height: int, width: int, seed: int = 3) -> np.ndarray:
    """Soft colours with sharp edges and a little noise, RGB uint8."""
    random = np.random.default_rng(seed)
    small = random.integers(0, 256, (max(2, height // 8), max(2, width // 8), 3), np.uint8)
    rgb = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC).reshape(height, width, 3)
    rgb[height // 3 : height // 2] = 255 - rgb[height // 3 : height // 2]
    noise = random.normal(0, 4, rgb.shape)
    return np.clip(rgb + noise, 0, 255).astype(np.uint8)


def pairs_of(drawn: Drawn) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(step.kernel, np.asarray(step.bias)) for step in drawn.steps]


def load(*files: Path) -> DctNet:
    return LOADERS["dct-net"](LoadRequest(Catalogue()["cartoon-3d"], files, CPU, files[0].parent))


def save(folder: Path, drawn: Drawn, head: Drawn) -> tuple[Path, Path]:
    files = folder / "cartoon_bg.pb", folder / "cartoon_h.pb"
    for path, net in zip(files, (drawn, head), strict=True):
        path.write_bytes(net.write())
    return files


@pytest.fixture(scope="module")
def nets() -> tuple[Drawn, Drawn]:
    return draw_dctnet(1), draw_dctnet(2)


@pytest.fixture(scope="module")
def net(nets: tuple[Drawn, Drawn], tmp_path_factory: pytest.TempPathFactory) -> DctNet:
    return load(*save(tmp_path_factory.mktemp("style"), *nets))


def differ(drawing: np.ndarray, truth: np.ndarray) -> int:
    assert drawing.dtype == truth.dtype == np.uint8
    return int(np.abs(drawing.astype(int) - truth).max())


@pytest.mark.parametrize(("height", "width"), [(4, 4), (48, 64), (36, 44), (60, 20)])
def test_both_nets_draw_what_float64_draws(
    net: DctNet, nets: tuple[Drawn, Drawn], height: int, width: int
) -> None:
    rgb = picture(height, width)
    background, head = (dctnet_reference.draw(rgb, pairs_of(each)) for each in nets)
    # neither black, white nor the same: else this would prove little
    assert background.std() > 5 and np.mean((background > 2) & (background < 253)) > 0.7
    assert differ(background, head) > 20
    assert differ(net.draw_background(rgb), background) <= 1
    assert differ(net.draw_head(rgb), head) <= 1


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 9), (5, 3), (33, 50), (39, 64)])
def test_any_other_size_is_continued_by_its_edge_and_cut_again(
    net: DctNet, nets: tuple[Drawn, Drawn], height: int, width: int
) -> None:
    rgb = picture(height, width)
    padded = cv2.copyMakeBorder(rgb, 0, -height % 4, 0, -width % 4, cv2.BORDER_REPLICATE)
    truth = dctnet_reference.draw(padded, pairs_of(nets[0]))[:height, :width]
    assert differ(net.draw_background(rgb), truth) <= 1


def test_a_tile_is_drawn_like_the_whole_where_its_own_border_does_not_reach(net: DctNet) -> None:
    rgb, cut = picture(200, 24), 72
    whole = net.draw_background(rgb)
    above, below = net.draw_background(rgb[: cut + REACH]), net.draw_background(rgb[cut - REACH :])
    assert differ(above[:cut], whole[:cut]) <= 1
    assert differ(below[REACH:], whole[cut:]) <= 1
    # close to its border a tile is another picture
    assert differ(below[:8], whole[cut - REACH :][:8]) > 3


def test_a_turned_view_of_an_array_is_drawn_like_its_copy(net: DctNet) -> None:
    view = picture(40, 24).transpose(1, 0, 2)[::-1]
    before = view.copy()
    assert np.array_equal(net.draw_head(view), net.draw_head(before))
    assert np.array_equal(view, before)


def test_the_graph_keeps_to_onnx_rules(nets: tuple[Drawn, Drawn], tmp_path: Path) -> None:
    path, _ = save(tmp_path, *nets)
    onnx.checker.check_model(onnx.load_from_string(convert_graph(path)), full_check=True)


def test_the_layers_have_as_many_parameters_as_the_published_net() -> None:
    assert len(LAYERS) == 18
    assert sum(each.size**2 * each.channels * each.filters + each.filters for each in LAYERS) == 1_467_075


def test_weights_are_found_whatever_the_nodes_are_called(nets: tuple[Drawn, Drawn]) -> None:
    plain = Drawn([step for step in nets[0].steps])
    for place in range(18):
        plain = plain.change(place, name=f"Conv_{place}")
    found = read_weights("net.pb", plain.write())
    for weights, step in zip(found, nets[0].steps, strict=True):
        assert np.array_equal(weights.kernel, step.kernel)
        assert np.array_equal(weights.bias, step.bias)


def drop(place: int) -> Callable[[Drawn], Drawn]:
    return lambda net: Drawn(net.steps[:place] + net.steps[place + 1 :])


def change(place: int, **changes: object) -> Callable[[Drawn], Drawn]:
    return lambda net: net.change(place, **changes)


def spoil(net: Drawn) -> Drawn:
    kernel = net.steps[4].kernel.copy()
    kernel[1, 1, 0, 0] = np.nan
    return net.change(4, kernel=kernel)


DIFFERENCES: list[tuple[Callable[[Drawn], Drawn], str]] = [
    (drop(17), "convolution 18 of 18 (7x7, 32 to 3 channels, stride 1, SAME) is missing"),
    (
        drop(6),
        "convolution 13 of 18 is 3x3, 128 to 64 channels, stride 1, SAME"
        " instead of 3x3, 128 to 128 channels, stride 1, SAME",
    ),
    (change(1, stride=1), "convolution 2 of 18 is 3x3, 32 to 32 channels, stride 1, SAME instead of"),
    (change(3, padding="VALID"), "convolution 4 of 18 is 3x3, 64 to 64 channels, stride 2, VALID instead of"),
    (change(7, bias=None), "convolution 8 of 18 is 3x3, 128 to 128 channels, stride 1, SAME, without biases"),
    (change(0, kernel=np.zeros((5, 5, 3, 32), np.float32)), "convolution 1 of 18 is 5x5, 3 to 32 channels"),
    (lambda net: Drawn([*net.steps, *net.change(17, name="more").steps[17:]]), "it has 19 convolutions"),
    (change(9, slope=0.1), "generator/block_2/conv1/LeakyRelu works in another way"),
    (lambda net: Drawn(net.steps, legacy=False), "generator/Conv_6/up works in another way"),
    (spoil, "convolution 5 holds values that are not numbers"),
]


@pytest.mark.parametrize(("alter", "words"), DIFFERENCES, ids=[words[:30] for _, words in DIFFERENCES])
def test_another_net_is_refused_by_its_first_difference(
    nets: tuple[Drawn, Drawn], alter: Callable[[Drawn], Drawn], words: str
) -> None:
    with pytest.raises(ModelDamaged, match=re.escape(f"net.pb is not a DCT-Net graph: {words}")) as caught:
        read_weights("net.pb", alter(nets[0]).write())
    assert "download it again" in caught.value.hint


def test_more_convolutions_than_the_net_has_are_not_read(
    nets: tuple[Drawn, Drawn], monkeypatch: pytest.MonkeyPatch
) -> None:
    more = Drawn([*nets[0].steps, *nets[0].change(17, name="more").steps[17:]])
    monkeypatch.setattr(dctnet_layers, "_read_convolution", lambda *_: pytest.fail("it was read"))
    with pytest.raises(ModelDamaged, match="it has 19 convolutions instead of 18"):
        read_weights("net.pb", more.write())


BROKEN: list[tuple[bytes, str]] = [
    (b"", "it holds no operations"),
    (b"<html>not found</html>", "unknown kind|cut off"),
    (onnx.helper.make_model(onnx.GraphProto()).SerializeToString(), "."),
    (graph_of([node_of("input_image", "Placeholder")]), "it has no output_image"),
    (draw_dctnet().write()[:-500], "cut off"),
    (graph_of([node_of("output_image", "Conv2D", ["output_image", "output_image"])]), "circle"),
]


@pytest.mark.parametrize(("data", "why"), BROKEN, ids=["empty", "web page", "ONNX", "bare", "cut", "circle"])
def test_a_broken_file_is_named(data: bytes, why: str) -> None:
    with pytest.raises(ModelDamaged, match=rf"net\.pb holds no graph of DCT-Net: .*({why})"):
        read_weights("net.pb", data)


def test_a_flipped_byte_never_ends_in_another_error(nets: tuple[Drawn, Drawn]) -> None:
    # only the small parts between the weights: a flipped bit in a weight is what the sha256 is for
    data = bytearray(nets[0].write())
    for at in (*range(60), *range(len(data) - 260, len(data))):
        data[at] ^= 0x15
        try:
            read_weights("net.pb", bytes(data))
        except ModelDamaged as error:
            assert "net.pb" in error.message
        data[at] ^= 0x15


def test_a_model_without_a_mask_has_none(net: DctNet) -> None:
    assert net.mask is None


@pytest.mark.parametrize("side", [HEAD, 301])
def test_the_mask_that_came_along_is_read(nets: tuple[Drawn, Drawn], tmp_path: Path, side: int) -> None:
    grey = np.tile(np.linspace(0, 255, side).astype(np.uint8), (side, 1))
    mask_file = tmp_path / "alpha.jpg"
    cv2.imwrite(str(mask_file), grey)
    mask = load(*save(tmp_path, *nets), mask_file).mask
    assert mask is not None and mask.dtype == np.float32
    assert np.abs(mask - np.linspace(0, 1, HEAD)).max() < 0.02


@pytest.mark.parametrize("contents", [b"", b"no picture"])
def test_a_mask_that_is_no_picture_is_refused(tmp_path: Path, contents: bytes) -> None:
    (tmp_path / "alpha.jpg").write_bytes(contents)
    with pytest.raises(ModelDamaged, match=r"alpha\.jpg is not a picture"):
        read_mask(tmp_path / "alpha.jpg")


def png_of(side: int, rows: int) -> bytes:
    """A grey PNG whose header claims side x side, with `rows` rows of black in it."""
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes(side + 1) * rows)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize("side", [5000, 60_000])
def test_a_mask_that_claims_to_be_large_is_not_opened(
    tmp_path: Path, side: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "alpha.jpg").write_bytes(png_of(side, 1))
    monkeypatch.setattr(cv2, "imdecode", lambda *_: pytest.fail("it was opened"))
    with pytest.raises(ModelDamaged, match=r"alpha\.jpg is not a picture"):
        read_mask(tmp_path / "alpha.jpg")


def test_a_mask_that_opencv_refuses_is_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise cv2.error("too large")

    (tmp_path / "alpha.jpg").write_bytes(png_of(HEAD, HEAD))
    monkeypatch.setattr(cv2, "imdecode", refuse)
    with pytest.raises(ModelDamaged, match=r"alpha\.jpg is not a picture"):
        read_mask(tmp_path / "alpha.jpg")


@pytest.mark.skipif(not GRAPHS.is_dir(), reason=NO_GRAPHS)
@pytest.mark.parametrize("name", ["cartoon_bg.pb", "cartoon_h.pb"])
def test_a_published_graph_draws_what_float64_draws(name: str) -> None:
    path = next(GRAPHS.glob(f"*/{name}"))
    weights = read_weights(name, path.read_bytes())
    net, rgb = load(path, path), picture(64, 48)
    truth = dctnet_reference.draw(rgb, [(each.kernel, each.bias) for each in weights])
    assert differ(net.draw_background(rgb), truth) <= 1
