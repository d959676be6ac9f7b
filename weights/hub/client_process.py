"""Runs `weights.hub.client` and waits for its answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_ENDPOINT = "https://modelscope.cn"
TICK = 0.1
"""Seconds between two looks at a running call."""
LARGEST_ANSWER = 1 << 24
"""Bytes; a listing names the few files that are asked for."""
LISTING_PATIENCE = 45
"""Seconds for one page of a listing: that of a large repository takes a slow line a while."""
LONGEST_WORDS = 300


class ClientFault(Exception):
    """The client gave up. `kind` is one of those of weights.hub.client.kind_of; of the message, which may be the
    hub's own, stays what a log, a page and a terminal can bear."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(clean(message))
        self.kind = kind


class Cancelled(Exception):
    """The user called the download off."""


@dataclass(frozen=True)
class HubClient:
    """The hub at `endpoint` ("" for ModelScope's own), with a home for the client's bookkeeping.

    `timeout`: seconds without a byte after which a connection counts as lost.
    """

    endpoint: str
    home: Path
    timeout: int = 20

    @property
    def address(self) -> str:
        return self.endpoint or DEFAULT_ENDPOINT

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A process of the client, which is ended with the block: its start takes longer than most of its answers."""
        self.home.mkdir(parents=True, exist_ok=True)
        with subprocess.Popen(
            [sys.executable, "-m", "weights.hub.client"],
            cwd=ROOT,
            env=self.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # nothing is left in a buffer to fail when stdin is closed
            bufsize=0,
            # Ctrl+C is for the app, which then stops the client in its own way
            start_new_session=True,
        ) as process:
            try:
                yield Session(process, self.address)
            finally:
                process.kill()

    def environment(self) -> dict[str, str]:
        """The client's settings: it keeps to this endpoint and to `home`, and leaves retries to us."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MODELSCOPE_")}
        token = os.environ.get("MODELSCOPE_API_TOKEN")
        settings = {
            "MODELSCOPE_API_TOKEN": token,
            "MODELSCOPE_CACHE": str(self.home),
            "MODELSCOPE_HOME": str(self.home),
            "MODELSCOPE_LOG_LEVEL": "ERROR",
            "MODELSCOPE_DOWNLOAD_INTRA_CLOUD": "false",
            "MODELSCOPE_DOWNLOAD_FILE_LOCK": "false",
            "MODELSCOPE_DOWNLOAD_MAX_RETRIES": "0",
            "MODELSCOPE_REPO_TREE_PAGE_MAX_ATTEMPTS": "1",
            "MODELSCOPE_REPO_TREE_PAGE_TIMEOUT_SECONDS": str(LISTING_PATIENCE),
            "MODELSCOPE_API_CONNECT_TIMEOUT": str(min(self.timeout, 8)),
            "MODELSCOPE_DOWNLOAD_TIMEOUT": str(self.timeout),
            # a day: a large file on a slow line is no fault; a dead line is noticed by `timeout`
            "MODELSCOPE_DOWNLOAD_TOTAL_TIMEOUT": "86400",
            "TQDM_DISABLE": "1",
            "PYTHONWARNINGS": "ignore",
        }
        if _is_loopback(self.address):
            settings["NO_PROXY"] = settings["no_proxy"] = "*"
        return kept | {name: value for name, value in settings.items() if value is not None}


@dataclass(frozen=True)
class Session:
    """A running client, which is asked one thing after the other."""

    process: subprocess.Popen[bytes]
    address: str

    def call(
        self, request: dict[str, Any], cancelled: threading.Event, tick: Callable[[], None] | None = None
    ) -> dict[str, Any]:
        """Answer of one request; `tick` is called about ten times a second meanwhile.

        Raises ClientFault, and Cancelled within about 0.1 s after `cancelled` is set.
        """
        assert self.process.stdin is not None
        line = json.dumps({**request, "endpoint": self.address}).encode() + b"\n"
        with suppress(BrokenPipeError):  # it ended at once; the missing answer tells
            self.process.stdin.write(line)
        return _read(self._wait(cancelled, tick))

    def _wait(self, cancelled: threading.Event, tick: Callable[[], None] | None) -> bytes:
        """The line that comes. It is read as it comes: a pipe holds only 64 KB."""
        answer = bytearray()
        reader = threading.Thread(target=_take_in, args=(self.process.stdout, answer), daemon=True)
        reader.start()
        try:
            while reader.is_alive():
                if cancelled.is_set():
                    raise Cancelled
                if tick is not None:
                    tick()
                reader.join(TICK)
            return bytes(answer)
        except BaseException:
            self.process.kill()
            raise
        finally:
            reader.join()


def clean(text: str) -> str:
    """One line of printable letters, LONGEST_WORDS at most; the cause stands at the end more often than not."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    half = LONGEST_WORDS // 2
    return line if len(line) <= LONGEST_WORDS else f"{line[: half - 1]}\u2026{line[-half:]}"


def _take_in(stream: IO[bytes], answer: bytearray) -> None:
    while len(answer) < LARGEST_ANSWER and not answer.endswith(b"\n") and (piece := stream.read(1 << 16)):
        answer += piece


def _read(text: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(text)
    except ValueError:
        raise ClientFault("other", "the download process ended without an answer") from None
    if "error" in answer:
        raise ClientFault(answer["error"], answer["message"])
    return dict(answer)


def _is_loopback(address: str) -> bool:
    host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    return host == "localhost" or host.startswith("127.") or host == "::1"
