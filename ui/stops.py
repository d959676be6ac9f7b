"""Cancelling work that is a plain function: it is asked to stop, and does at its next step."""

from __future__ import annotations

import threading

from pipelines.progress import Progress


class Stopped(Exception):
    """The work was cancelled by its owner."""


class Stops:
    """Who has asked to stop, by the page's session."""

    def __init__(self) -> None:
        self._asked: dict[str, threading.Event] = {}
        self._guard = threading.Lock()

    def begin(self, session: str) -> threading.Event:
        """Start a piece of work; an older one of the same session is asked to stop."""
        event = threading.Event()
        with self._guard:
            older = self._asked.get(session)
            self._asked[session] = event
        if older is not None:
            older.set()
        return event

    def ask(self, session: str) -> None:
        """Ask the session's work to stop."""
        with self._guard:
            event = self._asked.pop(session, None)
        if event is not None:
            event.set()

    def end(self, session: str, event: threading.Event) -> None:
        """Forget a piece of work that came to its end."""
        with self._guard:
            if self._asked.get(session) is event:
                del self._asked[session]


def stoppable(progress: Progress, event: threading.Event) -> Progress:
    """A progress that raises Stopped at the next step once the event is set."""

    def step(fraction: float, what: str) -> None:
        if event.is_set():
            raise Stopped
        progress(fraction, what)

    return step
