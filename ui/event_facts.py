"""What a page's event carries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

EVERY: dict[str, Any] = {"trigger_mode": "multiple"}
"""For events that carry a wish. Gradio drops what comes while the one before is on its way, and where it would wait
("always_last") it brings the first one's data again."""
NEWEST: dict[str, Any] = {"trigger_mode": "always_last"}
"""For events that read the form as it is: none is dropped, the last one counts."""


def facts_of(event: gr.EventData) -> Mapping[str, Any]:
    """What a script of ours put into `trigger`; empty where the event was called by hand, without or with another."""
    given = event._data
    return given if isinstance(given, dict) else {}
