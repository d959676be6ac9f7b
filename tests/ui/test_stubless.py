"""Gradio without the stubs that it writes for editors."""

from __future__ import annotations

import subprocess
import sys

from pipelines.settings import ROOT

READ = """
import inspect
read, real = [], inspect.getfile
inspect.getfile = lambda thing: read.append(thing) or real(thing)
import {first}
import gradio
{define}
print([each.__name__ for each in read if isinstance(each, type) and each.__module__.split(".")[0] != "pydantic"])
"""
"""Says which classes' sources are looked for, as the writing of stubs does."""
OWN = "class Own(gradio.Textbox): pass"


def classes_read(first: str, define: str = "") -> str:
    command = [sys.executable, "-c", READ.format(first=first, define=define)]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def test_no_component_is_read_for_a_stub_and_gradio_alone_reads_all() -> None:
    assert "Textbox" in classes_read("sys")
    assert classes_read("ui", OWN) == "[]"
