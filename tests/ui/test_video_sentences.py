"""What films of pictures say in English is said in Chinese, too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from pipelines.errors import InkframeError
from pipelines.image_to_video import film, film_size, follow, make_film, music, parallax, sources, timeline
from pipelines.image_to_video.estimate import check_room
from pipelines.image_to_video.film_files import read_order
from pipelines.image_to_video.film_options import VideoOptions
from pipelines.image_to_video.film_run import MODEL
from pipelines.image_to_video.shot import check
from pipelines.image_to_video.sources import LEFT_OUT, Given, check_count
from tests.conftest import draw_disc
from ui.texts import CHINESE, ENGLISH, LANGUAGES
from ui.translate import translate, translate_all
from ui.video_form import BY_PICTURE, NAMES
from ui.video_strip import Item, find_files, read_strip

NOTES = [
    note.replace("{:.0%}", "{}").replace("{:.1f}", "{}").replace("{:.2f}", "{}")
    for module in (film, film_size, follow, make_film, music, parallax, timeline)
    for name, note in vars(module).items()
    if isinstance(note, str) and name.isupper() and note.endswith(".") and " " in note
]
NOWHERE = Path("/nowhere")


def lay_out(seconds: float) -> object:
    return film.lay_out(range(2), VideoOptions(duration=seconds), 1)


REFUSED: list[Callable[[], object]] = [
    lambda: VideoOptions(fps="abc"),
    lambda: VideoOptions(fps="1000"),
    lambda: VideoOptions(fps="60", format="gif"),
    lambda: VideoOptions(duration=0),
    lambda: VideoOptions(motion="fly"),
    lambda: VideoOptions(motions="fly"),
    lambda: VideoOptions(durations="0"),
    lambda: VideoOptions(background="pink"),
    lambda: VideoOptions(style_keys="half"),
    lambda: VideoOptions(style_keys="0=crayon"),
    lambda: VideoOptions(style_keys="1=anime,0=anime"),
    lambda: lay_out(40),
    lambda: film_size.find_size(VideoOptions(width=4, height=4), (9, 9), side=9, even=True),
    lambda: check_count([]),
    lambda: check_count([Given(NOWHERE, "a")] * 501),
    lambda: check(draw_disc(9, 9)[..., 0], (9, 9)),
    lambda: check(draw_disc(9, 9), (0, 9)),
    lambda: check_room(Path("/"), (4096, 4096), 10**9, VideoOptions()),
    lambda: music.check_music(NOWHERE),
    lambda: read_order(NOWHERE),
    lambda: read_strip("x", NOWHERE),
    lambda: find_files([Item("1", "a/b.png", "b.png", "")], NOWHERE),
]


def is_chinese(text: str) -> bool:
    plain = [word.strip(":.,()") for word in text.split()]
    known = {"pixels", "transparent", "software"}
    english = [word for word in plain if word.isascii() and word.isalpha() and len(word) > 4]
    return any("\u4e00" <= letter <= "\u9fff" for letter in text) and set(english) <= known


@pytest.mark.parametrize("note", NOTES)
def test_every_note_is_translated(note: str) -> None:
    said = note.format(
        *(["MP4", "black"] if note.startswith("{} has no trans") else ["7"] * note.count("{}"))
    )
    assert is_chinese(translate_all(said, CHINESE)), translate_all(said, CHINESE)


@pytest.mark.parametrize("refused", REFUSED)
def test_every_refusal_is_translated(refused: Callable[[], object]) -> None:
    with pytest.raises(InkframeError) as caught:
        refused()
    said = [translate(text, CHINESE) for text in (caught.value.message, caught.value.hint)]
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in text) for text in said), said


def test_a_note_keeps_the_names_of_its_pictures() -> None:
    notes = sources.gather([("a.png", LEFT_OUT.format(follow.NO_SUBJECT)), ("b.png", follow.NO_SUBJECT)])
    assert [translate_all(note, CHINESE)[:13] for note in notes] == [
        "a.png：已略过。 没有",
        "b.png：没有找到可跟随",
    ]
    more = sources.gather([(name, follow.NO_SUBJECT) for name in ("a.png", "b.png", "c.png")])
    assert translate_all(more[0], CHINESE).startswith("a.png 和另外 2 张：没有找到")
    assert translate_all(more[0], ENGLISH) == more[0]


@pytest.mark.parametrize("what", [make_film.LOOKING, f"{make_film.LOOKING} (2 of 5)", make_film.HEARING])
def test_what_a_job_does_is_translated(what: str) -> None:
    assert is_chinese(translate_all(what, CHINESE))


def test_the_run_s_model_is_translated() -> None:
    assert translate(MODEL["title"], CHINESE) != MODEL["title"]


def test_every_option_is_a_control_with_words_or_a_wish_of_each_picture() -> None:
    assert {item.name for item in fields(VideoOptions)} == {*NAMES, *BY_PICTURE} - {"colour"}
    assert all(f"video.{name}" in LANGUAGES[lang] for name in NAMES for lang in (ENGLISH, CHINESE))
