"""Gradio without the stubs that it writes for editors."""

from __future__ import annotations

import subprocess
import sys

from pipelines.settings import ROOT

WATCHED = """
import inspect
find = inspect.getfile

def refuse(thing):
    if isinstance(thing, type) and thing.__module__.startswith("gradio."):
        raise AssertionError(f"the source of {thing} is looked for")
    return find(thing)

inspect.getfile = refuse
import %s
"""
"""An import in which Gradio fails as soon as it would write a stub: it looks for its component's source first."""


def import_watched(modules: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-c", WATCHED % modules]
    return subprocess.run(words, cwd=ROOT, stderr=subprocess.PIPE, text=True)


def test_no_stub_is_written_for_a_component() -> None:
    done = import_watched("ui, gradio")
    assert done.returncode == 0, done.stderr


def test_gradio_alone_would_write_one() -> None:
    assert "the source of <class 'gradio." in import_watched("gradio").stderr
