"""What the Webcam Style tab draws and reads, without a browser."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipelines.errors import BadInput, NotAnImage
from pipelines.jobs.desk import Ending
from pipelines.jobs.job import Job
from pipelines.studio import Studio
from pipelines.webcam.adaptive import SENTENCES
from pipelines.webcam.look_rows import BUILTIN
from pipelines.webcam.names import find_name
from pipelines.webcam.options import LiveOptions
from pipelines.webcam.own_styles import OwnStyles
from pipelines.webcam.telemetry import GRADES
from ui.live_broadcast import _draw_fold
from ui.live_form import Form
from ui.live_grounds import add_ground, render_grounds
from ui.live_looks import ACROSS, SHEET, render_looks
from ui.live_own import add_style
from ui.live_recall import read_options, reopen_run, tell_settings
from ui.live_stage import LIVE, SCRIPTS, STAGES, render_live_stage
from ui.live_training_list import draw_trainings
from ui.texts import CHINESE, ENGLISH, LANGUAGES, voice
from ui.translate import translate
from ui.upload import Upload

HERE = Path(__file__).resolve().parents[2] / "ui"


def attribute(text: str, name: str) -> str:
    found = re.search(rf'{name}="([^"]*)"', text)
    assert found, name
    return html.unescape(found[1])


def test_the_stage_carries_options_grades_and_words() -> None:
    drawn = render_live_stage(CHINESE)
    facts, words = json.loads(attribute(drawn, "data-facts")), json.loads(attribute(drawn, "data-words"))
    assert LiveOptions(**facts["options"]) == LiveOptions()
    assert [tuple(row) for row in facts["grades"]] == list(GRADES)
    assert words["target"] == "目标 {fps}"
    assert all(f"why.{why}" in words for why in SENTENCES)
    assert all(f"stage.{stage}" in words for stage in STAGES)


@pytest.mark.parametrize("name", [*SCRIPTS, "live_looks", "live_grounds"])
def test_every_word_that_a_script_speaks_is_there(name: str) -> None:
    script = (HERE / f"{name}.js").read_text(encoding="utf-8")
    spoken = set(re.findall(r"words\.(\w+)", script)) | set(re.findall(r'words\["([\w.]+)"\]', script))
    missing = {word for word in spoken if f"live.js.{word}" not in LANGUAGES[ENGLISH]}
    assert missing == set()


def test_every_trouble_of_the_source_has_words_and_a_way_out() -> None:
    script = (HERE / "live_source.js").read_text(encoding="utf-8")
    codes = set(re.findall(r'Trouble\("(\w+)"\)', script)) | set(re.findall(r'Error: "(\w+)"', script))
    codes |= {"lost", "screen_ended", "no_server", "refused"}
    assert len(codes) > 8
    for code in codes:
        for ending in ("", ".hint"):
            assert f"live.js.trouble.{code}{ending}" in LANGUAGES[CHINESE], code


def test_the_page_and_the_server_mean_the_same_socket() -> None:
    from server.live import LIVE as SERVED

    assert LIVE == SERVED


def test_every_look_has_a_picture_and_a_name(studio: Studio) -> None:
    from PIL import Image

    drawn = render_looks(studio, CHINESE)
    assert drawn.count("data-look=") == len(BUILTIN)
    names = re.findall(r'data-look="([^"]+)"[^>]*title="([^"]+)"', drawn)
    assert len({title for _, title in names}) == len(BUILTIN)
    with Image.open(SHEET) as sheet:
        side = sheet.width // ACROSS
        assert sheet.height // side == -(-len(BUILTIN) // ACROSS)
        assert f"--last-row:{sheet.height // side - 1}" in drawn


@pytest.mark.parametrize(
    ("file", "taken", "name"),
    [
        ("sunset.jpg", (), "sunset"),
        ("sunset.jpg", ("Sunset",), "sunset 2"),
        ("a, b: c.png", (), "a b c"),
        (".png", (), ".png"),
        (":::.png", (), "Style"),
        ("none.png", (), "none 2"),
        ("a\tb\x00.png", (), "a b"),
        ("x" * 90 + ".png", ("x" * 40,), "x" * 36 + " 2"),
        ("星空.jpg", (), "星空"),
    ],
)
def test_an_own_style_is_called_after_its_file(file: str, taken: tuple[str, ...], name: str) -> None:
    assert find_name(file, taken) == name


def test_what_is_no_picture_becomes_no_style(studio: Studio, tmp_path: Path) -> None:
    place = tmp_path / "a.png"
    place.write_bytes(b"no picture at all")
    with pytest.raises((BadInput, NotAnImage)):
        add_style(studio, Upload(place, "a.png"))
    assert add_style(studio, None) == ""


def test_a_run_from_elsewhere_opens_with_what_is_known() -> None:
    options = LiveOptions(style="painting-03", strength=0.5)
    assert read_options(vars(options) | {"new": 1}) == options
    assert read_options({"strength": 9}) == LiveOptions()
    assert read_options({"strength": None}) == LiveOptions()


def test_settings_are_told_in_words() -> None:
    mixed = replace(LiveOptions(), blend="painting-00:1,painting-01:1")
    told = dict(tell_settings(vars(mixed) | {"fps": 17.13}, CHINESE))
    assert told["风格"] == "赭石与天空 50%、黄底黑条 50%"
    assert "17.1" in told.values()
    assert dict(tell_settings(vars(LiveOptions()), ENGLISH))["Style"] == "As it is"


def test_the_run_of_a_training_opens_with_its_style() -> None:
    settings = {"name": "Great wave", "effort": "quick", "photos": 2}
    assert read_options(settings).style == "Great wave"
    assert tell_settings(settings, CHINESE) == [("风格", "Great wave"), ("训练时长", "快速")]


def test_the_broadcast_never_fills_in_a_key() -> None:
    drawn = _draw_fold(voice(ENGLISH), ENGLISH)
    assert re.search(r'data-part="key" type="password" autocomplete="new-password">', drawn)
    assert "1280×720, 15 frames a second, 1500 kbit/s" in drawn


def test_an_own_style_can_be_renamed_and_removed(studio: Studio, photo: bytes) -> None:
    OwnStyles(studio).add(studio.open(photo), "sea & sky")
    drawn = render_looks(studio, ENGLISH)
    assert attribute(drawn, "data-rename") == attribute(drawn, "data-remove") == "sea & sky"
    assert 'aria-label="Rename sea &amp; sky"' in drawn
    assert attribute(drawn, "data-sure") == "", "a picture is soon given again"


def test_backgrounds_are_offered_by_name(studio: Studio, tmp_path: Path, photo: bytes) -> None:
    place = tmp_path / "1"
    place.write_bytes(photo)
    assert add_ground(studio, Upload(place, "my: beach.png")) == "my beach"
    assert add_ground(studio, Upload(place, "my beach.png")) == "my beach 2"
    assert add_ground(studio, None) == ""
    drawn = render_grounds(studio, CHINESE, "my beach")
    assert re.findall(r'data-name="([^"]+)"', drawn) == ["my beach", "my beach 2"]
    assert attribute(drawn, "data-pick") == "my beach"
    assert 'aria-label="删除 my beach 2"' in drawn


def make_training(studio: Studio, **facts: Any) -> Job:
    studio.jobs._kinds.setdefault("my-style", lambda work: Ending())  # type: ignore[attr-defined]
    job = studio.jobs.submit("my-style", "<wave>", {"name": "<wave>"}, lambda folder: 400)
    return replace(job, **facts)


def test_a_training_shows_its_course_and_its_newest_sheet(studio: Studio) -> None:
    job = make_training(studio, status="running", done=20, current="Learning the strokes")
    run = studio.jobs.folder(job.id) / "run"
    run.mkdir()
    rows = [{"step": step, "total": 4 - step / 10, "seconds": 0.7} for step in (5, 10, 20)]
    (run / "log.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    (run / "sheet-000020.png").touch()
    drawn = draw_trainings(studio, [job], CHINESE)
    assert "&lt;wave&gt;" in drawn and "<wave>" not in drawn
    assert re.search(r'points="0.0,2.0 93.3,[\d.]+ 280.0,54.0"', drawn), "from the worst to the best"
    assert "sheet-000020.png" in drawn and "正在学习笔触" in drawn
    offered = re.findall(r'data-act="(\w+)" data-sure="[^"]*" >', drawn)
    assert offered == ["cancel"]


def test_a_training_that_failed_says_why_and_can_go_on(studio: Studio) -> None:
    said = {
        "message": "The training ran out of memory.",
        "hint": "Close other programs, then resume the job.",
    }
    drawn = draw_trainings(studio, [make_training(studio, status="failed", **said)], CHINESE)
    assert "训练时内存不足。" in drawn
    assert re.findall(r'data-act="(\w+)" data-sure="[^"]*" >', drawn) == ["resume", "delete"]
    assert "<svg" not in drawn, "there is no course of one figure"
    assert draw_trainings(studio, [], ENGLISH) == ""


@pytest.mark.parametrize(
    "sentence",
    [
        "There is no style called 'x'.",
        *("'x' is being trained.", "Trained on 3 pictures of yours and on made-up ones."),
        "No style can be learnt from a picture of 20x20 pixels.",
        "A broadcast goes to rtmp:// or rtmps:// and nothing else.",
        "The camera's frames are too large (7680x4320).",
        "All live places are taken.",
        "No frame came for 1 minutes.",
        "The server takes no streams right now.",
    ],
)
def test_what_the_socket_says_is_translated(sentence: str) -> None:
    assert re.search(r"[\u4e00-\u9fff]", translate(sentence, CHINESE))


def test_the_same_style_and_the_same_run_can_be_picked_twice(studio: Studio) -> None:
    """The browser hears of another text only."""
    assert render_looks(studio, ENGLISH, "monet") != render_looks(studio, ENGLISH, "monet")
    assert render_looks(studio, ENGLISH) == render_looks(studio, ENGLISH)
    room: Any = SimpleNamespace(history=studio.history)
    run: Any = SimpleNamespace(id="run", settings={}, results=())
    reopen = reopen_run(room, Form({}))
    assert reopen(run)[0] != reopen(run)[0]
