"""A browser's WebRTC offer, read before WebRTC acts on it: one video, and offline nobody outside the own network."""

from __future__ import annotations

import ipaddress
from typing import Any

from pipelines.errors import BadInput

LONGEST = 60_000
SECTION, VIDEO, CANDIDATE = "m=", "m=video ", "a=candidate:"
HOST = 4
"""Which word of a candidate is its address."""
MULTICAST = ".local"
"""How names end that a browser shows in the place of an address; only the own network is asked for them."""


def read_offer(sdp: Any, *, offline: bool) -> str:
    """The SDP of a client's offer; `offline` without candidates outside, each of which would be sent packets.

    Raises BadInput for what is no SDP, and for all but one video: what else is offered would be received and decoded
    though nobody takes it.
    """
    if not isinstance(sdp, str) or len(sdp) > LONGEST:
        raise BadInput("An offer has no SDP.", 'Send {"type": "offer", "sdp": "v=0..."}.')
    lines = sdp.splitlines()
    sections = [line for line in lines if line.startswith(SECTION)]
    if len(sections) != 1 or not sections[0].startswith(VIDEO):
        raise BadInput(
            "A WebRTC offer is for one video and nothing else.", "Leave out sound, data and others."
        )
    kept = [line for line in lines if not (offline and leads_outside(line))]
    return "\r\n".join([*kept, ""])


def leads_outside(line: str) -> bool:
    """Whether a line of an SDP is a candidate that is not known to be in the own network."""
    if not line.startswith(CANDIDATE):
        return False
    host = next(iter(line[len(CANDIDATE) :].split()[HOST:]), "")
    if host.endswith(MULTICAST):
        return False
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return True
    return not (getattr(address, "ipv4_mapped", None) or address).is_private
