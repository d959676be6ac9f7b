"""What a process touches outside of the folders that it is given, by Python's audit events.

Libraries that open files in C are not seen: what they may open is the business of the code that calls them.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SYSTEM = ("/usr", "/lib", "/opt", "/proc", "/sys", "/dev", "/var/lib/dpkg")
ETC = (
    *("mime.types", "ssl", "localtime", "timezone", "hosts", "resolv.conf", "nsswitch.conf", "ld.so.cache"),
    *("os-release", "debian_version", "host.conf", "gai.conf", "fonts", "services", "apache2", "httpd"),
)
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = {"os.remove": 1, "os.rename": 2, "os.mkdir": 1, "os.rmdir": 1, "os.truncate": 1, "shutil.rmtree": 1}
CHANGES |= {"os.link": 2, "os.symlink": 2}
"""Events that change a folder, and how many paths each names first."""
LOCAL = ("127.", "::1", "localhost", "/", "\0")


class Fence:
    """Tells of what is opened or changed outside: read below `readable`, written below `writable` alone."""

    def __init__(self, writable: Iterable[Path], tell: Callable[[str], None]) -> None:
        self._writable = [os.devnull, *(str(path.resolve()) for path in writable)]
        roots = (sys.prefix, sys.base_prefix, str(ROOT), *SYSTEM, *(f"/etc/{name}" for name in ETC))
        self._readable = [*self._writable, *roots, *(str(Path(each).resolve()) for each in roots)]
        self._tell = tell

    def close(self) -> None:
        """Watch from now on; the interpreter has no way to take it back."""
        sys.addaudithook(self._see)

    def _see(self, event: str, facts: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(facts[0], (str, bytes)):
            writes = bool((facts[2] or 0) & WRITES) if isinstance(facts[2], int) else "w" in str(facts[1])
            self._check(facts[0], self._writable if writes else self._readable, "wrote" if writes else "read")
        elif event in CHANGES:
            for each in facts[: CHANGES[event]]:
                # one that is relative to an open folder belongs to a shutil.rmtree, which was seen
                if isinstance(each, (str, bytes)) and not (
                    facts[-1] not in (-1, None) and not os.path.isabs(each)
                ):
                    self._check(each, self._writable, event)
        elif event == "socket.connect":
            host = facts[1][0] if isinstance(facts[1], tuple) else str(facts[1])
            if not str(host).startswith(LOCAL):
                self._tell(f"connected to {host}")

    def _check(self, path: str | bytes, roots: list[str], deed: str) -> None:
        text = os.path.abspath(os.fsdecode(path))
        if not any(text == root or text.startswith(root.rstrip("/") + "/") for root in roots):
            self._tell(f"{deed} {text}")


def use_own_temporary_folder(folder: Path) -> None:
    """Have this process and its children put temporary files into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
