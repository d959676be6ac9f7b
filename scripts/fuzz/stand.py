"""A real server to hunt on, in a process of its own, and what can be said of it afterwards."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from scripts.fuzz.fence import ROOT
from scripts.fuzz.watched import STRAYS
from tests.serving import free_port, wait_until_up

SECRET = "do-not-tell-7f3a"
TRACE = re.compile(r"^Traceback \(most recent call last\):\n(?:[ \t].*\n|\n)*?(?=\S)(.*)", re.MULTILINE)
WARNING = re.compile(r"^(.*\.py):(\d+): (\w*Warning): .*$", re.MULTILINE)
PLACE = re.compile(r'File "([^"]*)", line (\d+)')
LAYERS = ("server/security.py", "server/headers.py", "server/metrics.py", "ui/guard.py", "ui/language.py")
"""What every request passes: only in these, a trace is of Gradio's alone, which logs what it refuses."""
STARTS = 60
"""Looks at a server that starts, two seconds apart."""
HEALTHY = 20.0
"""Seconds within which a server that was hunted on still answers."""


@dataclass
class Stand:
    """A served app: its address, its folder, and a secret file outside of it that no answer may hold."""

    address: str
    folder: Path
    secret: Path
    process: subprocess.Popen[bytes]
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=self.address, timeout=60)

    def megabytes(self) -> int:
        """Most memory that the server has had; 0 where the system does not say."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            return 0
        found = re.search(r"VmHWM:\s+(\d+)", status)
        return int(found[1]) // 1024 if found else 0

    def find_faults(self) -> dict[str, str]:
        """What is wrong with the server by now: it is dead, does not answer, has strayed, or logged a defect."""
        faults = self._find_death()
        strays = (self.folder / STRAYS).read_text() if (self.folder / STRAYS).exists() else ""
        faults |= {f"strayed: {line}": line for line in strays.splitlines()}
        return faults | find_defects((self.folder / "log.txt").read_text(errors="replace"))

    def _find_death(self) -> dict[str, str]:
        if self.process.poll() is not None:
            return {"dead": f"the server ended with {self.process.returncode}"}
        try:
            answer = httpx.get(f"{self.address}/healthz", timeout=HEALTHY)
        except httpx.HTTPError as error:
            return {"no answer": repr(error)}
        return {} if answer.status_code == 200 else {"not well": answer.text}


@contextmanager
def open_stand(folder: Path) -> Iterator[Stand]:
    """Serve the app with all that it writes below `folder`."""
    home, secret = folder / "server", folder / "elsewhere" / "secret.txt"
    home.mkdir(parents=True)
    secret.parent.mkdir()
    secret.write_text(SECRET)
    port = free_port()
    command = [sys.executable, "-m", "scripts.fuzz.watched", str(home), str(port)]
    with (home / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=log, stderr=log, env=os.environ | {"HOME": str(home)}
        )
        try:
            address = wait_for_start(process, f"http://127.0.0.1:{port}", home)
            yield Stand(address, home, secret, process)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_for_start(process: subprocess.Popen[bytes], address: str, home: Path) -> str:
    """Wait until the app answers. Raises RuntimeError with its log where it ends instead."""
    for _ in range(STARTS):
        with suppress(TimeoutError):
            return wait_until_up(address, 2)
        if process.poll() is not None:
            raise RuntimeError((home / "log.txt").read_text(errors="replace")[-2000:])
    raise RuntimeError(f"{address} does not answer")


def find_defects(log: str) -> dict[str, str]:
    """The tracebacks of a log and the warnings about the app's own code, each kind once."""
    found: dict[str, str] = {}
    for match in WARNING.finditer(log):
        if is_ours(match[1]):
            found.setdefault(f"logged {match[3]} at {Path(match[1]).name}:{match[2]}", match[0])
    for match in TRACE.finditer(log):
        if not is_own(match[0]):
            continue
        places = PLACE.findall(match[0])
        where = f"{Path(places[-1][0]).name}:{places[-1][1]}" if places else "?"
        found.setdefault(f"logged {match[1].split(':')[0]} at {where}", match[0][-3000:])
    return found


def is_own(trace: str) -> bool:
    """Whether a trace leads through the app's own code, behind its layers."""
    files = [path for path, _ in PLACE.findall(trace)]
    return any(is_ours(path) and not path.endswith(LAYERS) for path in files)


def is_ours(path: str) -> bool:
    return path.startswith(f"{ROOT}/") and "site-packages" not in path


def wait_for_quiet(stand: Stand, seconds: float = 30.0) -> None:
    """Let jobs and sockets end, so that what they do to the server is seen."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        jobs = stand.client.get("/api/v1/jobs").json().get("jobs", [])
        if not any(job["status"] in ("queued", "running") for job in jobs):
            return
        time.sleep(0.5)
