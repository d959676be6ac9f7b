"""Cancelling work that is a plain function: it is asked to stop, and does at its next step."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.progress import Progress

MOST = 1000


class Stopped(Exception):
    """The work was cancelled by its owner."""


class Recent:
    """The last MOST of the names that were added: visitors come for ever, and few say that they go."""

    def __init__(self) -> None:
        self._names: dict[str, None] = {}

    def add(self, name: str) -> None:
        self.drop(name)
        self._names[name] = None
        if len(self._names) > MOST:
            self.drop(next(iter(self._names)))

    def drop(self, name: str) -> None:
        self._names.pop(name, None)

    def __contains__(self, name: str) -> bool:
        return name in self._names


class Stops:
    """Whose work is on its way, whose is going on, and who gave it up, by the page's session."""

    def __init__(self) -> None:
        self._asked: dict[str, threading.Event] = {}
        self._coming, self._given_up = Recent(), Recent()
        self._guard = threading.Lock()

    def expect(self, session: str) -> None:
        """Say that a piece of work is on its way; the one that is going on is asked to stop."""
        with self._guard:
            self._interrupt(session)
            self._coming.add(session)
            self._given_up.drop(session)

    def begin(self, session: str) -> threading.Event:
        """Start a piece of work; an older one of the same session is asked to stop.

        Raises Stopped for work that was given up while it was on its way.
        """
        event = threading.Event()
        with self._guard:
            if session in self._given_up:
                raise Stopped
            self._interrupt(session)
            self._coming.drop(session)
            self._asked[session] = event
        return event

    def ask(self, session: str) -> None:
        """Ask the session's work to stop, and what is on its way not to start."""
        with self._guard:
            self._interrupt(session)
            self._coming.drop(session)
            self._given_up.add(session)

    def end(self, session: str, event: threading.Event) -> None:
        """Forget a piece of work that came to its end."""
        with self._guard:
            if self._asked.get(session) is event:
                del self._asked[session]

    @contextmanager
    def work(self, session: str) -> Iterator[threading.Event]:
        """A piece of work from its beginning to its end. Raises what `begin` raises."""
        event = self.begin(session)
        try:
            yield event
        finally:
            self.end(session, event)

    def _interrupt(self, session: str) -> None:
        event = self._asked.pop(session, None)
        if event is not None:
            event.set()

    def busy(self, session: str) -> bool:
        """Whether the session's work is going on or on its way."""
        with self._guard:
            return session in self._asked or session in self._coming


def stoppable(progress: Progress, event: threading.Event) -> Progress:
    """A progress that raises Stopped at the next step once the event is set."""

    def step(fraction: float, what: str) -> None:
        if event.is_set():
            raise Stopped
        progress(fraction, what)

    return step
