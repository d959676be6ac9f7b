"""The report of a live session, for people or programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.errors import InvalidOption
from server.live_session import LiveSession


def take_report(session: LiveSession, message: Mapping[str, Any]) -> None:
    """The wish "report": {"kind": html | json, "lang"} is met by "report": {"kind", "name", "text"}."""
    from pipelines.webcam.report import write_report

    kind, lang = message.get("kind", "html"), message.get("lang", "en")
    if not isinstance(kind, str) or not isinstance(lang, str):
        raise InvalidOption("A report's kind and language are texts.", "Send html or json, and en or zh-CN.")
    text = write_report(session.story, kind, lang).decode()
    name = f"live-{session.story.began:%Y%m%d-%H%M%S}.{kind}"
    session.tell("report", kind=kind, name=name, text=text)
