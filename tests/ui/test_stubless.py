"""Gradio without the stubs that it writes for editors."""

from __future__ import annotations

import subprocess
import sys

from pipelines.settings import ROOT

OWN = """
import inspect, ui, gradio
from gradio.component_meta import create_or_modify_pyi as write

def refuse(thing):
    raise AssertionError(f"the source of {thing} is looked for")

inspect.getfile = refuse
class Own(gradio.Textbox): pass
write(Own, "Own", [])
"""
"""Defines a component, for which Gradio would write a stub, and asks for one by hand."""


def test_no_stub_is_written_for_a_component() -> None:
    subprocess.run([sys.executable, "-c", OWN], cwd=ROOT, check=True)


def test_gradio_alone_would_write_one() -> None:
    done = subprocess.run(
        [sys.executable, "-c", OWN.replace(" ui,", "")], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    assert "the source of <class '__main__.Own'> is looked for" in done.stderr
