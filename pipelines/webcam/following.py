"""Which options the loop follows itself, and which need another drawer."""

from __future__ import annotations

from dataclasses import fields, replace

from pipelines.webcam.adaptive import Goal
from pipelines.webcam.options import LiveOptions

AT_ONCE = frozenset({"target_fps", "smoothing", "floor", "ceiling", "quality", "mirror"})
"""Options that the loop itself follows; any other needs a drawer of its own."""
EVEN = 8
"""Sides are multiples of at least so many px: JPEG and H.264 code blocks."""


def make_goal(options: LiveOptions, multiple: int = 1) -> Goal:
    """What the options ask of the size, in multiples that a drawer likes."""
    whole = multiple * -(-EVEN // multiple)
    return Goal(options.target_fps, int(options.floor), int(options.ceiling), whole)


def needs_drawer(before: LiveOptions, after: LiveOptions) -> bool:
    """Whether what is drawn differs, not only how it is shown."""
    names = {item.name for item in fields(before)} - AT_ONCE
    return any(getattr(before, name) != getattr(after, name) for name in names)


def stay_with(drawn: LiveOptions, asked: LiveOptions) -> LiveOptions:
    """What is drawn goes on; what the loop follows itself is taken over from what was asked."""
    return replace(drawn, **{name: getattr(asked, name) for name in AT_ONCE})
