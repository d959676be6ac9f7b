"""A real server for tests: uvicorn in a thread, on a free port of loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from pipelines.settings import ROOT


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


@contextmanager
def serve(app: Any) -> Iterator[str]:
    """Serve `app` until the block ends; gives its address."""
    config = uvicorn.Config(app, host="127.0.0.1", port=free_port(), log_level="error", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                raise RuntimeError("the server did not start")
            time.sleep(0.02)
        yield f"http://127.0.0.1:{config.port}"
    finally:
        server.should_exit = True
        thread.join(10)


def wait_until_up(address: str, seconds: float = 60.0) -> str:
    """Wait until /healthz answers; gives the address back. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            httpx.get(address + "/healthz")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return address
    raise TimeoutError(f"{address} did not start")


@contextmanager
def started_app(folder: Path, hub: str = "") -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """`cli.py start` in a process of its own, on the CPU, keeping to `folder`; its address too.

    Offline, or with the hub at that address, from which it fetches nothing unasked.
    """
    reach = ["--modelscope-endpoint", hub, "--models", "none"] if hub else ["--offline"]
    with started_command([str(ROOT / "cli.py"), "start", "--device", "cpu", *reach], folder) as started:
        yield started


@contextmanager
def started_command(words: list[str], folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Python with these words and `--port PORT`, which serves an app that keeps to `folder`; its address too."""
    port = free_port()
    environ = os.environ | {"INKFRAME_OUTPUTS": str(folder / "o"), "INKFRAME_WEIGHTS": str(folder / "w")}
    command = [sys.executable, *words, "--port", str(port)]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, cwd=ROOT)
    try:
        yield process, wait_until_up(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(20)
