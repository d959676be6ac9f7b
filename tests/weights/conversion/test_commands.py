from __future__ import annotations

import os
import sys
import time

import pytest

from weights.conversion.commands import run_command


def python(code: str) -> list[str]:
    return [sys.executable, "-I", "-c", code]


def test_lines_of_both_streams_are_handed_on() -> None:
    heard: list[str] = []

    outcome = run_command(
        python("import sys; print('one', flush=True); print('two', file=sys.stderr); sys.exit(3)"),
        limit=30,
        environ=os.environ,
        on_line=heard.append,
    )

    assert outcome.code == 3 and not outcome.timed_out
    assert heard == ["one", "two"] == list(outcome.lines)


def test_only_the_given_environment_is_seen() -> None:
    outcome = run_command(
        python("import os; print(os.environ['COLOUR'], 'HOME' in os.environ)"),
        limit=30,
        environ={"COLOUR": "blue"},
    )

    assert outcome.lines == ("blue False",)


def test_time_out_ends_the_command_and_its_children() -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"
    start = time.monotonic()

    outcome = run_command(python(code), limit=0.5, environ=os.environ)

    assert outcome.timed_out and outcome.code != 0
    assert time.monotonic() - start < 20


def test_breaking_off_ends_the_command() -> None:
    def interrupt(line: str) -> None:
        raise KeyboardInterrupt

    start = time.monotonic()

    with pytest.raises(KeyboardInterrupt):
        run_command(
            python("import time; print('go', flush=True); time.sleep(60)"),
            limit=60,
            environ=os.environ,
            on_line=interrupt,
        )

    assert time.monotonic() - start < 20
