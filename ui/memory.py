"""What the browser remembers between visits: the form and the last run, in its local storage."""

from __future__ import annotations

from typing import Any

import gradio as gr

# Gradio encrypts what it stores and makes a new key at every start unless it is given one. Nothing secret
# is kept here; the fixed key only makes the values outlive a restart.
KEY, READABLE = "inkframe", "inkframe-settings"


def build_memory(tab: str) -> Any:
    """A tab's memory: {"run": id, "settings": {...}}."""
    return gr.BrowserState({}, storage_key=f"{KEY}.{tab}", secret=READABLE)


def recall(kept: Any) -> tuple[str, dict[str, Any]]:
    """The last run's id and settings from a memory that anyone may have written into."""
    if not isinstance(kept, dict):
        return "", {}
    run, settings = kept.get("run"), kept.get("settings")
    return run if isinstance(run, str) else "", settings if isinstance(settings, dict) else {}
