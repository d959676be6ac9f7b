"""All targets by name: those in this process, and those on a served app."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from scripts.fuzz.fence import ROOT, Fence, use_own_temporary_folder
from scripts.fuzz.hunt import Bag, Case, Target, hunt
from scripts.fuzz.live_socket import prepare_socket
from scripts.fuzz.readers import READERS
from scripts.fuzz.requests import prepare_events, prepare_paths, prepare_uploads
from scripts.fuzz.rest import find_schemathesis, hunt_rest
from scripts.fuzz.stand import Stand, open_stand, wait_for_quiet
from scripts.fuzz.texts import TEXTS
from scripts.fuzz.work import prepare_work

OnStand = Callable[[Stand, Path], tuple[st.SearchStrategy[Any], Case]]
INSIDE = {target.name: target for target in (*READERS, *TEXTS)}
SERVED: dict[str, OnStand] = {
    "uploads": prepare_uploads,
    "work": prepare_work,
    "paths": prepare_paths,
    "events": prepare_events,
    "socket": prepare_socket,
}
REST = "rest"
NAMES = (*INSIDE, *SERVED, REST)
PATIENCE = 60.0
"""Seconds that a served app may take for one case."""
MEGABYTES = 3000


def hunt_one(name: str, folder: Path, seconds: float, seed: int, *, watch: bool = False) -> Bag:
    """Hunt in one target. `watch`: with the fence around this process, which then stays for its life."""
    if name in INSIDE:
        return hunt_inside(INSIDE[name], folder, seconds, seed, watch)
    with open_stand(folder) as stand:
        start = time.monotonic()
        bag = (
            hunt_rest_on(stand, folder, seconds, seed)
            if name == REST
            else hunt_on(stand, name, folder, seconds, seed)
        )
        if stand.process.poll() is None:
            wait_for_quiet(stand)
        bag.seconds, bag.megabytes = time.monotonic() - start, stand.megabytes()
        bag.failures |= stand.find_faults()
    if bag.megabytes > MEGABYTES:
        bag.failures["memory"] = f"{bag.megabytes} MB at the most; {MEGABYTES} are the limit"
    return bag


def hunt_inside(target: Target, folder: Path, seconds: float, seed: int, watch: bool) -> Bag:
    strays: list[str] = []
    if watch:
        use_own_temporary_folder(folder / "tmp")
        Fence([folder, ROOT / ".hypothesis"], strays.append).close()  # Hypothesis keeps notes of its own
    bag = hunt(target, folder, seconds, seed)
    bag.failures |= {f"strayed: {each}": each for each in strays}
    return bag


def hunt_on(stand: Stand, name: str, folder: Path, seconds: float, seed: int) -> Bag:
    target = Target(name, name, lambda folder: SERVED[name](stand, folder), PATIENCE)
    return hunt(target, folder, seconds, seed)


def hunt_rest_on(stand: Stand, folder: Path, seconds: float, seed: int) -> Bag:
    command = find_schemathesis()
    return hunt_rest(stand, command, folder, seconds, seed) if command else Bag()
