"""The form of the diffusion models, without a GPU and with a stand-in for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import BadInput, DeviceUnavailable, InvalidOption
from pipelines.image_to_video import diffusion_plan
from pipelines.image_to_video.diffusion_engines import ENGINES
from pipelines.image_to_video.diffusion_options import DiffusionOptions
from pipelines.studio import Studio
from tests.conftest import draw_disc, encode
from ui.texts import CHINESE, ENGLISH, voice
from ui.translate import translate
from ui.video_diffusion import NAMES, begin_shot, list_engines, read_diffusion
from ui.video_strip import Item, take_in

SPEAK = voice(ENGLISH)
VALUES = [getattr(DiffusionOptions(), name) for name in NAMES]


def put_in(studio: Studio, uploads: Path) -> Item:
    path = uploads / "folder" / "a.png"
    path.parent.mkdir(parents=True)
    path.write_bytes(encode(draw_disc(60, 80)))
    return take_in(studio, path, "a.png", uploads)


def test_every_model_says_what_it_needs() -> None:
    rows = dict(list_engines(SPEAK))
    assert rows["Wan 2.2: needs a GPU with 12 GB"] == "wan"
    assert set(rows.values()) == set(ENGINES)


def test_values_become_options_and_wrong_ones_are_refused() -> None:
    options = read_diffusion(["svd", "waves", 2, 0.8, 7, "less"])
    assert (options.engine, options.seed, options.memory) == ("svd", 7, "less")
    with pytest.raises(InvalidOption):
        read_diffusion(["oil", "", 0, 0.5, -1, "auto"])
    with pytest.raises(InvalidOption, match="characters"):
        read_diffusion(["wan", "x" * 10_000, 0, 0.5, -1, "auto"])


def test_without_a_gpu_it_is_said_what_is_needed(studio: Studio, tmp_path: Path) -> None:
    item = put_in(studio, tmp_path)
    with pytest.raises(DeviceUnavailable, match="needs a GPU with 12 GB") as raised:
        begin_shot(studio, [item], tmp_path, VALUES, SPEAK)
    for text in (raised.value.message, raised.value.hint):
        assert translate(text, CHINESE) != text
    assert studio.jobs.list() == []


def test_one_picture_is_filmed_at_a_time(studio: Studio, tmp_path: Path) -> None:
    item = put_in(studio, tmp_path)
    for items in ([], [item, item]):
        with pytest.raises(BadInput, match="one picture"):
            begin_shot(studio, items, tmp_path, VALUES, SPEAK)


NOTES = [
    note.replace("{:.2f}", "{}")
    for name, note in vars(diffusion_plan).items()
    if name.endswith("_NOTE") and isinstance(note, str)
]


@pytest.mark.parametrize("note", NOTES)
def test_notes_are_said_in_chinese_too(note: str) -> None:
    assert translate(note.replace("{}", "9"), CHINESE) != note.replace("{}", "9")
