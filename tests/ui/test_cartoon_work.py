"""What the Cartoon tab's buttons do, without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.cartoon.options import CartoonOptions
from pipelines.progress import silent
from pipelines.studio import Studio
from tests.cartoon_studio import TITLE, draw_sitter
from tests.conftest import encode
from ui.cartoon_work import (
    GO,
    cartoonize_photo,
    draw_all_styles,
    make_file,
    name_style,
    pose,
    set_scene,
    try_out,
)
from ui.history_list import show_details
from ui.previews import Previews
from ui.stage import DRAWINGS, Scene, render_stage
from ui.texts import CHINESE, ENGLISH, voice
from ui.translate import translate
from ui.upload import Upload

ANIME = CartoonOptions(style="anime")


@pytest.fixture
def previews(tmp_path: Path) -> Previews:
    return Previews(tmp_path / "previews")


@pytest.fixture
def photo(tmp_path: Path) -> Upload:
    path = tmp_path / "sitter.png"
    path.write_bytes(encode(draw_sitter()))
    return Upload(path, "sitter.png")


def test_faces_are_found_once_a_photo(studio: Studio, photo: Upload) -> None:
    posed = pose(studio, photo, 2048, None)
    assert len(posed.sitting.faces) == 1
    assert pose(studio, photo, 2048, posed) is posed
    assert pose(studio, photo, 1024, posed) is not posed
    photo.path.write_bytes(encode(draw_sitter(side=60)))
    assert pose(studio, photo, 2048, posed).sha256 != posed.sha256


def test_a_drawing_stands_on_the_stage_with_net_file_and_faces(
    studio: Studio, previews: Previews, photo: Upload
) -> None:
    run = cartoonize_photo(studio, previews, photo, ANIME, silent)
    scene = set_scene(studio, previews, run, pose(studio, photo, 2048, None), ENGLISH)
    assert TITLE in scene.facts
    assert scene.saved is not None
    assert scene.saved.name == "sitter-anime.png"
    html = render_stage(scene, voice(ENGLISH), DRAWINGS)
    for part in ('data-mark="1"', "ink-before", "ink-result", 'data-show="faces"', "Download PNG"):
        assert part in html
    assert "data-ground" not in html


def test_previews_that_went_are_made_again(studio: Studio, previews: Previews, photo: Upload) -> None:
    run = cartoonize_photo(studio, previews, photo, ANIME, silent)
    posed = pose(studio, photo, 2048, None)
    first = set_scene(studio, previews, run, posed, ENGLISH).view
    previews.drop(run.id)
    again = set_scene(studio, previews, run, posed, ENGLISH).view
    assert first == again
    assert again is not None and again.before is not None and again.before.exists()


def test_a_trial_is_not_kept(studio: Studio, previews: Previews, photo: Upload) -> None:
    posed = pose(studio, photo, 2048, None)
    scene = try_out(studio, previews, posed, CartoonOptions(style="sketch", faces="off"), ENGLISH)
    assert studio.history.runs() == []
    assert scene.keep == GO
    assert scene.facts.startswith("Preview")
    html = render_stage(scene, voice(ENGLISH), DRAWINGS)
    assert f'data-press="{GO}"' in html
    assert 'aria-pressed="false"' in html
    run = cartoonize_photo(studio, previews, photo, ANIME, silent)
    kept = set_scene(studio, previews, run, posed, ENGLISH)
    assert kept.view is not None and scene.view is not None
    assert kept.view.subject == scene.view.subject  # zoom and split stay


def test_all_styles_are_one_picture_without_an_original(
    studio: Studio, previews: Previews, photo: Upload
) -> None:
    options = CartoonOptions(style="anime", faces="1=sketch")
    run = draw_all_styles(studio, previews, photo, options, silent)
    scene = set_scene(studio, previews, run, pose(studio, photo, 2048, None), ENGLISH)
    assert scene.view is not None and scene.view.before is None
    assert scene.saved is not None and scene.saved.name == "sitter-all-styles.png"
    html = render_stage(scene, voice(ENGLISH), DRAWINGS)
    assert "ink-alone" in html
    assert "data-mark" not in html
    assert 'data-show="compare" disabled' in html


def test_another_type_of_file_is_made_on_demand(studio: Studio, previews: Previews, photo: Upload) -> None:
    run = cartoonize_photo(studio, previews, photo, ANIME, silent)
    assert make_file(studio, run, "webp").name == "cartoon.webp"
    assert name_style(run) == "anime"


@pytest.mark.parametrize("lang", [ENGLISH, CHINESE])
def test_the_history_tells_a_drawing(studio: Studio, previews: Previews, photo: Upload, lang: str) -> None:
    run = cartoonize_photo(studio, previews, photo, ANIME, silent)
    html = show_details(studio, run, lang)
    assert 'data-task="cartoon" data-result="cartoon.png"' in html
    assert voice(lang)("style.anime") in html
    assert translate(TITLE, lang) in html


def test_an_empty_stage_says_what_to_expect() -> None:
    assert "Your drawing appears here" in render_stage(Scene(), voice(ENGLISH), DRAWINGS)
