"""The quick form of a painter's net beside the plain one, with random weights."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from tests.weights.nets.painters import draw_layers, open_graph
from weights.nets.painter_graph import BLOCK, EPSILON, Layer, in_blocks, write_painter
from weights.nets.painting import Painting


def convolve(x: np.ndarray, kernel: np.ndarray, stride: int = 1) -> np.ndarray:
    """[in, h, w] -> [out, h', w'], nothing padded."""
    size = kernel.shape[-1]
    windows = sliding_window_view(x, (size, size), axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("ihwyx,oiyx->ohw", windows, kernel, optimize=True)


def apply(x: np.ndarray, layer: Layer, stride: int = 1) -> np.ndarray:
    pad = layer.kernel.shape[-1] // 2
    y = convolve(np.pad(x, ((0, 0), (pad, pad), (pad, pad)), mode="reflect"), layer.kernel, stride)
    if layer.gain is None:
        return y + layer.shift[:, None, None]
    mean, variance = y.mean(axis=(1, 2), keepdims=True), y.var(axis=(1, 2), keepdims=True)
    return (y - mean) / np.sqrt(variance + EPSILON) * layer.gain[:, None, None] + layer.shift[:, None, None]


def paint_plainly(rgb: np.ndarray, parts: tuple[list[Layer], list[Layer], list[Layer]]) -> np.ndarray:
    """As published: every convolution padded by reflection, pictures enlarged before they are convolved."""
    contract, residual, expand = parts
    x = rgb.transpose(2, 0, 1) / 255
    for layer, stride in zip(contract, (1, 2, 2), strict=True):
        x = np.maximum(apply(x, layer, stride), 0)
    for first, second in zip(residual[::2], residual[1::2], strict=True):
        x = x + apply(np.maximum(apply(x, first), 0), second)
    for layer in expand[:2]:
        x = np.maximum(apply(x.repeat(2, axis=1).repeat(2, axis=2), layer), 0)
    y = apply(x, expand[2])
    return (255 / (1 + np.exp(-y))).transpose(1, 2, 0)


@pytest.mark.parametrize("normalised", [True, False])
def test_it_paints_what_the_plain_form_paints(normalised: bool) -> None:
    """Away from the border, where pixels are padded in another way."""
    parts = draw_layers(normalised)
    rgb = cv2.GaussianBlur(np.random.default_rng(3).integers(0, 256, (160, 200, 3), np.uint8), (0, 0), 3)
    drawn = Painting(open_graph(write_painter(*parts))).draw(rgb)
    plain = paint_plainly(rgb, parts)
    inner = (slice(40, -40), slice(40, -40))
    assert plain.std() > 10, "the net says something"
    assert np.abs(drawn - plain)[inner].mean() < 3
    assert np.corrcoef(drawn[inner].ravel(), plain[inner].ravel())[0, 1] > 0.99


@pytest.mark.parametrize(("reads", "writes"), [(1, 2), (2, 4), (4, 4)])
def test_a_convolution_of_blocks_is_the_same_convolution(reads: int, writes: int) -> None:
    random = np.random.default_rng(5)
    size = 9 if reads == writes else 3
    layer = Layer(random.normal(size=(2, 3, size, size)).astype(np.float32), np.zeros(2, np.float32))
    fine = random.normal(size=(3, 5 * reads, 6 * reads))
    blocks = fine.reshape(3, 5, reads, 6, reads).transpose(0, 2, 4, 1, 3).reshape(-1, 5, 6)
    by_blocks = convolve(blocks, in_blocks(layer, reads, writes).kernel)
    whole = (
        by_blocks.reshape(2, writes, writes, 3, 4).transpose(0, 3, 1, 4, 2).reshape(2, 3 * writes, 4 * writes)
    )
    enlarged = fine.repeat(writes // reads, axis=1).repeat(writes // reads, axis=2)
    edge = writes - size // 2
    np.testing.assert_allclose(
        whole, convolve(enlarged, layer.kernel)[:, edge : -edge or None, edge : -edge or None], atol=1e-4
    )


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (33, 47), (48, 64)])
def test_a_picture_of_any_size_comes_back_in_its_size(shape: tuple[int, int]) -> None:
    drawn = Painting(open_graph(write_painter(*draw_layers()))).draw(np.full((*shape, 3), 90, np.uint8))
    assert drawn.shape == (*shape, 3)
    assert drawn.dtype == np.uint8
    assert Painting.multiple == BLOCK
