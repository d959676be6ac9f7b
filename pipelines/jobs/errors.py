"""What can't be done with a job as it stands."""

from __future__ import annotations

from pipelines.errors import InkframeError


class WrongState(InkframeError):
    """The job is not in a state in which this can be done to it."""

    code, status = "wrong_state", 409


class Stopped(Exception):
    """Raised inside a job's work when it is to stop: cancelled, or the program ends."""
