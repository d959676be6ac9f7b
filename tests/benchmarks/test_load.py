"""The load test's tables and its look at memory; the load itself is `python -m benchmarks load`."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from benchmarks import batch_pictures, load
from benchmarks.table import Report, put_into
from benchmarks.tree_memory import read_memory_mb, summarise, wait_for_rest

TIMES = {"p50_ms": 10.0, "p95_ms": 20.0, "max_ms": 30.0}


def test_a_server_that_does_not_rest_costs_no_other_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(pid: int) -> float:
        raise TimeoutError("The server still worked after 300 s.")

    monkeypatch.setattr(load, "wait_for_rest", refuse)
    assert load.hold_at_rest(1) is None


def test_who_was_turned_away_is_no_failure() -> None:
    report = Report()
    routes = {
        "POST /a": {"requests": 6, "failures": 1, **TIMES},
        "POST /a (turned away)": {"requests": 4, "failures": 0, **TIMES},
        "GET /never": {"requests": 0, "failures": 0, **TIMES},
    }
    rest = {"before_mb": 700.0, "after_mb": None}
    memory = {"settled_mb": 800.0, "end_mb": 810.0, "most_mb": 900.0, **rest}
    found = {"routes": routes, "troubles": ["POST /a: 500 (1 x)"], "seconds": 5.0, "tracebacks": 1}
    load.add_tables(report, {**found, "users": 3, "minutes": 0.5, "memory": memory})
    figures = report.figures
    assert (figures["requests"], figures["turned_away"], figures["failures"]) == (10, 4, 1)
    assert figures["a_second"] == pytest.approx(2)
    text = report.text()
    assert "| POST /a | 6 | 1 | 10 | 20 | 30 |" in text
    assert "| 700 | - | 800 | 810 | 900 |" in text
    assert "Failed: POST /a: 500 (1 x)" in text
    assert "/never" not in text


def test_without_locust_the_benchmark_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "install_peer", lambda *given: None)
    assert load.run(None).text().strip() == load.LEFT_OUT


def test_what_is_sent_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "FRAMES", 2)
    monkeypatch.setattr(batch_pictures, "SIZE", (90, 60))
    load.write_what_is_sent(None, tmp_path)
    with zipfile.ZipFile(tmp_path / "four.zip") as archive:
        assert archive.testzip() is None
        assert len([name for name in archive.namelist() if name.endswith(".jpg")]) == load.FOUR
    for name in ("photo.jpg", "small.jpg", "frame-000.jpg", "frame-001.jpg"):
        assert (tmp_path / name).read_bytes().startswith(b"\xff\xd8")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads Linux's /proc")
def test_children_count_among_a_process_memory() -> None:
    script = "import sys; held = bytearray(60_000_000); print('there', flush=True); sys.stdin.read()"
    before = read_memory_mb(os.getpid())
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        assert read_memory_mb(os.getpid()) - before > 50
        child.communicate()
    assert read_memory_mb(child.pid) == 0.0


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads Linux's /proc")
def test_what_rests_is_told_from_what_works() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE
    ) as idle:
        assert wait_for_rest(idle.pid, at_rest=2, longest=60) > 1
        idle.communicate()
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as busy:
        try:
            with pytest.raises(TimeoutError, match="still worked after 3 s"):
                wait_for_rest(busy.pid, at_rest=2, longest=3)
        finally:
            busy.kill()


def test_memory_soon_after_the_start_and_towards_the_end_are_medians() -> None:
    held = [100.0, 300.0] * 10 + [500.0] * 15 + [500.0] * 50 + [510.0] * 15
    found = summarise(held)
    assert found == {"settled_mb": 500.0, "end_mb": 510.0, "most_mb": 510.0}
    assert summarise([7.0]) == {"settled_mb": 7.0, "end_mb": 7.0, "most_mb": 7.0}


def test_tables_go_between_a_page_s_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- figures -->\nold\n<!-- end of figures -->\nafter\n")
    for text in ("first", "second"):
        put_into(page, text)
    assert page.read_text() == "before\n<!-- figures -->\n\nsecond\n\n<!-- end of figures -->\nafter\n"
    page.write_text("no marks")
    with pytest.raises(ValueError, match="no <!-- figures -->"):
        put_into(page, "x")
