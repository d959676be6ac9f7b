"""Models that are whole folders: the hub's own listing says which files they have."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stand_in_hub import StandInHub
from weights.catalogue import Catalogue
from weights.errors import InkframeError, ModelMissing
from weights.files import locate
from weights.hub.downloads import Downloads
from weights.spec import ModelFile, ModelSpec

SPEC = ModelSpec(
    id="folder",
    task="video",
    title="A folder",
    hint="For tests.",
    source="modelscope",
    repo="owner/folder",
    files=(
        ModelFile("net/*.safetensors"),
        ModelFile("net/*.json"),
        ModelFile("words/*.txt", optional=True),
        ModelFile("index.json"),
    ),
    loader="onnx-matte",
    licence="MIT",
    commercial=True,
)
WANTED = {
    "index.json": b"{}",
    "net/a-00001-of-00002.safetensors": b"one",
    "net/a-00002-of-00002.safetensors": b"two",
    "net/config.json": b"{ }",
}
OTHERS = {"net/model.bin": b"pickle", "net/deep/a.safetensors": b"x", "big.safetensors": b"y", "run.py": b"z"}


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("a/b.onnx", "a/b.onnx", True),
        ("a/b.onnx", "b.onnx", False),
        ("a/*.json", "a/b.json", True),
        ("a/*.json", "a/b/c.json", False),
        ("*/config.json", "a/config.json", True),
        ("*/*", "../secret", False),
        ("*/*", "/secret", False),
        ("a/*.json", "a/b.JSON", False),
        ("a/*.json", "a/b\ud800.json", False),
        ("a/*.json", "a/b\x1b[2J.json", False),
        ("a/*.json", "a/..\\b.json", False),
        ("a/*.json", "a/\u6a21\u578b.json", True),
    ],
)
def test_a_star_stands_for_a_part_of_one_name(pattern: str, path: str, fits: bool) -> None:
    assert ModelFile(pattern).fits(path) is fits


def fetch(hub: StandInHub, cache: Path) -> Downloads:
    downloads = Downloads(Catalogue([SPEC]), cache, hub.url, back_off=(0.01,))
    downloads.start(SPEC.id)
    assert downloads.wait(SPEC.id, 30)
    return downloads


def test_a_folder_comes_whole_and_without_what_does_not_belong_to_it(tmp_path: Path) -> None:
    with StandInHub({SPEC.repo: {**OTHERS, **WANTED}}) as hub:
        downloads = fetch(hub, tmp_path)
        assert downloads.state(SPEC.id).status == "ready"
        downloads.close()
    found = locate(SPEC, tmp_path)
    folder = tmp_path / SPEC.id
    assert [str(path.relative_to(folder)) for path in found] == [
        "net/a-00001-of-00002.safetensors",
        "net/a-00002-of-00002.safetensors",
        "net/config.json",
        "index.json",
    ]
    assert {path.name for path in folder.rglob("*.*")} == {path.name for path in found} | {"manifest.json"}


def test_a_folder_without_its_net_is_not_there(tmp_path: Path) -> None:
    with StandInHub({SPEC.repo: {**OTHERS, "index.json": b"{}", "net/config.json": b"{}"}}) as hub:
        downloads = fetch(hub, tmp_path)
        state = downloads.state(SPEC.id)
        downloads.close()
    assert state.status == "failed"
    with pytest.raises(ModelMissing):
        locate(SPEC, tmp_path)


def test_a_missing_shard_is_damage(tmp_path: Path) -> None:
    with StandInHub({SPEC.repo: WANTED}) as hub:
        fetch(hub, tmp_path).close()
    (tmp_path / SPEC.id / "net" / "a-00002-of-00002.safetensors").unlink()
    with pytest.raises(InkframeError, match="is gone"):
        locate(SPEC, tmp_path)
