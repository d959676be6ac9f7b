from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from weights.errors import ModelDamaged
from weights.manifest import NAME, FileRecord, Manifest, read_manifest, sha256_of, write_manifest

MANIFEST = Manifest(
    model="small",
    repo="owner/small",
    revision="master",
    endpoint="http://hub",
    fetched="2026-11-21T14:02:33+01:00",
    files=(FileRecord("onnx/model.onnx", 3, "ab" * 32, 5),),
)


def test_a_manifest_comes_back_as_it_was_written(tmp_path: Path) -> None:
    write_manifest(tmp_path, MANIFEST)
    assert read_manifest(tmp_path) == MANIFEST
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_no_manifest_is_none(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None
    assert read_manifest(tmp_path / "nowhere") is None


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"files": 3}', '{"files": [{"path": "x"}]}', "\xff"])
def test_an_unreadable_manifest_is_damage(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_bytes(text.encode("latin-1"))
    with pytest.raises(ModelDamaged):
        read_manifest(tmp_path)


def test_sha256_of_a_file_longer_than_a_block(tmp_path: Path) -> None:
    data = b"ink" * 700_000
    (tmp_path / "file").write_bytes(data)
    assert sha256_of(tmp_path / "file") == hashlib.sha256(data).hexdigest()
