"""`./run.sh start`: a port first, then the page."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from socket import socket

import typer

from pipelines.settings import Settings
from server.listening import PortTaken, listen, listen_near


def start_page(settings: Settings, chosen: bool) -> None:
    """Serve until stopped. `chosen`: the port was named by a person, so no other one will do.

    Raises PortTaken, InvalidOption, DeviceUnavailable.
    """
    door = open_door(settings, chosen, ask=confirm if sys.stdin.isatty() else None)
    from app import serve

    with door:
        serve(replace(settings, port=door.getsockname()[1]), door)


def open_door(settings: Settings, chosen: bool, ask: Callable[[str], bool] | None) -> socket:
    """Open the settings' port; when it is taken and nobody chose it, the next free one.

    With a terminal `ask` has the last word; without one the next port is taken and said.
    """
    try:
        return listen(settings.host, settings.port)
    except PortTaken as taken:
        if chosen:
            raise
        door = listen_near(settings.host, settings.port)
        port = door.getsockname()[1]
        typer.echo(taken.message if ask else f"{taken.message} Using {port} instead.", err=True)
        if ask and not ask(f"Use {port} instead?"):
            door.close()
            raise PortTaken("Inkframe was not started.", "Choose a port: --port NUMBER.") from taken
        return door


def confirm(question: str) -> bool:
    """Ask on the terminal; Enter says yes."""
    return typer.confirm(question, default=True, err=True)
