"""The Image → Video tab's controls: made of the options, and the way back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.errors import InvalidOption
from pipelines.image_to_video.film_options import VideoOptions
from pipelines.image_to_video.motion import MOTIONS
from pipelines.image_to_video.transitions import TRANSITIONS
from ui.texts import CHINESE, ENGLISH, LANGUAGES, voice
from ui.video_form import NAMES, as_seen, list_motions, read_options, show_options, tell_settings

OWN = VideoOptions(
    motion="parallax",
    amount=0.75,
    duration=3,
    fps="30000/1001",
    aspect="9:16",
    background="#102030",
    loop=True,
    music_volume=0.5,
    format="webm",
)


def change(values: list[object], **wishes: object) -> list[object]:
    return [wishes.get(name, value) for name, value in zip(NAMES, values, strict=True)]


def test_controls_and_options_go_both_ways() -> None:
    values = show_options(vars(OWN))
    assert read_options(values) == OWN
    assert values[NAMES.index("colour")] == "#102030"


def test_a_colour_picker_s_words_become_a_colour() -> None:
    values = change(show_options({}), background="colour", colour="rgba(255.0, 0, 15.6, 1)")
    assert read_options(values).background == "#ff0010"


def test_numbers_of_the_browser_are_the_same_whatever_their_type() -> None:
    values = show_options(vars(OWN))
    assert read_options(change(values, duration=3, width=0)) == read_options(
        change(values, duration=3.0, width=0.0)
    )


def test_an_emptied_number_is_as_it_was_at_first() -> None:
    assert read_options(change(show_options({}), duration=None, width=None)) == VideoOptions()


@pytest.mark.parametrize("wish", [{"fps": "fast"}, {"fps": "1000"}, {"duration": -1}, {"motion": "fly"}])
def test_what_is_no_option_is_refused(wish: dict[str, object]) -> None:
    with pytest.raises(InvalidOption):
        read_options(change(show_options({}), **wish))


@pytest.mark.parametrize(
    "settings", [{"motion": "fly"}, {"fps": 7}, {"amount": "x"}, {"frames": 5}, {"duration": None}]
)
def test_settings_of_another_version_show_the_defaults(settings: dict[str, object]) -> None:
    assert len(show_options(settings)) == len(NAMES)


def test_a_preview_knows_what_it_does_not_show() -> None:
    assert as_seen(OWN) == as_seen(replace(OWN, music_volume=1, quality="best"))
    assert as_seen(OWN) != as_seen(replace(OWN, amount=0.5))


@pytest.mark.parametrize("lang", [ENGLISH, CHINESE])
def test_every_movement_and_transition_has_a_name(lang: str) -> None:
    words = LANGUAGES[lang]
    assert all(f"motion.{name}" in words for name in MOTIONS)
    assert all(f"transition.{name}" in words for name in TRANSITIONS)
    assert len(list_motions(voice(lang))) == 1 + len(MOTIONS)


def test_only_what_was_chosen_is_told_of_a_run() -> None:
    told = tell_settings({**vars(OWN), "motions": "zoom-in,still", "frames": 90}, ENGLISH)
    assert ("Movement", "Parallax, in depth") in told
    assert ("Movement", "Zoom in, Stand still") in told
    assert ("Behind it", "#102030") in told
    assert ("Ends where it starts", "yes") in told
    assert not any(name in ("Start and end", "frames") for name, _ in told)
    assert tell_settings(vars(VideoOptions()), CHINESE) == [("运动", "推近")]
