"""The socket that the page answers on: opened first of all, so that a taken port is said before anything slow."""

from __future__ import annotations

import errno
import json
import os
import socket
import urllib.request
from pathlib import Path

from pipelines.errors import InkframeError, InvalidOption

NEXT = 20
"""How many ports after a taken one are tried."""
LISTENS = "0A"
"""TCP_LISTEN, as /proc/net/tcp writes it."""


class PortTaken(InkframeError):
    """Another program listens there."""

    code, status = "port_taken", 409


def listen(host: str, port: int) -> socket.socket:
    """Open host:port; port 0 takes any free one.

    Raises PortTaken, InvalidOption for an address that isn't this machine's or a port that may not be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        door = socket.create_server((host, port), family=family, backlog=2048)
    except OverflowError as error:
        raise InvalidOption(f"There is no port {port}.", "Use a number up to 65535.") from error
    except socket.gaierror as error:
        raise InvalidOption(f"{host} is no address.", "Use 0.0.0.0, or 127.0.0.1.") from error
    except OSError as error:
        raise explain_refusal(error, host, port) from error
    # Its connections inherit this. asyncio sets it only where a socket's protocol is given, which create_server
    # leaves open; without it an answer's body waits 40 ms for the word that its head has arrived.
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return door


def explain_refusal(error: OSError, host: str, port: int) -> InkframeError:
    """What the system's answer means for the person who chose host and port."""
    if error.errno == errno.EADDRINUSE:
        return PortTaken(f"Port {port} is taken by {name_holder(port)}.", "Choose another: --port NUMBER.")
    if error.errno in (errno.EACCES, errno.EPERM):
        return InvalidOption(f"Port {port} may not be used by this user.", "Use one from 1024 up.")
    return InvalidOption(f"{host} is no address of this machine.", "Use 0.0.0.0, or 127.0.0.1.")


def listen_near(host: str, port: int) -> socket.socket:
    """Open the first free port after `port`. Raises PortTaken when none of the next 20 is."""
    for each in range(port + 1, min(port + 1 + NEXT, 65536)):
        try:
            return listen(host, each)
        except PortTaken:
            continue
    raise PortTaken(f"The ports after {port} are taken, too.", "Choose another: --port NUMBER.")


def name_holder(port: int) -> str:
    """Who listens on a port: an Inkframe, a program of this user, or nobody that can be seen."""
    if is_inkframe(port):
        return f"an Inkframe that already runs: http://localhost:{port}"
    for process in find_processes(find_sockets(port)):
        try:
            return f"{(process / 'comm').read_text().strip()} (process {process.name})"
        except OSError:
            continue
    return "another program"


def is_inkframe(port: int) -> bool:
    """Whether an Inkframe answers on this port of loopback."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"http://127.0.0.1:{port}/healthz", timeout=1) as answer:
            state = json.loads(answer.read(1 << 20))
    except (OSError, ValueError):
        return False
    return isinstance(state, dict) and {"version", "device", "models"} <= state.keys()


def find_sockets(port: int) -> set[str]:
    """Inode numbers of the sockets that listen on a port; empty where there is no /proc."""
    inodes = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        lines = table.read_text().splitlines()[1:] if table.exists() else []
        for fields in map(str.split, lines):
            if fields[3] == LISTENS and int(fields[1].rpartition(":")[2], 16) == port:
                inodes.add(fields[9])
    return inodes


def find_processes(inodes: set[str]) -> list[Path]:
    """/proc folders of the processes that hold one of these sockets; only this user's can be seen."""
    wanted = {f"socket:[{inode}]" for inode in inodes}
    return [each for each in Path("/proc").glob("[0-9]*") if wanted & open_files(each)]


def open_files(process: Path) -> set[str]:
    """What a process has open, as its links say it; empty when that may not be seen."""
    found = set()
    try:
        for link in (process / "fd").iterdir():
            found.add(os.readlink(link))
    except OSError:
        return found
    return found
