"""How often one client may ask: a bucket of requests that fills up again evenly."""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import Callable

from starlette.types import Scope

MOST_CLIENTS = 10_000
"""Those who asked longest ago are forgotten first; they have a full bucket again."""


class Allowance:
    """A bucket a client, holding what it may ask in a minute; 0 sets no limit. For one thread: the event loop's."""

    def __init__(self, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = float(a_minute)
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait(self, client: str) -> int:
        """Seconds until the client may ask again; 0 when it may now."""
        left = self._left(client)
        return 0 if not self._size or left >= 1 else math.ceil((1 - left) * 60 / self._size)

    def spend(self, client: str) -> None:
        """Count a request."""
        if not self._size:
            return
        left = max(0.0, self._left(client) - 1)
        self._buckets.pop(client, None)  # so that the order is that of the last request
        self._buckets[client] = (left, self._clock())
        if len(self._buckets) > MOST_CLIENTS:
            del self._buckets[next(iter(self._buckets))]

    def _left(self, client: str) -> float:
        left, at = self._buckets.get(client, (self._size, 0.0))
        return min(self._size, left + (self._clock() - at) * self._size / 60)


def client_of(scope: Scope) -> str:
    """Who asks: an address. Of an IPv6 address the network, since one client has all of its addresses."""
    host = (scope.get("client") or ("", 0))[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)
    if address.version == 4:
        return str(address)
    return str(address.ipv4_mapped or ipaddress.ip_network((int(address), 64), strict=False))
