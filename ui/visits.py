"""What Gradio keeps of a visit, without its copy of the page's whole configuration.

The copy is what links to a page in its present state ("deep links") are made of. This page has none of these, and
making the copy and keeping it up to date took nearly half of the server's time for a visit.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from gradio import state_holder
from gradio.state_holder import SessionState


class Visit(SessionState):  # type: ignore[misc]
    """The state of one visit: its values, and the parts of the page that differ from the page as it was built."""

    def __init__(self, blocks: Any) -> None:
        super().__init__(SimpleNamespace(default_config=blocks.default_config, blocks={}))

    def _update_config(self, key: int) -> None:
        """Nothing reads it."""

    def _update_value_in_config(self, key: int, value: Any) -> None:
        """Nothing reads it."""


def lighten_visits() -> None:
    """Have Gradio keep visits so."""
    state_holder.SessionState = Visit
