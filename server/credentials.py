"""What proves that somebody may come in: a header, or the cookie of a browser that has signed in."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable

from pipelines.settings import Settings

VALID_SECONDS = 7 * 24 * 3600
MOST_SESSIONS = 1000
"""The oldest goes when there is one more."""


class SignIns:
    """The browsers that have signed in. They are kept as hashes, and forgotten when the process ends."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[bytes, float] = {}

    def open(self) -> str:
        """A new session: what its cookie holds."""
        session = secrets.token_urlsafe(32)
        self._until[_hash(session)] = self._clock() + VALID_SECONDS
        while len(self._until) > MOST_SESSIONS:
            del self._until[next(iter(self._until))]
        return session

    def knows(self, session: str) -> bool:
        """Whether a session was begun here and has not ended."""
        return self._until.get(_hash(session), -1.0) > self._clock()

    def close(self, session: str) -> None:
        self._until.pop(_hash(session), None)


def may_enter(authorization: str, settings: Settings) -> bool:
    """Whether an Authorization header opens the server: `Bearer TOKEN`, or HTTP Basic with the login."""
    if settings.token and _same(authorization, f"Bearer {settings.token}"):
        return True
    if settings.login and _same(_read_basic(authorization), settings.login):
        return True
    return not settings.wants_sign_in


def may_sign_in(user: str, password: str, settings: Settings) -> bool:
    """Whether the form of the sign-in page opens the server; the token goes as a password, under any name."""
    as_login = bool(settings.login) and _same(f"{user}:{password}", settings.login)
    as_token = bool(settings.token) and _same(password, settings.token)
    return as_login or as_token


def _read_basic(authorization: str) -> str:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, ValueError):
        return ""


def _same(given: str, wanted: str) -> bool:
    """Compare in constant time; both are hashed, so that not even the length can be told from it."""
    return hmac.compare_digest(_hash(given), _hash(wanted))


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
