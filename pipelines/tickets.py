"""Tickets: links that a signed-in page hands out, so that a plain download needs no header of its own."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable

VALID_SECONDS = 12 * 3600


class Tickets:
    """Signs paths of this server with a secret that lives as long as the process.

    The clock is one that nobody can set, so a ticket neither dies early nor lives on when the date changes.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._secret = secrets.token_bytes(32)
        self._clock = clock

    def sign(self, path: str, seconds: float = VALID_SECONDS) -> str:
        """Give the query, `ticket=...`, that opens GET `path` (as the server sees it: decoded, no query)."""
        until = int(self._clock() + seconds)
        return f"ticket={until}.{self._seal(path, until)}"

    def allows(self, path: str, ticket: str) -> bool:
        """Whether the ticket was made here for exactly this path and is not over; compared in constant time."""
        text, _, seal = ticket.partition(".")
        if not (text.isascii() and text.isdigit() and len(text) < 20 and seal.isascii()):
            return False
        until = int(text)
        return hmac.compare_digest(seal, self._seal(path, until)) and self._clock() <= until

    def _seal(self, path: str, until: int) -> str:
        return hmac.new(self._secret, f"{until} {path}".encode(), hashlib.sha256).hexdigest()
