"""What a downloaded model consists of, written beside its files once they have been checked."""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from weights.errors import ModelDamaged

NAME = "manifest.json"
BLOCK = 1 << 20


@dataclass(frozen=True)
class FileRecord:
    """One file as it was when its sha256 was found right. `size` in bytes."""

    path: str
    size: int
    sha256: str
    mtime_ns: int


@dataclass(frozen=True)
class Manifest:
    """Where a model's files came from, when (ISO 8601 with offset), and what they are."""

    model: str
    repo: str
    revision: str
    endpoint: str
    fetched: str
    files: tuple[FileRecord, ...]


def sha256_of(path: Path, look: Callable[[], None] | None = None) -> str:
    """Hex sha256 of a file, read in blocks; `look` is called before each and ends it by raising."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if look is not None:
                look()
            digest.update(block)
    return digest.hexdigest()


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest in `folder`, or None where there is none. Raises ModelDamaged when it can't be read."""
    try:
        data = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return Manifest(**{**data, "files": tuple(FileRecord(**record) for record in data["files"])})
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelDamaged(f"The manifest of {folder.name} can't be read.") from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest so that it is on disk, whole, when this returns."""
    write_json(folder / NAME, asdict(manifest))


def renew_times(folder: Path, times: dict[Path, int]) -> None:
    """Write down the times of change (`mtime_ns`, by path) of files found right again, so that no later process
    reads them for that. What can't be written stays as it is."""
    with suppress(OSError, ModelDamaged):
        manifest = read_manifest(folder)
        if manifest is not None:
            known = {folder / each.path: each.mtime_ns for each in manifest.files} | times
            files = tuple(replace(each, mtime_ns=known[folder / each.path]) for each in manifest.files)
            write_manifest(folder, replace(manifest, files=files))


def write_json(path: Path, data: Any) -> None:
    """Replace `path` by `data` as JSON: under a temporary name, flushed to disk, then renamed."""
    # a name of its own: another process may be writing the same
    draft = path.with_name(f"{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        with draft.open("w", encoding="utf-8") as file:
            json.dump(data, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
