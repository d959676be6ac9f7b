"""Memory of a real server over many requests in a row: it must not grow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import draw_disc, encode
from tests.serving import started_app

REQUESTS, SETTLED = 200, 60
"""By then every worker has seen every size, and the nets have the memory that they keep."""
GROWTH_MB = 25.0
NET = {"model": "portrait"}
"""What may pile up is not the net's, and with this one a request takes a third of the time."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[int, str]]:
    """A started app: its process id and address."""
    with started_app(tmp_path) as (process, address):
        yield process.pid, address


def memory_mb(pid: int) -> float:
    """Resident memory in MB (10^6 bytes)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024 / 1e6
    raise ValueError("no VmRSS")


@pytest.mark.timeout(600)
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's /proc")
def test_memory_stays_flat_over_200_requests(server: tuple[int, str]) -> None:
    pid, address = server
    pictures = [encode(draw_disc(400 + 40 * step, 700 - 30 * step), "JPEG") for step in range(5)]
    settled = 0.0
    with httpx.Client(timeout=60) as client:
        for number in range(REQUESTS):
            files = {"image": pictures[number % len(pictures)]}
            assert client.post(f"{address}/api/v1/matting", files=files, data=NET).status_code == 200
            if number == SETTLED:
                settled = memory_mb(pid)
    assert memory_mb(pid) - settled <= GROWTH_MB
