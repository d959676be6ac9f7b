"""How the page treats its events, and what one of them carries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import gradio as gr

NEWEST: dict[str, Any] = {"trigger_mode": "always_last"}
"""For events that read the form as it is: none is dropped, the last one counts."""
RAW: dict[str, Any] = {"preprocess": False}
"""For events that take files, see ui/upload.py. All other values are checked by the task's options."""


def set_rules(events: Iterable[Any]) -> None:
    """Set what is the same for all events of the page, so that none of them needs to say it.

    An event is nobody's API. It shows its progress only where it says where or how. One that carries a wish
    (`gr.EventData`) is never dropped. It waits in the queue only if it says how many may work at once.
    """
    for event in events:
        event.api_visibility = "private"
        if event.show_progress == "full" and event.show_progress_on is None:
            event.show_progress = "hidden"
        if event.show_progress == "hidden":
            # the page looks each output up, among all its parts, at each step of each event, also for what is hidden
            event.show_progress_on = []
        if event.collects_event_data:
            # by itself Gradio drops what comes while the one before is on its way, and where it would wait
            # ("always_last") it brings the first one's data again
            event.trigger_mode = "multiple"
        event.queue = event.fn is not None and event.concurrency_limit != "default"


def facts_of(event: gr.EventData) -> Mapping[str, Any]:
    """What a script of ours put into `trigger`; empty where the event was called by hand, without or with another."""
    given = event._data
    return given if isinstance(given, dict) else {}
