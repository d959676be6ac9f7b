"""What a downloaded model consists of, written beside its files once they have been checked."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
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


def sha256_of(path: Path) -> str:
    """Hex sha256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
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


def write_json(path: Path, data: Any) -> None:
    """Replace `path` by `data` as JSON: under a temporary name, flushed to disk, then renamed."""
    draft = path.with_name(path.name + ".tmp")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(data, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
