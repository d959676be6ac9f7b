"""A session's report: figures that are right, in one file that needs nothing else."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

from pipelines.errors import InvalidOption
from pipelines.webcam.adaptive import SENTENCES
from pipelines.webcam.report import write_report
from pipelines.webcam.report_chart import Series, choose_step, draw_chart, show_time, split
from pipelines.webcam.report_words import CHINESE, ENGLISH
from pipelines.webcam.session import Session, sum_up
from pipelines.webcam.telemetry import Stats


def moment(seconds: float, **facts: Any) -> dict[str, Any]:
    usual = {"fps": 20.0, "target_fps": 20.0, "longest": 384, "style": "painting-03", "age_p95_ms": 90.0}
    return Stats(**{**usual, **facts}, seconds=seconds).as_dict()


def make_session(count: int = 60) -> Session:
    session = Session()
    for second in range(count):
        session.add(
            moment(
                float(second),
                fps=20.0 if second < 30 else 10.0,
                age_p95_ms=None if second < 5 else 90.0,
                longest=384 if second < 30 else 320,
                size_sentence="Drawing took <62> ms: smaller.",
                drops={"draw": second, "somewhere new": 1},
                delivered=second * 20,
                stages={"draw": 31.0},
            )
        )
    return session


def test_the_summary_is_of_the_whole_session() -> None:
    summary = sum_up(make_session().moments)

    assert (summary["fps"], summary["grade"], summary["held_share"]) == (15.0, "B", 0.5)
    assert (summary["age_p95_ms"], summary["age_p50_ms"]) == (90.0, None)
    assert (summary["seconds"], summary["delivered"], summary["drops"]["draw"]) == (59.0, 1180, 59)


def test_changes_are_told_with_their_reasons() -> None:
    session = make_session()
    session.add(moment(60.0, longest=320, style="cartoon-anime", size_sentence="Not this."))

    assert [(each.seconds, each.what, each.now, each.why) for each in session.events] == [
        (30.0, "longest", "320", "Drawing took <62> ms: smaller."),
        (60.0, "style", "cartoon-anime", ""),
    ]


def test_a_long_session_keeps_its_whole_length_in_bounded_memory() -> None:
    session = Session(most=100)
    for second in range(5000):
        session.add(moment(float(second), longest=second))

    times = [each["seconds"] for each in session.moments]
    gaps = {after - before for before, after in pairwise(times)}
    assert 50 <= len(times) <= 100 and times[0] < 130 and times[-1] > 4870
    assert len(gaps) == 1 and len(session.events) == 100


@pytest.mark.parametrize("lang", ["en", "zh", "xx"])
def test_the_page_stands_alone_and_is_well_formed(lang: str) -> None:
    page = write_report(make_session(), "html", lang).decode()

    body = page.removeprefix("<!doctype html>").replace('<meta charset="utf-8">', "")
    body = body.replace('<meta name="viewport" content="width=device-width">', "")
    ElementTree.fromstring(body)
    assert not re.search(r"https?://|<script|<img|<link|url\(", page)
    assert ("&lt;62&gt;" in page) == (lang != "zh") and "<62>" not in page
    assert (CHINESE if lang == "zh" else ENGLISH)["title"] in page
    assert page.count("<svg") == 6 and "somewhere new" in page


def test_what_was_never_measured_has_no_chart() -> None:
    session = Session()
    session.add(moment(0.0, age_p95_ms=None))

    assert ENGLISH["age"] not in write_report(session).decode()


@pytest.mark.parametrize("why", SENTENCES)
def test_every_reason_of_a_size_is_told_in_chinese(why: str) -> None:
    session = Session()
    session.add(moment(0.0))
    figures = {"size_why": why, "size_before": 384, "size_took_ms": 62.4, "size_allowed_ms": 45.0}
    session.add(moment(1.0, longest=320, size_sentence="Smaller.", **figures))

    chinese, english = (write_report(session, "html", lang).decode() for lang in ("zh", "en"))
    told = CHINESE[f"why.{why}"].format(**figures, longest=320)
    assert told in chinese and "320" in told and "Smaller." not in chinese
    assert "Smaller." in english


def test_the_json_holds_every_moment() -> None:
    told = json.loads(write_report(make_session(), "json"))

    assert len(told["moments"]) == 60 and told["moments"][59]["fps"] == 10.0
    assert told["summary"]["grade"] == "B" and told["changes"][0]["now"] == "320"


def test_a_session_without_a_frame_says_so() -> None:
    assert ENGLISH["never"] in write_report(Session()).decode()
    assert json.loads(write_report(Session(), "json"))["summary"]["fps"] == 0.0


def test_another_kind_is_refused() -> None:
    with pytest.raises(InvalidOption, match="pdf"):
        write_report(Session(), "pdf")


def test_both_languages_have_the_same_words() -> None:
    # the loop's own sentences are English
    assert ENGLISH.keys() | {f"why.{name}" for name in SENTENCES} == CHINESE.keys()


def test_a_chart_is_to_scale_and_has_gaps() -> None:
    drawing = draw_chart("Rate", "", [0.0, 10.0, 20.0, 30.0], [Series("a", [0.0, 40.0, None, 20.0], "1")])

    assert '<path class="line tone-1" d="M44.0 158.0L266.7 8.0"/>' in drawing, (
        "0 at the bottom, the most on top"
    )
    assert drawing.count('class="line') == 2


@pytest.mark.parametrize(
    ("highest", "step"), [(0.0, 0.25), (3.2, 1.0), (20.5, 10.0), (640.0, 200.0), (99.0, 25.0)]
)
def test_steps_are_round(highest: float, step: float) -> None:
    assert choose_step(highest) == pytest.approx(step)


def test_long_lines_are_thinned() -> None:
    times = [float(second) for second in range(5000)]

    (run,) = split(times, times)

    assert 300 <= len(run) <= 600


def test_times_are_written_as_people_do() -> None:
    assert [show_time(each) for each in (5, 65, 3725)] == ["0:05", "1:05", "1:02:05"]
