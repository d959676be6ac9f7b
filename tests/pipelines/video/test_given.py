"""Films that are handed in, within the limits and beyond them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.errors import BadInput, TooLarge
from pipelines.settings import Settings
from pipelines.video.given import check_bytes, ending_of, open_film
from tests.pipelines.video.films import shade, write_film


@pytest.mark.parametrize(
    ("name", "ending"),
    [("a.MOV", ".mov"), ("a.webm", ".webm"), ("a.exe", ".mp4"), ("a", ".mp4"), ("", ".mp4")],
)
def test_a_film_is_kept_under_an_ending_that_films_have(name: str, ending: str) -> None:
    assert ending_of(name) == ending


def test_a_film_may_weigh_so_much_and_no_more(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    limited = replace(settings, max_film_mb=1)
    path.write_bytes(bytes(1_000_000))
    check_bytes(path, limited)
    path.write_bytes(bytes(1_000_001))
    with pytest.raises(TooLarge, match="1 MB is the limit") as caught:
        check_bytes(path, limited)
    assert "INKFRAME_MAX_FILM_MB" in caught.value.hint


def test_a_film_that_is_too_long_is_closed_again(settings: Settings, tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mp4", [shade(number) for number in range(3)])
    with open_film(path, settings) as film:
        assert film.info.frames == 3
    with pytest.raises(TooLarge, match="0 minutes is the limit"):
        open_film(path, replace(settings, max_film_minutes=0))
    path.unlink()


def test_what_is_no_film_is_told(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"no film")
    with pytest.raises(BadInput):
        open_film(tmp_path / "a.mp4", settings)
