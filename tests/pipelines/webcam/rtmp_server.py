"""A real RTMP server on loopback: nginx with its rtmp module, where a machine has both."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MODULE = Path("/usr/lib/nginx/modules/ngx_rtmp_module.so")
MISSING = [name for name in ("nginx", "ffprobe") if shutil.which(name) is None]
WHY = "needs nginx with libnginx-mod-rtmp and ffprobe"
ABSENT = bool(MISSING) or not MODULE.exists()
START_SECONDS = 5.0
CONFIG = """
load_module {module};
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log info;
events {{ worker_connections 64; }}
rtmp {{ server {{ listen 127.0.0.1:{port};
  application live {{ live on; }}
  application closed {{ live on; deny publish all; }} }} }}
"""


class RtmpServer:
    """Takes streams on `address`; refuses them on `closed`."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self._port, self.log = port, folder / "error.log"
        self.address, self.closed = f"rtmp://127.0.0.1:{port}/live", f"rtmp://127.0.0.1:{port}/closed"
        self._config = folder / "nginx.conf"
        self._config.write_text(CONFIG.format(module=MODULE, folder=folder, port=port))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Come back, or up."""
        self._process = subprocess.Popen(
            ["nginx", "-c", str(self._config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self._port), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError("nginx did not start")

    def stop(self) -> None:
        """Be gone at once, as when a machine fails."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None


@contextmanager
def rtmp_server(folder: Path) -> Iterator[RtmpServer]:
    """A server that runs while the block does."""
    server = RtmpServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def probe(address: str, key: str, seconds: float) -> list[dict[str, str]]:
    """What ffprobe says of each stream of so many seconds, `packets` counted."""
    done = subprocess.run(
        [
            *(
                "ffprobe",
                "-v",
                "error",
                "-read_intervals",
                f"%+{seconds:g}",
                "-count_packets",
                "-of",
                "compact=p=0",
            ),
            "-show_entries",
            "stream=codec_name,codec_type,width,height,avg_frame_rate,color_space,sample_rate,nb_read_packets",
            f"{address}/{key}",
        ],
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
        env={**os.environ, "LC_ALL": "C"},
    )
    return [dict(pair.split("=", 1) for pair in line.split("|")) for line in done.stdout.split()]
