"""Which options the loop follows itself, which the drawer on stage does, and which need another one."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import fields, replace

from pipelines.webcam.adaptive import Goal
from pipelines.webcam.options import LiveOptions

AT_ONCE = frozenset({"target_fps", "smoothing", "floor", "ceiling", "quality", "mirror"})
"""Options that the loop itself follows."""
ADJUSTED = frozenset({"strength", "keep_colours"})
"""Options that the drawer on stage follows at once; any further one needs a drawer of its own."""
EVEN = 8
"""Sides are multiples of at least so many px: JPEG and H.264 code blocks."""


def make_goal(options: LiveOptions, multiple: int = 1) -> Goal:
    """What the options ask of the size, in multiples that a drawer likes."""
    whole = multiple * -(-EVEN // multiple)
    return Goal(options.target_fps, int(options.floor), int(options.ceiling), whole)


def needs_drawer(before: LiveOptions, after: LiveOptions) -> bool:
    """Whether other nets, styles or backgrounds draw, and not the same ones in another way."""
    return _differ(before, after, {item.name for item in fields(before)} - AT_ONCE - ADJUSTED)


def needs_adjusting(before: LiveOptions, after: LiveOptions) -> bool:
    """Whether the same drawer draws it in another way."""
    return _differ(before, after, ADJUSTED)


def stay_with(drawn: LiveOptions, asked: LiveOptions) -> LiveOptions:
    """The look goes on; all that needs no other one is taken over from what was asked."""
    return replace(drawn, **{name: getattr(asked, name) for name in AT_ONCE | ADJUSTED})


def _differ(before: LiveOptions, after: LiveOptions, names: Set[str]) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in names)
