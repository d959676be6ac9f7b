"""RESULTS.md: what failed says so and leaves no older figures; one section can be measured anew."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from benchmarks import results
from benchmarks.__main__ import NAMES, build_parser
from benchmarks.claims import CLAIMS, Claim, judge_section
from benchmarks.results_page import MADE_UP, QUICK, UNSAID, render_page
from benchmarks.sections import SECTIONS, Section
from pipelines.settings import ROOT

MACHINE = {"processor": "a mill", "cores": "2"}
JITTER = {"jitter": {"inkframe, crf 17": {"rms": 0.018}}}
WRONG = Section("Nonsense", "matting --only quality --users 3", "", 0.01)


def found(**more: Any) -> dict[str, Any]:
    """A section's record, as `measure` makes it."""
    record = {"command": "python -m benchmarks video --only jitter", "text": "| a |", "figures": JITTER}
    record |= {
        "problem": "",
        "quick": False,
        "made_up": False,
        "seconds": 3.0,
        "date": "2026-01-01 10:00 UTC",
    }
    return record | {"commit": "abc", "machine": MACHINE} | more


@pytest.fixture
def place(tmp_path: Path) -> results.Place:
    return results.beside(tmp_path / "RESULTS.md")


def test_a_section_that_fails_says_why_and_keeps_no_older_figures(
    place: results.Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given figures of an earlier run
    results.keep("video-jitter", found(), place)
    assert "0.018" in place.page.read_text()
    # when that section's benchmark no longer runs
    monkeypatch.setattr(results, "SECTIONS", {"video-jitter": WRONG})
    assert results.write_results(None, None, False, place) == 1
    # then the page says why
    page = place.page.read_text()
    assert "It failed:" in page
    assert "does not take --users" in page
    assert "0.018" not in page


def test_only_what_is_named_is_measured_anew(place: results.Place, monkeypatch: pytest.MonkeyPatch) -> None:
    results.keep("video-jitter", found(), place)
    results.keep("batch", found(text="| old batch |"), place)
    monkeypatch.setattr(results, "measure", lambda *given: found(text="| new jitter |"))
    assert results.write_results(["video-jitter"], None, False, place) == 0
    page = place.page.read_text()
    assert "| new jitter |" in page
    assert "| old batch |" in page


def test_an_unknown_section_changes_nothing(place: results.Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert results.write_results(["nonesuch"], None, False, place) == 2
    assert "nonesuch" in capsys.readouterr().err
    assert not place.page.exists()


def test_what_takes_too_long_is_stopped(tmp_path: Path) -> None:
    assert "was stopped" in results.run_child(["matting"], tmp_path / "said", 0.05)


def test_a_quick_run_and_what_was_not_measured_are_said_and_not_judged() -> None:
    for why, said in ({"quick": True}, QUICK), ({"made_up": True}, MADE_UP):
        page = render_page({"video-jitter": found(**why)})
        assert said in page
        assert "| not measured | ≤ 0.02 px/frame² | - |" in page
        assert page.count(UNSAID) == len(SECTIONS) - 1


def test_a_section_from_another_machine_names_it() -> None:
    newer = found(date="2026-02-01 10:00 UTC", machine={"processor": "a new mill"})
    page = render_page({"batch": found(), "video-jitter": newer})
    assert "| processor | a new mill |" in page
    assert "On another machine: a mill, 2." in page


def test_promises_are_read_from_the_figures() -> None:
    assert list(judge_section("video-jitter", JITTER)) == [
        ["1080p as written (crf 17)", "0.018 px/frame²", "≤ 0.02 px/frame²", "yes"]
    ]
    assert [row[3] for row in judge_section("video-jitter", {})] == ["-"]
    assert {row[3] for row in judge_section("live-page", {"page": {}})} == {"-"}
    assert {row[3] for row in judge_section("live-sessions", {"sessions": []})} == {"-"}
    assert not Claim("", lambda f: 1.0, 2.0).judge(1.9)
    assert Claim("", lambda f: 1.0, 2.0, at_most=True).judge(1.9)


def test_every_section_is_a_command_and_every_promise_has_a_section() -> None:
    assert set(CLAIMS) <= set(SECTIONS)
    for section in SECTIONS.values():
        given = build_parser().parse_args([*section.command(Path("data"), quick=True)])
        assert given.name in NAMES
        assert given.quick
    assert sum(section.minutes for section in SECTIONS.values()) <= 40


def test_figures_keep_the_digits_that_matter() -> None:
    assert results.round_all({"a": [1.2345678, 3], "b": "c"}) == {"a": [1.2346, 3], "b": "c"}


def test_a_child_of_all_writes_its_tables_and_figures(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # given a benchmark that is a script of one line
    places = "(sys.argv[sys.argv.index(name) + 1] for name in ('--tables', '--json'))"
    script = f"import sys; [open(place, 'w').write('{{\"a\": 0.123456}}') for place in {places}]"
    real = results.subprocess.Popen

    def begin(command: list[str], **more: Any) -> Any:
        return real([sys.executable, "-c", script, *command[3:]], **more)

    monkeypatch.setattr(results.subprocess, "Popen", begin)
    made = results.measure(SECTIONS["batch"], tmp_path, True, 60)
    assert made["figures"] == {"a": 0.12346}
    assert made["command"] == "python -m benchmarks batch --only speed --data DATA/matting --quick"
    assert made["made_up"]
    assert (made["problem"], json.loads(made["text"])) == ("", {"a": 0.123456})


@pytest.mark.parametrize("made_up", [True, False])
def test_what_a_benchmark_made_up_does_not_count(
    made_up: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def run(words: list[str], *given: Any) -> str:
        Path(words[words.index("--tables") + 1]).write_text("| a |")
        Path(words[words.index("--json") + 1]).write_text(json.dumps({"a": 1, "made_up": made_up}))
        return ""

    monkeypatch.setattr(results, "run_child", run)
    made = results.measure(SECTIONS["cartoon-speed"], None, True, 60)
    assert made["made_up"] is made_up
    assert made["figures"] == {"a": 1}


def test_what_failed_names_no_folder_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(results, "run_child", lambda *given: f"It failed: {tmp_path}/matting is not there")
    made = results.measure(SECTIONS["batch"], tmp_path, True, 60)
    assert made["problem"] == "It failed: DATA/matting is not there"


def test_asked_to_end_all_takes_its_section_along(tmp_path: Path) -> None:
    # given a section that sleeps
    child, says = tmp_path / "python", tmp_path / "pid"
    child.write_text(f"#!/bin/sh\necho $$ > {says}.new\nmv {says}.new {says}\nexec sleep 60\n")
    child.chmod(0o755)
    words = ["benchmarks", "all", "--only", "batch", "--into", str(tmp_path / "page.md")]
    script = f"import sys; sys.executable, sys.argv = {str(child)!r}, {words!r}\n"
    script += "from benchmarks.__main__ import main; main()"
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        while not says.exists() and process.poll() is None:
            time.sleep(0.05)
        # when the whole is asked to end
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 128 + signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(int(says.read_text()), 0)
