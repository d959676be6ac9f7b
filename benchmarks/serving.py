"""A server in a process of its own, as its users run it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pipelines.settings import ROOT

START_SECONDS, STOP_SECONDS = 90.0, 20.0
APP = ("cli.py", "start", "--offline", "--host", "127.0.0.1")


@contextmanager
def served(
    words: Sequence[str], folder: str | Path, log: Path | None = None, **environ: str
) -> Iterator[tuple[int, str]]:
    """Python with these words and a free port, keeping to a folder: its process id and address.

    `log` takes what it says. Raises TimeoutError when it does not start.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    places = {"INKFRAME_OUTPUTS": str(folder), "GRADIO_TEMP_DIR": str(folder)}
    command = [sys.executable, *words, "--port", str(port)]
    with open(log or os.devnull, "wb") as said:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | places | environ, stdout=said, stderr=said
        )
        address = f"http://127.0.0.1:{port}"
        try:
            wait_until_up(address)
            yield process.pid, address
        finally:
            process.kill()
            process.wait(STOP_SECONDS)


def wait_until_up(address: str) -> None:
    """Raises TimeoutError."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(address + "/healthz", timeout=2).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"{address} did not start")
