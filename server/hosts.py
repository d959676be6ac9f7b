"""Which names this server goes by.

A hostile page can make its own name point at this machine (DNS rebinding): to the browser our server is then
that page's own. Such a name must be one that can be registered, so that every other name is safe.
"""

from __future__ import annotations

import ipaddress
import socket
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from starlette.datastructures import Headers

UNREGISTRABLE = (".localhost", ".local", ".lan", ".internal", ".home.arpa", ".test")


def is_own_host(header: str, allowed: str) -> bool:
    """Whether a Host header names this server. `allowed` are further names, with commas between them; * is any.

    Without the header it is no browser that asks.
    """
    name = host_name(header)
    if name is None:
        return False
    patterns = [each.strip().lower() for each in allowed.split(",") if each.strip()]
    return (
        not header
        or "." not in name
        or name.endswith(UNREGISTRABLE)
        or _is_address(name)
        or name == socket.gethostname().lower()
        or any(fnmatchcase(name, pattern) for pattern in patterns)
    )


def host_name(header: str) -> str | None:
    """The name in a Host header, without its port and in lower case; None where there is none to be found."""
    try:
        name = urlsplit(f"//{header}").hostname
    except ValueError:
        return None
    return None if header and not name else (name or "").rstrip(".")


def is_foreign(headers: Headers) -> bool:
    """Whether a browser sent this from a page of another site."""
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
