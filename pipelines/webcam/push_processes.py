"""The two processes of a broadcast: ffmpeg, which encodes, and the relay, which carries that to the server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from pipelines.webcam import relay
from pipelines.webcam.broadcast_target import Target

RELAY = str(Path(relay.__file__))
ROOMY = 1 << 20
"""Bytes that a pipe should hold: fewer turns for a frame of some MB."""
MODEST = 5
"""The encoder's niceness: the picture on the page comes first."""
END_SECONDS = 1.0
"""What a process is given to end by itself."""


@dataclass(frozen=True)
class Pair:
    """Both processes with their pipes, none of which ever waits: `pictures` and `sound` in, `told` by the relay and
    `complaints` of ffmpeg's out."""

    encoder: subprocess.Popen[bytes]
    relay: subprocess.Popen[bytes]
    pictures: IO[bytes]
    sound: IO[bytes]
    told: IO[bytes]
    complaints: IO[bytes]

    @property
    def ended(self) -> bool:
        """Whether one of them has ended, without which the other is of no use."""
        return self.relay.poll() is not None or self.encoder.poll() is not None

    def close(self) -> None:
        """Wait a moment for both to end, then end them."""
        for pipe in (self.pictures, self.sound):
            with suppress(OSError):
                pipe.close()
        for process in (self.encoder, self.relay):
            end(process)
        self.told.close()
        self.complaints.close()


def launch(target: Target, list_arguments: Callable[[int], list[str]]) -> Pair:
    """Start both. `list_arguments` makes ffmpeg's, of the number of the file it is to read sound on.

    The address goes to the relay through a pipe. Raises OSError.
    """
    sound_out, sound_in = os.pipe()
    address_out, address_in = os.pipe()
    with os.fdopen(address_in, "wb") as address:
        address.write(target.url.encode())
    sound = os.fdopen(sound_in, "wb", buffering=0)
    try:
        carrier = _start([sys.executable, "-I", RELAY, str(address_out)], address_out, subprocess.PIPE)
        try:
            encoder = _start(list_arguments(sound_out), sound_out, carrier.stdin)
        except OSError:
            end(carrier)
            raise
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, encoder.pid, MODEST)
        carrier.stdin.close()  # type: ignore[union-attr]
    except OSError:
        sound.close()
        raise
    finally:
        os.close(sound_out)
        os.close(address_out)
    return _connect(encoder, carrier, sound)


def end(process: subprocess.Popen[bytes]) -> None:
    """Wait END_SECONDS, then kill."""
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _start(arguments: list[str], passed: int, out: Any) -> subprocess.Popen[bytes]:
    """In a session of its own: Ctrl-C is for Inkframe, which ends both in order."""
    relays = out == subprocess.PIPE
    return subprocess.Popen(
        arguments,
        stdin=subprocess.PIPE,
        stdout=out,
        stderr=subprocess.DEVNULL if relays else subprocess.PIPE,
        pass_fds=(passed,),
        bufsize=0,
        start_new_session=True,
    )


def _connect(encoder: subprocess.Popen[bytes], carrier: subprocess.Popen[bytes], sound: IO[bytes]) -> Pair:
    pictures, complaints, told = encoder.stdin, encoder.stderr, carrier.stdout
    if pictures is None or complaints is None or told is None:
        raise OSError("a process came without its pipes")
    for pipe in (pictures, sound):
        with suppress(ImportError, AttributeError, OSError):  # Linux alone has it
            import fcntl

            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, ROOMY)
    for pipe in (pictures, sound, told, complaints):
        os.set_blocking(pipe.fileno(), False)
    return Pair(encoder, carrier, pictures, sound, told, complaints)
