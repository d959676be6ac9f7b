"""Where a broadcast goes: a server and a stream key that is shown to nobody."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, quote, unquote, urlsplit

from pipelines.errors import InvalidOption
from pipelines.webcam.broadcast_presets import Preset

PORTS = {"rtmp": 1935, "rtmps": 443}
"""Schemes that are taken, with the port of each."""
LONGEST = 1000
MASK = "••••"
TELLING = 4
"""Parts of a key that are shorter are no secret: hiding them would tear ordinary words apart."""
GRAPHIC = re.compile(r"[!-~]*")
EXAMPLE = "Use an address such as rtmp://server/live and nothing else."


@dataclass(frozen=True)
class Target:
    """`server` ends in a slash; neither it nor any text made of this object holds the `key`."""

    server: str
    host: str
    port: int
    key: str = field(repr=False)

    @property
    def url(self) -> str:
        """The whole address. It holds the key: never to be logged, shown or put in a list of arguments."""
        return self.server + self.key

    @property
    def secure(self) -> bool:
        """Whether the connection is encrypted."""
        return self.server.lower().startswith("rtmps:")

    def __str__(self) -> str:
        return self.server + MASK

    def mask(self, text: str) -> str:
        """The text without the key, its parts, and what escaping makes of them."""
        for secret in sorted(_list_secrets(self.key), key=len, reverse=True):
            text = text.replace(secret, MASK)
        return text


def read_target(preset: Preset, server: str, key: str, *, offline: bool = False) -> Target:
    """What the user typed; an empty `server` is the preset's. A custom address may end in its key.

    `offline` leaves only this machine itself. Raises InvalidOption, whose words never hold the key.
    """
    server, key = server.strip() or preset.server, key.strip()
    parts = _split(server)
    if not key:
        server, key = _split_key(server, parts)
    _check_key(key)
    host = parts.hostname or ""
    if offline and not _is_here(host):
        raise InvalidOption(
            "Inkframe is offline and opens no connection to the outside.",
            "Start it without --offline or INKFRAME_OFFLINE.",
        )
    return Target(server.rstrip("/") + "/", host, parts.port or PORTS[parts.scheme.lower()], key)


def _split(server: str) -> SplitResult:
    """The parts of an address that is a server's and nothing more."""
    if not server:
        raise InvalidOption("A server is needed.", EXAMPLE)
    if not GRAPHIC.fullmatch(server) or len(server) > LONGEST:
        raise InvalidOption(
            "The server's address has spaces, line breaks or letters that no address has.", EXAMPLE
        )
    try:
        parts = urlsplit(server)
        port = parts.port
    except ValueError:
        raise InvalidOption("The server's address can't be read.", EXAMPLE) from None
    if parts.scheme.lower() not in PORTS:
        raise InvalidOption("A broadcast goes to rtmp:// or rtmps:// and nothing else.", EXAMPLE)
    if parts.username is not None or parts.query or parts.fragment or set(server) & set("?#|\\'\"<>"):
        raise InvalidOption(
            "The server's address holds options or a password.",
            "What follows a ? belongs into the stream key.",
        )
    if not parts.hostname or port == 0 or not parts.path.strip("/"):
        raise InvalidOption("The server's address lacks its server or its application.", EXAMPLE)
    return parts


def _split_key(server: str, parts: SplitResult) -> tuple[str, str]:
    steps = parts.path.strip("/").split("/")
    if len(steps) < 2 or server.endswith("/"):
        raise InvalidOption("The stream key is missing.", "Copy it from the platform's page for streamers.")
    return server.removesuffix(steps[-1]), steps[-1]


def _check_key(key: str) -> None:
    if re.search(r"\s", key):
        raise InvalidOption("The stream key has a space or a line break in it.", "Copy it again, all of it.")
    if not GRAPHIC.fullmatch(key) or len(key) > LONGEST:
        raise InvalidOption(
            "The stream key has letters that no key has.", "Copy it again, and nothing beside."
        )
    if "://" in key:
        raise InvalidOption(
            "The stream key is an address.", "The address belongs into the field for the server."
        )


def _list_secrets(key: str) -> set[str]:
    values = {part.partition("=")[2] or part for part in re.split(r"[?&/]", key)}
    found = {key, *(value for value in values if len(value) >= TELLING)}
    return {
        form for each in found for form in (each, quote(each), quote(each, safe=""), unquote(each)) if form
    }


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
