"""What the fuzzers have found, held for good."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from pipelines.batch.limits import Budget, Limits
from pipelines.batch.zip_reading import Place, read_zip
from pipelines.errors import BadInput, NotFound
from pipelines.video import VideoReader
from pipelines.webcam.kept_pictures import KeptPictures
from tests.pipelines.video.films import shade, write_film


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
