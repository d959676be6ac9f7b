"""What a live client may ask for besides other options."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from pipelines.studio import Studio
from server.live_broadcast import bind_broadcast
from server.live_keep import bind_keeping
from server.live_report import take_report
from server.live_rtc import take_offer
from server.live_session import Extra, LiveSession


def bind_wishes(studio: Studio) -> Mapping[str, Extra]:
    """Every further kind of message that a session takes, by its type."""
    return {
        "offer": partial(take_offer, offline=studio.settings.offline),
        "report": take_report,
        "renew": _renew,
        **bind_keeping(studio),
        **bind_broadcast(studio),
    }


def _renew(session: LiveSession, message: Mapping[str, Any]) -> None:
    """Draw with what the style in use has become: a net was trained for it. The picture goes on meanwhile."""
    if session.loop is not None:
        session.loop.renew()
