"""What a page's event carries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr


def facts_of(event: gr.EventData) -> Mapping[str, Any]:
    """What a script of ours put into `trigger`; empty where the event was called by hand, without or with another."""
    given = event._data
    return given if isinstance(given, dict) else {}
