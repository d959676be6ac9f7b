"""Why a broadcast does not get through, in words that hold neither address nor key."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass

from pipelines.webcam.broadcast_target import Target

REACH_SECONDS = 4.0


@dataclass(frozen=True)
class Problem:
    """What happened and what to do."""

    message: str
    hint: str


WAIT = "It is tried again by itself; look whether the platform or the network has a fault."
NO_NAME = Problem("The server's name is not known.", "Check the address and the connection to the internet.")
NO_ANSWER = Problem("The server does not answer.", WAIT)
CLOSED = Problem("The server takes no streams right now.", WAIT)
NO_WAY = Problem("There is no way to the server.", "Check the connection to the internet.")
UNTRUSTED = Problem(
    "The server's certificate is not valid.",
    "Check the address: the stream key is only sent to a server that proves who it is.",
)
PLAIN = Problem("The server does not speak rtmps.", "Use the platform's address as it stands there.")
REFUSED = Problem(
    "The server refused the stream.",
    "Check the stream key and that the broadcast was begun on the platform's page; keys change with each one.",
)
LOST = Problem("The connection to the server broke.", WAIT)
STUCK = Problem("The server takes no more data.", "The connection may be too slow: choose a lower bit rate.")
ENCODER = Problem("ffmpeg stopped encoding.", "Choose another size or rate; the log says more.")
AT_STAGE = {"encoder": ENCODER, "server": REFUSED, "stream": REFUSED}
"""What it means when the relay fails, by how far it had come; a stream that lasted is LOST."""


def reach(target: Target) -> Problem | None:
    """Open a connection to the server and close it again: None when that works within REACH_SECONDS.

    Of an rtmps server the certificate is checked here, as FFmpeg by itself takes any.
    """
    try:
        with socket.create_connection((target.host, target.port), timeout=REACH_SECONDS) as link:
            if target.secure:
                trust_authorities().wrap_socket(link, server_hostname=target.host).close()
    except socket.gaierror:
        return NO_NAME
    except ConnectionRefusedError:
        return CLOSED
    except TimeoutError:
        return NO_ANSWER
    except ssl.SSLCertVerificationError:
        return UNTRUSTED
    except ssl.SSLError:
        return PLAIN
    except OSError:
        return NO_WAY
    return None


def trust_authorities() -> ssl.SSLContext:
    """The system's certificate authorities, and those of certifi: slim containers have none of their own."""
    context = ssl.create_default_context()
    with suppress(ImportError):
        import certifi

        context.load_verify_locations(certifi.where())
    return context
