"""Fetches one model from ModelScope: listing, room, files, sha256, manifest, and only then its place."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from weights.disk import check_room, explain, flush_to_disk, megabytes, remove_folder, size_of
from weights.errors import InkframeError, ModelDamaged, ModelMissing
from weights.files import folder_of, locate, partial_of
from weights.hub.claims import claim
from weights.hub.client_process import Cancelled, ClientFault, HubClient, Session
from weights.hub.faults import explain_fault, trying_again
from weights.hub.tries import BACK_OFF, Tries
from weights.manifest import FileRecord, Manifest, sha256_of, write_manifest
from weights.spec import ModelFile, ModelSpec

log = logging.getLogger(__name__)

MOST_TIMES = 4
"""A listing that is so many times as large as what is known of a model is of something else."""


@dataclass
class Watch:
    """How a download tells where it is, and how it is called off."""

    cancelled: threading.Event = field(default_factory=threading.Event)
    listed: Callable[[int], None] = lambda total: None
    """Called with the bytes of the whole model."""
    arrived: Callable[[int], None] = lambda done: None
    """Called about ten times a second with the bytes that are here, those of earlier tries included."""
    trouble: Callable[[InkframeError | None], None] = lambda error: None
    """Called with what stands in the way of the hub, and with None when it answers."""


def fetch(
    spec: ModelSpec, cache: Path, client: HubClient, watch: Watch, back_off: Sequence[float] = BACK_OFF
) -> None:
    """Put a model, whole and checked, into `cache`/<id>/, going on from `cache`/<id>.partial/.

    A lost connection is tried again after each pause of `back_off`, wrong contents once from the first
    byte. While another process fetches the same model, this one waits for it. Raises Cancelled,
    HubUnreachable, DiskFull, ModelDamaged, or InkframeError for a folder that can't be written; what has
    arrived stays for the next time, except wrong contents.
    """
    tries = Tries(back_off)
    try:
        with claim(client.home / f"{spec.id}.lock", watch.cancelled):
            if _is_whole(spec, cache):
                return
            while True:
                try:
                    return _fetch_once(spec, cache, client, watch)
                except ClientFault as fault:
                    _take(fault, spec, cache, client, watch, tries)
    except OSError as error:
        raise explain(error, cache) from error


def _is_whole(spec: ModelSpec, cache: Path) -> bool:
    try:
        return bool(locate(spec, cache))
    except (ModelMissing, ModelDamaged):
        return False


def _take(
    fault: ClientFault, spec: ModelSpec, cache: Path, client: HubClient, watch: Watch, tries: Tries
) -> None:
    """Wait for the next try, or raise what the fault means."""
    log.warning("%s: %s: %s", spec.id, fault.kind, fault)
    meaning = explain_fault(fault, spec, client, cache)
    pause = tries.pause_after(fault.kind, size_of(partial_of(spec, cache)))
    told = meaning if pause is None else trying_again(meaning, pause)
    watch.trouble(told if fault.kind == "network" else None)
    if pause is None:
        raise meaning from fault
    if watch.cancelled.wait(pause):
        raise Cancelled


def _fetch_once(spec: ModelSpec, cache: Path, client: HubClient, watch: Watch) -> None:
    partial = partial_of(spec, cache)
    with client.session() as session:
        repo, offered = _find(spec, session, watch)
        total = sum(file["size"] for file in offered)
        watch.listed(total)
        partial.mkdir(parents=True, exist_ok=True)
        check_room(partial, total - size_of(partial), spec.title)
        request = {"do": "get", "repo": repo, "revision": spec.revision, "folder": str(partial)}
        session.call(
            {**request, "files": offered},
            watch.cancelled,
            lambda: watch.arrived(min(size_of(partial), total)),
        )
    watch.arrived(total)
    records = _check_all(partial, offered, watch)
    if watch.cancelled.is_set():
        raise Cancelled
    _settle(spec, cache, Manifest(spec.id, repo, spec.revision, client.address, _now(), tuple(records)))


def _find(spec: ModelSpec, session: Session, watch: Watch) -> tuple[str, list[dict[str, Any]]]:
    """The first of the row's repositories that has the model, and its entries of the row's files."""
    faults: list[ClientFault] = []
    for repo in (spec.repo, *spec.older_repos):
        try:
            return repo, _list(spec, repo, session, watch)
        except ClientFault as fault:
            if fault.kind != "absent":
                raise
            faults.append(fault)
    raise faults[0]


def _list(spec: ModelSpec, repo: str, session: Session, watch: Watch) -> list[dict[str, Any]]:
    """A repository's entries of the row's files. Raises ModelDamaged for one that can't be relied on."""
    paths = [file.path for file in spec.files]
    request = {"do": "list", "repo": repo, "revision": spec.revision, "paths": paths}
    entries = {entry["path"]: entry for entry in session.call(request, watch.cancelled)["files"]}
    watch.trouble(None)
    for file in spec.files:
        found = [entry for path, entry in entries.items() if file.fits(path)]
        for entry in found:
            _check_offer(repo, file, entry)
        if not found and not file.optional:
            raise ClientFault("absent", f"{file.path} is not in {repo}")
    _check_total(spec, sum(entry["size"] for entry in entries.values()))
    return list(entries.values())


def _check_total(spec: ModelSpec, total: int) -> None:
    if spec.about_bytes and total > MOST_TIMES * spec.about_bytes:
        raise ModelDamaged(
            f"The hub lists {megabytes(total)} for {spec.title}, which has about {megabytes(spec.about_bytes)}.",
            "Update Inkframe; until then use another model.",
        )


def _check_offer(repo: str, file: ModelFile, entry: dict[str, Any]) -> None:
    if file.size not in (None, entry["size"]) or file.sha256 not in (None, entry["sha256"]):
        raise ModelDamaged(
            f"The hub offers another {file.path} in {repo} than the one that Inkframe knows.",
            "Update Inkframe; until then use another model.",
        )
    if not entry["sha256"]:
        raise ModelDamaged(
            f"The hub tells no sha256 of {entry['path']} in {repo}, so it can't be checked.",
            "Try again later; until then use another model.",
        )


def _check_all(partial: Path, offered: list[dict[str, Any]], watch: Watch) -> list[FileRecord]:
    """Hash the files that have arrived; all that are not what the hub listed are removed, then told."""

    def look() -> None:
        if watch.cancelled.is_set():
            raise Cancelled

    records, wrong = [], []
    for offer in offered:
        path = partial / offer["path"]
        stat, digest = path.stat(), sha256_of(path, look)
        if stat.st_size != offer["size"] or digest != offer["sha256"]:
            path.unlink()
            wrong.append(f"{offer['path']}: sha256 {digest} instead of {offer['sha256']}")
        records.append(FileRecord(offer["path"], stat.st_size, digest, stat.st_mtime_ns))
    if wrong:
        raise ClientFault("damaged", "; ".join(wrong))
    return records


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _settle(spec: ModelSpec, cache: Path, manifest: Manifest) -> None:
    """Write the manifest, make all of it last, and rename the folder to its final name."""
    partial, folder = partial_of(spec, cache), folder_of(spec, cache)
    kept = {partial / record.path for record in manifest.files}
    for path in partial.rglob("*"):
        if path.is_file() and path not in kept:
            path.unlink()
    for path in kept:
        flush_to_disk(path)
    write_manifest(partial, manifest)
    flush_to_disk(partial)
    remove_folder(folder)
    partial.replace(folder)
    flush_to_disk(cache)
