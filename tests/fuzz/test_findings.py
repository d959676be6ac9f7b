"""What the fuzzers have found, held for good."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from pipelines.batch.limits import Budget, Limits
from pipelines.batch.zip_reading import Place, read_zip
from pipelines.errors import BadInput, NotFound
from pipelines.video import VideoReader
from pipelines.webcam.kept_pictures import KeptPictures
from tests.pipelines.video.films import shade, write_film, write_turned
from ui.examples import example_file
from weights.nets.onnx_edit import (
    DIMENSION,
    GRAPH,
    INPUT,
    NAME,
    SHAPE,
    TENSOR_TYPE,
    TYPE,
    fix_input,
    free_shape,
)
from weights.wire import VARINT, Field, chunk, write_fields


def test_pictures_of_an_unknown_kind_are_refused(tmp_path: Path) -> None:
    film = write_film(tmp_path / "in.mp4", [shade(0)] * 3)
    film.write_bytes(film.read_bytes().replace(b"avc1", b"zzzz"))
    with pytest.raises(BadInput, match="no picture that can be decoded"):
        VideoReader(film)


@pytest.mark.parametrize("size", range(4, 22))
def test_a_zip_that_ends_in_its_end_record_is_refused(size: int) -> None:
    data = (b"PK\5\6" + bytes(18))[:size]
    with pytest.raises(BadInput):
        list(read_zip(lambda: io.BytesIO(data), Place("given.zip"), Budget(Limits()), None))


def test_half_a_character_is_no_picture_s_name(tmp_path: Path) -> None:
    kept = KeptPictures(tmp_path, 16)
    for ask in (kept.read, kept.remove, lambda name: kept.rename(name, "other")):
        with pytest.raises(NotFound):
            ask("\ud800")


@pytest.mark.parametrize("degrees", [0, 10, 45, 100, 170, 260])
def test_a_film_s_frames_are_as_large_as_it_says_however_it_is_turned(tmp_path: Path, degrees: int) -> None:
    film = write_turned(tmp_path / "in.mp4", shade(0)[:32], degrees)
    with VideoReader(film) as reader:
        for frame in reader:
            assert frame.rgb.shape == (reader.info.height, reader.info.width, 3)


def test_an_onnx_file_with_numbers_for_messages_or_too_few_sides_is_refused() -> None:
    numbers = write_fields([chunk(GRAPH, write_fields([Field(INPUT, VARINT, 5)]))])
    with pytest.raises(ValueError, match="number"):
        fix_input(numbers, "x", np.zeros(3, np.float32))
    flat = write_fields([chunk(SHAPE, write_fields([chunk(DIMENSION, b"")]))])
    value = write_fields([chunk(NAME, b"x"), chunk(TYPE, write_fields([chunk(TENSOR_TYPE, flat)]))])
    with pytest.raises(ValueError, match="N x C x H x W"):
        free_shape(write_fields([chunk(GRAPH, write_fields([chunk(INPUT, value)]))]))


def test_no_example_goes_by_another_name() -> None:
    for name in ("None", "../words_en", ""):
        with pytest.raises(NotFound):
            example_file(name)
