"""A user's own styles and backgrounds: kept, listed, removed, and found again by the next process."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipelines.errors import InvalidOption, NotFound, OutputsUnwritable
from pipelines.image import Picture
from pipelines.studio import Studio
from pipelines.webcam.kept_pictures import SUFFIX, KeptPictures
from pipelines.webcam.own_backgrounds import OwnBackgrounds
from pipelines.webcam.own_styles import STYLE, OwnStyles
from tests.conftest import draw_disc, encode


def grey(studio: Studio, value: int) -> Picture:
    return studio.open(encode(np.full((40, 60, 3), value, np.uint8)))


def test_a_style_is_described_once(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    assert OwnStyles(studio).add(grey(studio, 80), "  My   wall ") == "My wall"
    monkeypatch.setattr("tests.fakes.FakePainter.describe", lambda *_: pytest.fail("described again"))
    again = OwnStyles(studio)
    assert again.list() == ("My wall",)
    np.testing.assert_allclose(again.style("My wall"), np.full(100, 80, np.float32), atol=1)
    assert again.picture("My wall").shape == (40, 60, 3)


def test_it_is_described_anew_where_the_net_has_changed(studio: Studio, tmp_path: Path) -> None:
    own = OwnStyles(studio)
    own.add(grey(studio, 80), "wall")
    kept = KeptPictures(studio.settings.outputs / ".live" / "styles", 512)
    kept.update("wall", **{STYLE: np.zeros(100, np.float32), "version": np.array("older")})
    np.testing.assert_allclose(own.style("wall"), np.full(100, 80, np.float32), atol=1)
    assert kept.read("wall").facts[STYLE][0] == pytest.approx(80, abs=1)


def test_what_is_transparent_lies_on_white(studio: Studio) -> None:
    rgba = np.zeros((40, 40, 4), np.uint8)
    OwnStyles(studio).add(studio.open(encode(rgba)), "glass")
    assert OwnStyles(studio).picture("glass").min() > 250


def test_names_in_any_script_are_kept_and_ordered(studio: Studio) -> None:
    own = OwnStyles(studio)
    for name in ("zebra", "Апельсин", "海浪", "Apple"):
        own.add(grey(studio, 80), name)
    assert own.list() == ("Apple", "zebra", "Апельсин", "海浪")


@pytest.mark.parametrize(
    "name",
    [
        *("", "  ", "a" * 41, "a,b", "a:0.5", "../up", "a\\b", "#fff", "a\nb\x00", "<b>"),
        *("none", "Identity", "painting-03", "CARTOON-3D", "blur", "matting"),
    ],
)
def test_a_name_that_means_something_else_is_refused(studio: Studio, name: str) -> None:
    own = OwnStyles(studio)
    with pytest.raises(InvalidOption):
        own.add(grey(studio, 80), name)
    assert own.list() == ()


def test_a_name_is_given_once(studio: Studio) -> None:
    own = OwnStyles(studio)
    own.add(grey(studio, 80), "wall")
    with pytest.raises(InvalidOption, match="already"):
        own.add(grey(studio, 90), "WALL")
    own.remove("wall")
    with pytest.raises(NotFound):
        own.remove("wall")
    with pytest.raises(NotFound):
        own.style("wall")
    own.add(grey(studio, 90), "WALL")
    assert own.list() == ("WALL",)


def test_a_damaged_file_is_passed_over(tmp_path: Path) -> None:
    kept = KeptPictures(tmp_path, 100)
    kept.add("good", draw_disc(20, 30))
    whole = next(tmp_path.glob(f"*{SUFFIX}")).read_bytes()
    for name, content in (("empty", b""), ("text", b"no zip"), ("cut", whole[: len(whole) // 2])):
        (tmp_path / f"{name}{SUFFIX}").write_bytes(content)
    assert kept.list() == ("good",)
    assert [path.suffix for path in tmp_path.iterdir()] == [SUFFIX] * 4, "nothing half-written stays"


def test_only_so_many_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.webcam.kept_pictures.MOST", 2)
    kept = KeptPictures(tmp_path, 100)
    kept.add("one", draw_disc(20, 30))
    kept.add("two", draw_disc(20, 30))
    with pytest.raises(InvalidOption, match="2 pictures"):
        kept.add("three", draw_disc(20, 30))


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputsUnwritable):
        KeptPictures(tmp_path / "file" / "styles", 100).add("one", draw_disc(20, 30))


def test_large_pictures_are_kept_smaller(studio: Studio) -> None:
    OwnStyles(studio).add(studio.open(encode(draw_disc(700, 1400))), "wide")
    assert OwnStyles(studio).picture("wide").shape == (256, 512, 3)


def test_backgrounds_and_styles_are_kept_apart(studio: Studio) -> None:
    backgrounds = OwnBackgrounds(studio)
    assert backgrounds.add(grey(studio, 80), "wall") == "wall"
    assert (backgrounds.list(), OwnStyles(studio).list()) == (("wall",), ())
    np.testing.assert_allclose(backgrounds.picture("wall"), 80, atol=1)
    backgrounds.remove("wall")
    assert backgrounds.list() == ()


def test_a_style_is_called_something_else(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    own = OwnStyles(studio)
    own.add(grey(studio, 80), "wall")
    own.add(grey(studio, 90), "floor")
    before = own.picture("wall")
    monkeypatch.setattr("tests.fakes.FakePainter.describe", lambda *_: pytest.fail("described again"))
    assert own.rename("wall", "  海  浪 ") == "海 浪"
    assert own.rename("floor", "Floor") == "Floor", "other capitals are no other name"
    assert own.list() == ("Floor", "海 浪")
    np.testing.assert_array_equal(own.picture("海 浪"), before)
    assert own.style("海 浪")[0] == pytest.approx(80, abs=1)


def test_a_name_that_is_taken_or_wrong_is_no_new_name(studio: Studio) -> None:
    own = OwnStyles(studio)
    own.add(grey(studio, 80), "wall")
    own.add(grey(studio, 90), "floor")
    for new in ("FLOOR", "none", "a,b", ""):
        with pytest.raises(InvalidOption):
            own.rename("wall", new)
    with pytest.raises(NotFound):
        own.rename("nonesuch", "door")
    assert own.list() == ("floor", "wall")


def test_a_background_is_called_something_else(studio: Studio) -> None:
    backgrounds = OwnBackgrounds(studio)
    backgrounds.add(grey(studio, 80), "wall")
    backgrounds.add(grey(studio, 90), "floor")
    with pytest.raises(InvalidOption, match="already"):
        backgrounds.rename("wall", "Floor")
    assert backgrounds.rename("wall", "door") == "door"
    assert backgrounds.list() == ("door", "floor")
