"""What is kept of a live session: snapshots and recordings, as runs of the history."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from pipelines.errors import BadInput
from pipelines.studio import Studio
from server.live_session import Extra, LiveSession


def bind_keeping(studio: Studio) -> Mapping[str, Extra]:
    """The wishes "snapshot" and "record": {"on"}; each new run is told by "saved": {"kind", "run"}."""
    return {"snapshot": partial(_snap, studio), "record": partial(_record, studio)}


def _snap(studio: Studio, session: LiveSession, message: Mapping[str, Any]) -> None:
    from pipelines.webcam.snapshot import open_frame, save_snapshot

    newest = session.newest
    rgb = None if newest is None else open_frame(newest.rgb, newest.jpeg)
    run = save_snapshot(studio, rgb, session.options, session.drawer)
    session.tell("saved", kind="snapshot", run=run.id)


def _record(studio: Studio, session: LiveSession, message: Mapping[str, Any]) -> None:
    running = session.endings.get("recording")
    if message.get("on") is False:
        if running is not None:
            session.end("recording")
        return
    if running is not None:
        raise BadInput("It records already.", "Stop the recording first.")
    if session.loop is None:
        raise BadInput("There is nothing to record yet.", "Start the camera first.")
    _begin(studio, session)


def _begin(studio: Studio, session: LiveSession) -> None:
    from pipelines.webcam.recording import Recording

    recording = Recording(studio, session.options, session.drawer, stats=session.stats)
    leave = session.loop.tap(recording.frame) if session.loop is not None else lambda: None
    session.ears["recording"] = recording.sound
    session.changes["recording"] = recording.change
    session.facts["recording"] = recording.state

    def finish() -> None:
        leave()
        run = recording.finish()
        session.tell("saved", kind="recording", run=run.id)

    session.endings["recording"] = finish
