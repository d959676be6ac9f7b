"""A ModelScope hub on loopback that the real client downloads from, and that misbehaves on demand.

with StandInHub({"owner/name": {"onnx/model.onnx": contents}}) as hub:
    hub.behave("onnx/model.onnx", "cut", times=1)
    Downloads(catalogue, cache, endpoint=hub.url).start("modnet")
    ...
    hub.requests     # what was asked, in order
"""

from __future__ import annotations

import hashlib
import json
import re
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

Mode = Literal[
    "complete", "cut", "wrong", "slow", "stalled", "absent", "failing", "denied", "hang-up", "portal"
]
"""cut: the body ends half-way; wrong: right size, wrong bytes; slow: throttled to `hub.rate`; stalled: a few
bytes, then silence; absent: 404; failing: 500; denied: 403; hang-up: closed without an answer;
portal: somebody else's page."""

ROUTE = re.compile(r"/api/v1/models/(?P<repo>[^/]+/[^/]+)/repo(?P<listing>/files)?$")
STATUS = {"absent": 404, "failing": 500, "denied": 403}


@dataclass(frozen=True)
class Asked:
    """One request. `path` is the file's path, or "" for a listing; `start` is where its range begins."""

    repo: str
    path: str
    start: int = 0
    revision: str = "master"


class StandInHub:
    """Serves `repos` ({"owner/name": {path: contents}}) at `url` while it is open as a context."""

    def __init__(self, repos: Mapping[str, Mapping[str, bytes]], rate: int = 200_000) -> None:
        self.repos = {repo: dict(files) for repo, files in repos.items()}
        self.rate = rate
        """Bytes a second of a slow file."""
        self.requests: list[Asked] = []
        self.closing = threading.Event()
        self._modes: dict[str, tuple[Mode, int | None]] = {}
        self._guard = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.hub = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> StandInHub:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def behave(self, path: str, mode: Mode, times: int | None = None) -> None:
        """From now on answer `path` like `mode`, for the next `times` requests or for good.

        `path` is a file's path, or a repository's owner/name for its listing.
        """
        with self._guard:
            self._modes[path] = (mode, times)

    def asked_for(self, path: str) -> list[Asked]:
        """The requests for one file, in order."""
        return [asked for asked in self.requests if asked.path == path]

    def take_mode(self, path: str) -> Mode:
        """The mode of the request that has just come in."""
        with self._guard:
            mode, times = self._modes.get(path, ("complete", None))
            if times == 0:
                return "complete"
            if times is not None:
                self._modes[path] = (mode, times - 1)
            return mode


def closed_address() -> str:
    """The address of a hub that refuses every connection."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


class _Server(ThreadingHTTPServer):
    hub: StandInHub
    daemon_threads = True
    # threads of stalled answers are not waited for
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is what many tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        parts, query = urlsplit(self.path), parse_qs(urlsplit(self.path).query)
        route = ROUTE.match(parts.path)
        hub, revision = self.server.hub, query.get("Revision", [""])[0]
        if route is None or route["repo"] not in hub.repos:
            hub.requests.append(Asked(parts.path, ""))
            self._answer_json(404, {"Code": 10010205001, "Success": False, "Message": "not found"})
        elif route["listing"]:
            hub.requests.append(Asked(route["repo"], "", revision=revision))
            self._answer_listing(route["repo"])
        else:
            path, start = query["FilePath"][0], self._range_start()
            hub.requests.append(Asked(route["repo"], path, start, revision))
            self._answer_file(hub.repos[route["repo"]].get(path), path, start)

    def _range_start(self) -> int:
        match = re.match(r"bytes=(\d+)-", self.headers.get("Range", ""))
        return int(match[1]) if match else 0

    def _answer_listing(self, repo: str) -> None:
        mode = self.server.hub.take_mode(repo)
        if self._answer_trouble(mode):
            return
        files = [
            {
                "Name": path.rsplit("/", 1)[-1],
                "Path": path,
                "Type": "blob",
                "Size": len(contents),
                "Sha256": hashlib.sha256(contents).hexdigest(),
                "Revision": "0" * 40,
                "IsLFS": True,
                "Mode": "33188",
            }
            for path, contents in self.server.hub.repos[repo].items()
        ]
        self._answer_json(200, {"Code": 200, "Success": True, "Message": "success", "Data": {"Files": files}})

    def _answer_file(self, contents: bytes | None, path: str, start: int) -> None:
        mode = self.server.hub.take_mode(path)
        if contents is None:
            mode = "absent"
        if self._answer_trouble(mode):
            return
        assert contents is not None
        if mode == "wrong":
            contents = bytes(byte ^ 255 for byte in contents[:64]) + contents[64:]
        body = contents[start:]
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(contents) - 1}/{len(contents)}")
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self._send(body, mode)

    def _send(self, body: bytes, mode: Mode) -> None:
        if mode == "cut":
            self.wfile.write(body[: len(body) // 2])
        elif mode == "stalled":
            self.wfile.write(body[: len(body) // 4])
            self.server.hub.closing.wait()
        elif mode == "slow":
            step = max(1, self.server.hub.rate // 20)
            for at in range(0, len(body), step):
                self.wfile.write(body[at : at + step])
                if self.server.hub.closing.wait(0.05):
                    return
        else:
            self.wfile.write(body)

    def _answer_trouble(self, mode: Mode) -> bool:
        if mode in STATUS:
            self._answer_json(STATUS[mode], {"Code": STATUS[mode], "Success": False, "Message": mode})
        elif mode == "hang-up":
            self.connection.shutdown(socket.SHUT_RDWR)
        elif mode == "portal":
            self._answer_json(200, {"page": "Please sign in to this network."})
        else:
            return False
        return True

    def _answer_json(self, status: int, data: dict[str, Any]) -> None:
        body = json.dumps({"RequestId": "x", **data}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Tests have no use for an access log."""
