"""Diffusion, before a model is opened: what fits, what it costs, what is said. Needs no package of it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from pipelines.device import Device
from pipelines.errors import BadInput, DeviceUnavailable, InvalidOption, ModelMissing
from pipelines.image_to_video import diffusion
from pipelines.image_to_video.diffusion_engines import ENGINES, MEMORY, Wish
from pipelines.image_to_video.diffusion_job import submit_shot
from pipelines.image_to_video.diffusion_options import LONGEST_PROMPT, DiffusionOptions
from pipelines.image_to_video.diffusion_plan import (
    GB,
    Plan,
    advise,
    choose_memory,
    fit_frames,
    fit_size,
    plan_shot,
)
from pipelines.image_to_video.sources import Source
from pipelines.studio import Studio
from tests.pipelines.image_to_video.stand_in import order_of, write_pictures
from weights.catalogue import Catalogue
from weights.nets import diffusion as net
from weights.nets.diffuser import PLACINGS
from weights.nets.diffusion import RECIPES, PackagesMissing

CPU = Device("cpu", "a CPU")
SOURCE = Source(Path("a.png"), "a.png", 1600, 900, "0", False)
NAMES = tuple(ENGINES)


def card(gb: float) -> Device:
    return Device("cuda", "a card", round(gb * GB))


@pytest.mark.parametrize("name", NAMES)
def test_a_row_is_complete(name: str) -> None:
    engine, spec = ENGINES[name], Catalogue()[ENGINES[name].model]
    assert spec.loader in RECIPES
    assert list(engine.needs) == list(MEMORY)
    assert min(engine.needs.values()) == spec.gpu_gb
    assert (engine.frames - 1) % engine.frame_step == 0
    assert (engine.most_frames - 1) % engine.frame_step == 0
    assert all(side % engine.multiple == 0 for side in engine.size)
    assert {way.placing for way in MEMORY.values()} == set(PLACINGS)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("picture", [(1600, 900), (900, 1600), (1, 1), (20000, 500), (33, 4000)])
def test_a_film_of_any_picture_has_the_models_area_and_multiples(name: str, picture: tuple[int, int]) -> None:
    engine = ENGINES[name]
    size, notes = fit_size(engine, (0, 0), picture)
    assert all(side % engine.multiple == 0 for side in size)
    assert size[0] * size[1] == pytest.approx(engine.size[0] * engine.size[1], rel=0.2)
    assert notes == []


def test_an_asked_size_is_snapped_with_a_note() -> None:
    assert fit_size(ENGINES["wan"], (640, 352), (9, 16)) == ((640, 352), [])
    size, notes = fit_size(ENGINES["wan"], (650, 0), (1600, 900))
    assert size == (640, 352)
    assert notes == ["The film is 640x352: Wan 2.2 works in steps of 32 pixels."]
    assert fit_size(ENGINES["svd"], (1, 2048), (1, 1))[0] == (256, 2048)


@pytest.mark.parametrize(
    ("name", "seconds", "rate", "frames", "words"),
    [
        ("wan", 0, 24, 121, []),
        ("wan", 5, 25, 121, ["makes no more"]),
        ("wan", 1, 24, 25, ["25 frames, 1.04 seconds"]),
        ("wan", 0.5, 26, 13, []),
        ("ltx", 1, 25, 25, []),
        ("ltx", 0.1, 25, 9, ["any number of times 8 more"]),
        ("svd", 60, 7, 25, ["makes no more at once"]),
        ("svd", 2, 7, 14, []),
    ],
)
def test_a_length_becomes_what_the_model_makes(
    name: str, seconds: float, rate: int, frames: int, words: list[str]
) -> None:
    found, notes = fit_frames(ENGINES[name], seconds, Fraction(rate))
    assert found == frames
    assert len(notes) == len(words)
    assert all(word in note for word, note in zip(words, notes, strict=True))


@pytest.mark.parametrize(("gb", "way"), [(80, "fast"), (23.6, "less"), (16, "least")])
def test_auto_takes_the_quickest_way_that_fits(gb: float, way: str) -> None:
    assert choose_memory(ENGINES["wan"], "auto", card(gb)) == way


def test_too_small_a_card_is_told_and_may_be_tried_all_the_same() -> None:
    with pytest.raises(DeviceUnavailable, match="needs a GPU with 12 GB; a card has 6"):
        choose_memory(ENGINES["wan"], "auto", card(6))
    assert choose_memory(ENGINES["wan"], "least", card(6)) == "least"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("way", ["auto", "fast", "least"])
def test_without_a_gpu_its_gigabytes_are_told(name: str, way: str) -> None:
    with pytest.raises(DeviceUnavailable, match=r"needs a GPU with (8|12) GB"):
        choose_memory(ENGINES[name], way, CPU)


def test_what_to_lower_begins_with_the_gentlest() -> None:
    plan = Plan(SOURCE, DiffusionOptions(), (1280, 704), 121, "less")
    assert advise(plan, plan.engine.needs) == (
        "Use memory=least (12 GB); make it smaller, such as 896x480; make it shorter, such as 3.0 seconds."
    )
    lowest = Plan(SOURCE, DiffusionOptions(), (128, 128), 5, "least")
    assert "close other programs" in advise(lowest, plan.engine.needs).lower()


def test_a_prompt_for_a_model_that_reads_none_is_left_out_with_a_note() -> None:
    plan = plan_shot(SOURCE, DiffusionOptions(engine="svd", prompt="a cat"), card(80))
    assert plan.notes == ("Stable Video Diffusion reads no prompt: it was left out.",)
    wish = Wish("a cat", "", 3.0, Fraction(7), 0.5, 0.02, 8)
    asked = ENGINES["svd"].ask(wish)
    assert "prompt" not in asked
    assert (asked["motion_bucket_id"], asked["fps"], asked["decode_chunk_size"]) == (128, 7, 8)


@pytest.mark.parametrize("field", ["prompt", "negative_prompt"])
def test_a_prompt_of_ten_thousand_characters_is_refused(field: str) -> None:
    with pytest.raises(InvalidOption, match=f"{field} has 10000 characters; {LONGEST_PROMPT}"):
        DiffusionOptions.parse({field: "a" * 10000})


@pytest.mark.parametrize(
    "wrong",
    [
        {"engine": "sora"},
        {"duration": -1},
        {"fps": "0"},
        {"fps": "1000"},
        {"steps": 101},
        {"width": 5000},
        {"memory": "none"},
        {"format": "gif", "fps": "60"},
        {"seed": -2},
    ],
)
def test_unusable_options_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidOption):
        DiffusionOptions(**wrong)


def test_a_seed_is_drawn_once_and_a_given_one_stays() -> None:
    drawn = DiffusionOptions().settle()
    assert drawn.seed >= 0
    assert drawn.settle() == drawn
    assert DiffusionOptions(seed=7).settle().seed == 7


def test_missing_packages_are_told_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(net, "find_spec", lambda name: None if name == "diffusers" else object())
    with pytest.raises(PackagesMissing, match=r"diffusers.*pip install -r requirements-diffusion.txt"):
        net.check_packages()


def test_what_is_missing_is_told_before_anything_is_queued(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = write_pictures(tmp_path, 2)
    with pytest.raises(DeviceUnavailable):
        submit_shot(studio, order_of(one), DiffusionOptions())
    with pytest.raises(BadInput, match="films one picture, not 2"):
        submit_shot(studio, order_of(one, two), DiffusionOptions())
    with pytest.raises(InvalidOption, match="no music"):
        submit_shot(studio, order_of(one, music=two), DiffusionOptions())
    object.__setattr__(studio, "device", card(80))
    monkeypatch.setattr(diffusion, "check_packages", lambda: None)
    with pytest.raises(ModelMissing, match=r"download wan2\.2-5b"):
        submit_shot(studio, order_of(one), DiffusionOptions())
    assert studio.jobs.list() == []


def test_the_pins_say_what_is_checked_for() -> None:
    pins = (Path(__file__).parents[3] / "requirements-diffusion.txt").read_text("utf-8")
    assert all(f"\n{name}==" in pins for name in net.PACKAGES)
