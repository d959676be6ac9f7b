"""`python -m benchmarks NAME`: what can't be measured or written is refused at once, and made-up input is said."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import batch, batch_speed, interpolation, matting, own_environment, video
from benchmarks.table import BEGIN, END, MADE_UP, Report, put_into


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was measured: the interpolation benchmark stood in for, of which some parts yield nothing."""
    done: list[str] = []

    def run(data: Path | None, *, quick: bool, only: str | None) -> Report:
        done.append(only or "all")
        return Report({"a": 1}, ["| a table |"] if only != "speed" else [], made_up=only == "quality")

    monkeypatch.setattr(interpolation, "run", run)
    return done


def call(monkeypatch: pytest.MonkeyPatch, *words: object) -> None:
    monkeypatch.setattr("sys.argv", ["benchmarks", "interpolation", *map(str, words)])
    command.main()


def write_page(folder: Path) -> Path:
    page = folder / "page.md"
    page.write_text(f"{BEGIN}\n\nolder\n\n{END}\n")
    return page


def test_an_unknown_part_is_refused_and_the_page_stays(
    runs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = write_page(tmp_path)
    for part, said in ("nonsense", "there are: quality, speed"), ("speed", "nothing was measured"):
        with pytest.raises(SystemExit, match="2"):
            call(monkeypatch, "--only", part, "--into", page)
        assert said in capsys.readouterr().err
    assert runs == ["speed"]
    assert "older" in page.read_text()
    call(monkeypatch, "--into", page)
    assert "a table" in page.read_text() and "older" not in page.read_text()


def test_what_cannot_be_read_or_written_is_refused_before_anything_is_measured(
    runs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty" / "inside").mkdir(parents=True)
    (tmp_path / "plain.md").write_text("no marks")
    for flag, place in (
        ("--data", "nowhere"),
        ("--data", "empty"),
        ("--data", "plain.md"),
        ("--json", "nowhere/a.json"),
        ("--tables", "nowhere/a.md"),
        ("--into", "plain.md"),
        ("--into", "nowhere.md"),
    ):
        with pytest.raises(SystemExit, match="2"):
            call(monkeypatch, flag, tmp_path / place)
        assert place.partition("/")[0] in capsys.readouterr().err
    assert runs == []


def test_made_up_input_is_said_in_tables_and_figures(
    runs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = tmp_path / "a.json"
    call(monkeypatch, "--only", "quality", "--json", figures)
    assert MADE_UP in capsys.readouterr().out
    assert json.loads(figures.read_text()) == {"a": 1, "made_up": True}
    call(monkeypatch, "--json", figures)
    assert MADE_UP not in capsys.readouterr().out
    assert json.loads(figures.read_text()) == {"a": 1, "made_up": False}


def test_nothing_is_not_put_into_a_page(tmp_path: Path) -> None:
    page = write_page(tmp_path)
    with pytest.raises(ValueError, match="nothing"):
        put_into(page, " \n")
    assert "older" in page.read_text()


def test_benchmarks_say_when_they_made_their_pictures_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("benchmarks.data.DATA", tmp_path)
    monkeypatch.setattr(batch_speed, "add_speed", lambda *given: None)
    monkeypatch.setattr(matting, "add_quality", lambda *given: None)
    monkeypatch.setattr(video, "add_speed", lambda *given: None)
    for module, part in ((batch, "speed"), (matting, "quality"), (video, "speed")):
        assert module.run(None, only=part).made_up
    monkeypatch.setattr(video, "add_jitter", lambda *given: None)
    assert not video.run(None, only="jitter").made_up


def test_a_peer_whose_environment_cannot_be_made_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*given: object, **more: object) -> None:
        raise subprocess.CalledProcessError(1, ["python", "-m", "ensurepip"])

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(own_environment.venv, "create", fail)
    assert own_environment.install_peer("a peer", ["nothing"]) is None
    assert "a peer is left out" in capsys.readouterr().err
