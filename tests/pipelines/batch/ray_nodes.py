"""A Ray cluster for tests: two nodes of one core each on this machine."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pipelines.batch.ray_cluster import PRIVATE

STORE_BYTES = 80_000_000
AS_EVERYBODY = {"RAY_worker_niceness": "0"}
"""Ray's workers let all other work of the machine go first: beside a busy one, tests took ten times as long."""


@dataclass
class Nodes:
    """The running nodes and the address to connect to."""

    cluster: Any
    second: Any

    @property
    def address(self) -> str:
        return str(self.cluster.address)

    def kill_second(self) -> None:
        """End the second node at once, with all its processes, as a power cut would."""
        self.cluster.remove_node(self.second, allow_graceful=False)
        time.sleep(0.1)


@contextmanager
def two_nodes() -> Iterator[Nodes]:
    """Start them; nothing of them runs on afterwards."""
    os.environ.update(PRIVATE | AS_EVERYBODY)
    from ray.cluster_utils import Cluster

    facts = {"num_cpus": 1, "object_store_memory": STORE_BYTES, "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args=facts)
    try:
        second = cluster.add_node(num_cpus=1, object_store_memory=STORE_BYTES)
        yield Nodes(cluster, second)
    finally:
        cluster.shutdown()
