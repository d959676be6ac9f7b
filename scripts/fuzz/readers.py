"""Targets that read files: each gets damaged ones, and may only raise what it promises."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st
from PIL import Image

from pipelines.batch.limits import Budget, Limits
from pipelines.batch.zip_reading import Place, read_zip
from pipelines.errors import InkframeError
from pipelines.image.picture import open_image
from scripts.fuzz.damage import damaged
from scripts.fuzz.hunt import Case, Target
from tests.pipelines.batch.zips import JPEG, PNG, make_link, make_raw_zip, make_streamed_zip, make_zip
from tests.pipelines.image.samples import encode_cv, make_pixels, make_png_header, make_profile, save
from tests.pipelines.video.films import shade, write_film, write_gif
from tests.weights.graphs import graph_of, node_of, tensor_of

PIXELS = 1_000_000
Prepared = tuple[st.SearchStrategy[Any], Case]
FILES = [("a/b.jpg", JPEG), ("c.png", PNG), ("in.zip", make_zip([("x.jpg", JPEG)])), ("d.txt", b"text" * 99)]
LIMITS = Limits(max_files=100, max_unpacked=1_000_000, max_file=100_000)


def prepare_zip(_: Path) -> Prepared:
    kinds = [make_zip(FILES, method) for method in (8, 0, 12, 14)]
    odd = [make_streamed_zip(FILES), make_raw_zip([("中.jpg".encode("gbk"), JPEG), (b"..\\x.png", PNG)])]
    odd += [make_link("l.jpg", "/etc/passwd"), make_zip([("../../up.jpg", JPEG), ("/etc/x.png", PNG)])]
    return damaged([*kinds, *odd]), read_archive


def read_archive(data: bytes) -> None:
    """Every entry stays inside, and no more comes out than the limits say."""
    total = 0
    try:
        for entry in read_zip(lambda: io.BytesIO(data), Place("given.zip"), Budget(LIMITS), None):
            parts = entry.path.split("/")
            check(
                not any(part in ("", ".", "..") or "\0" in part or "\\" in part for part in parts), entry.path
            )
            if not entry.fault:
                total += read_entry(entry)
    except InkframeError as error:
        check(bool(error.message), "an error without words")
    check(total <= LIMITS.max_unpacked, f"{total} bytes came out")


def read_entry(entry: Any) -> int:
    try:
        with entry.open() as stream:
            size = len(stream.read())
    except InkframeError:
        return 0
    check(size == entry.size, "an entry has another size than it says")
    return size


def prepare_image(_: Path) -> Prepared:
    rgb = make_pixels()
    picture, deep = Image.fromarray(rgb), (rgb[..., 0].astype(np.uint16) * 257)
    rgba = Image.fromarray(np.dstack([rgb, rgb[..., :1]]))
    profile = make_profile(b"RGB ", {b"desc": b"desc\0\0\0\0"})
    bases = [save(picture, kind) for kind in ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF")]
    bases += [save(rgba, kind) for kind in ("PNG", "WEBP", "TIFF")]
    bases += [save(picture.convert("CMYK"), "JPEG"), save(picture.quantize(9), "PNG", transparency=1)]
    bases += [save(picture, "JPEG", icc_profile=profile, progressive=True), save(picture, "PNG", interlace=1)]
    bases += [
        save(picture, "TIFF", compression="tiff_lzw"),
        encode_cv(".png", deep),
        encode_cv(".tiff", deep),
    ]
    bases += [save(picture, "JPEG", exif=turned()), make_png_header(60_000, 60_000)]
    return damaged(bases), read_picture


def turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


def read_picture(data: bytes) -> None:
    try:
        picture = open_image(data, name="given", max_pixels=PIXELS, max_bytes=1_000_000)
    except InkframeError:
        return
    height, width = picture.rgb.shape[:2]
    check(0 < height * width <= PIXELS, f"{width}x{height}")
    check(picture.rgb.dtype == np.uint8 and picture.rgb.shape[2] == 3, str(picture.rgb.shape))
    check(picture.alpha is None or picture.alpha.shape == (height, width), "an alpha of another size")


def prepare_film(folder: Path) -> Prepared:
    frames = [shade(number) for number in range(6)]
    made = [write_film(folder / "a.mp4", frames), write_film(folder / "b.webm", frames)]
    made += [write_film(folder / "c.mp4", frames, sound="aac"), write_gif(folder / "d.gif", frames, [50] * 6)]
    given = folder / "given.mp4"

    def read_film(data: bytes) -> None:
        from pipelines.video.read import VideoReader

        given.write_bytes(data)
        try:
            with VideoReader(given, max_pixels=PIXELS) as film:
                for number, frame in enumerate(film):
                    check(frame.rgb.shape == (film.info.height, film.info.width, 3), str(frame.rgb.shape))
                    if number > 50:
                        break
        except InkframeError:
            return

    return damaged([path.read_bytes() for path in made]), read_film


def prepare_graphdef(_: Path) -> Prepared:
    kernel = tensor_of(np.ones((3, 3, 3, 8), np.float32))
    nodes = [node_of("input", "Placeholder"), node_of("kernel", "Const", value=kernel)]
    nodes += [node_of("read", "Identity", ["kernel"])]
    nodes += [node_of("conv", "Conv2D", ["input", "read"], strides=[1, 2, 2, 1], padding="SAME")]
    nodes += [node_of("act", "LeakyRelu", ["conv", "^input"], alpha=0.2, align_corners=True)]
    return damaged([graph_of(nodes), graph_of(nodes[::-1])]) | st.binary(max_size=200), read_frozen


def read_frozen(data: bytes) -> None:
    from weights.errors import ModelDamaged
    from weights.frozen_graph import read_graph, upstream
    from weights.nets.dctnet_layers import read_weights

    may_refuse(lambda: read_weights("given.pb", data), ModelDamaged)
    graph = may_refuse(lambda: read_graph(data), ValueError) or {}
    for name, node in list(graph.items())[:20]:
        may_refuse(partial(upstream, graph, name), ValueError)
        for look in (
            node.constant,
            partial(node.ints, "strides"),
            partial(node.text, "padding"),
        ):
            may_refuse(look, ValueError)
        may_refuse(partial(node.number, "alpha", 0.0), ValueError)
        may_refuse(partial(node.flag, "align_corners"), ValueError)


def prepare_onnx(_: Path) -> Prepared:
    from weights.onnx_file import OnnxFile, Value

    file = OnnxFile()
    kernel = file.constant(np.ones((4, 3, 3, 3), np.float32))
    file.add("Relu", file.add("Conv", "x", kernel, pads=[1, 1, 1, 1]), name="y")
    shape = [1, 3, 32, 32]
    model = file.write([Value("x", 1, shape)], [Value("y", 1, shape)], "given")
    return damaged([model]) | st.binary(max_size=200), read_model


def read_model(data: bytes) -> None:
    from weights.nets.onnx_edit import fix_input, free_shape
    from weights.nets.onnx_weights import read_weights

    may_refuse(lambda: read_weights(data), ValueError)
    may_refuse(lambda: free_shape(data), ValueError)
    may_refuse(lambda: fix_input(data, "x", np.zeros(3, np.float32)), ValueError)


def prepare_header(_: Path) -> Prepared:
    from pipelines.webcam.picture_header import read_size

    def read_header(data: bytes) -> None:
        size = read_size(data)
        check(size is None or min(size) >= 0, str(size))

    picture = Image.fromarray(make_pixels())
    bases = [save(picture, "JPEG"), save(picture, "WEBP"), save(picture, "WEBP", lossless=True)]
    return damaged(bases), read_header


def check(holds: bool, words: str) -> None:
    if not holds:
        raise ValueError(f"broken promise: {words}")


def may_refuse(work: Callable[[], Any], *kinds: type[Exception]) -> Any:
    """What `work` gives; None where it raises what it promises."""
    try:
        return work()
    except kinds:
        return None


READERS = (
    Target("zip", "zips of a batch", prepare_zip),
    Target("image", "pictures", prepare_image),
    Target("film", "films", prepare_film),
    Target("graphdef", "frozen graphs", prepare_graphdef),
    Target("onnx", "ONNX files", prepare_onnx),
    Target("header", "sizes of live frames", prepare_header),
)
