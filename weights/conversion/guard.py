"""Run a command that ends when the app does, however that comes: `python guard.py COMMAND...`.

The app holds the other end of stdin; the system closes it when the app is gone, also when it was killed. Made to be
the first of a process group: all that the command started ends with it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading


def end_with_app() -> None:
    """Wait until the other end of stdin is closed, then end everything."""
    sys.stdin.buffer.read()
    end_all()


def end_all() -> None:
    """End this process and, where there are process groups, its whole one."""
    if hasattr(os, "killpg"):
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)


def main(command: list[str]) -> None:
    """Run the command to its end, and end as it did."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as process:
        threading.Thread(target=end_with_app, daemon=True).start()
        code = process.wait()
    if code < 0:
        os.kill(os.getpid(), -code)
    os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
