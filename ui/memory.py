"""What the browser remembers between visits: each tab's form and last run, in its local storage.

All of it is under keys that begin with "inkframe.": header.js forgets them together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import gradio as gr

from pipelines.errors import InkframeError
from ui.event_facts import NEWEST

# Gradio encrypts what it stores and makes a new key at every start unless it is given one. Nothing secret
# is kept here; the fixed key only makes the values outlive a restart.
KEY, READABLE = "inkframe", "inkframe-settings"


def build_memory(tab: str) -> Any:
    """A tab's memory: {"run": id, "settings": {...}}."""
    return gr.BrowserState({}, storage_key=f"{KEY}.{tab}", secret=READABLE)


def keep_form(memory: Any, inputs: Sequence[Any], read: Callable[[Sequence[Any]], Any]) -> None:
    """Remember the form at every change of it, not only when it is used. `read` makes options of its values."""

    def keep(kept: Any, *values: Any) -> Any:
        try:
            settings = asdict(read(values))
        except InkframeError:
            return gr.skip()
        return {**(kept if isinstance(kept, dict) else {}), "settings": settings}

    gr.on(
        [part.input for part in inputs if hasattr(part, "input")],
        keep,
        [memory, *inputs],
        memory,
        **NEWEST,
    )


def recall(kept: Any) -> tuple[str, dict[str, Any]]:
    """The last run's id and settings from a memory that anyone may have written into."""
    if not isinstance(kept, dict):
        return "", {}
    run, settings = kept.get("run"), kept.get("settings")
    return run if isinstance(run, str) else "", settings if isinstance(settings, dict) else {}
