"""A Ray cluster: connect to a running one or start one here, and how many workers it has room for."""

from __future__ import annotations

import logging
import os
import socket
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from pipelines.errors import InkframeError, InvalidOption
from pipelines.settings import ROOT

PRIVATE = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}
"""Ray reports its use to its makers unless told not to. The second only keeps a warning away."""
KNOCK_SECONDS = 10.0
CODE = ("pipelines", "weights")
LEFT_OUT = ["**/__pycache__/**", "/cache/**"]
"""Downloaded models: the nodes have them in their own or a shared folder."""


class ClusterUnusable(InkframeError):
    """Ray is not installed, can't be reached, or gives no worker."""

    code, status = "cluster_unusable", 503


@dataclass(frozen=True)
class Cluster:
    """Where to work: `address` of a running cluster, "" for one that is started on this machine and stopped
    again. Each worker takes `cpus` cores and `gpu_share` of a GPU (0.5: two workers a GPU; 0: none).
    """

    address: str = ""
    gpu_share: float = 0.0
    cpus: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.gpu_share <= 1:
            raise InvalidOption(f"gpu_share can't be {self.gpu_share:g}.", "Use a number from 0 to 1.")
        if self.cpus < 1:
            raise InvalidOption(f"cpus can't be {self.cpus}.", "Use a whole number from 1 up.")


def connect(cluster: Cluster, root: Path = ROOT) -> Any:
    """Give the `ray` module, connected. This program's own code goes to the nodes; its packages and models
    have to be there. Raises ClusterUnusable.
    """
    for name, value in PRIVATE.items():
        os.environ.setdefault(name, value)
    try:
        ray: Any = import_module("ray")
    except ImportError as error:
        raise ClusterUnusable(
            "Ray is not installed.", "Install it: pip install -r requirements-ray.txt -c constraints.txt"
        ) from error
    knock(cluster.address)
    started_here = {} if cluster.address else {"include_dashboard": False}
    try:
        ray.init(
            address=cluster.address or "local",
            runtime_env={"py_modules": [str(root / name) for name in CODE], "excludes": LEFT_OUT},
            log_to_driver=False,
            logging_level=logging.ERROR,
            **started_here,
        )
    except (ConnectionError, RuntimeError, ValueError, TimeoutError) as error:
        raise _unusable(cluster.address, error) from error
    return ray


def knock(address: str) -> None:
    """Raise ClusterUnusable when nobody listens at host:port: Ray itself would try for minutes."""
    host, _, port = address.rpartition("//")[2].rpartition(":")
    if not host or not port.isdigit():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), KNOCK_SECONDS).close()
    except (OSError, OverflowError) as error:
        raise _unusable(address, error) from error


def _unusable(address: str, error: Exception) -> ClusterUnusable:
    return ClusterUnusable(
        f"The Ray cluster {address or 'of this machine'} can't be used: {error}",
        "Check the address, and that every node has the same versions of Ray and Python.",
    )


def count_places(ray: Any, cluster: Cluster) -> int:
    """How many workers the living nodes could hold if nothing else ran on them."""
    return sum(_places(node["Resources"], cluster) for node in ray.nodes() if node["Alive"])


def _places(resources: dict[str, float], cluster: Cluster) -> int:
    places = int(resources.get("CPU", 0) // cluster.cpus)
    if cluster.gpu_share:
        places = min(places, int(resources.get("GPU", 0) / cluster.gpu_share + 1e-9))
    return places
