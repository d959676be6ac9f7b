from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.weights.conftest import BODY, PATH, make_spec
from weights.catalogue import Catalogue
from weights.errors import ModelDamaged, ModelMissing
from weights.files import locate, look
from weights.manifest import FileRecord, Manifest, sha256_of, write_manifest
from weights.spec import ModelFile, ModelSpec
from weights.stamps import Stamps


def install(spec: ModelSpec, cache: Path, repo: str = "owner/small", revision: str = "master") -> Path:
    """Lay a finished download down without a hub."""
    folder = cache / spec.id
    path = folder / PATH
    path.parent.mkdir(parents=True)
    path.write_bytes(BODY)
    record = FileRecord(PATH, len(BODY), sha256_of(path), path.stat().st_mtime_ns)
    write_manifest(folder, Manifest(spec.id, repo, revision, "http://hub", "2026-11-21", (record,)))
    return path


def damage(path: Path) -> None:
    """Turn one byte over, in place."""
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)


def keep_time(path: Path, ns: int) -> None:
    os.utime(path, ns=(ns, ns))


def test_a_finished_download_is_found_without_the_client(tmp_path: Path) -> None:
    spec = make_spec()
    path = install(spec, tmp_path)
    assert locate(spec, tmp_path) == [path]
    assert "modelscope_hub" not in sys.modules
    assert "modelscope" not in sys.modules


def test_nothing_there_is_missing_and_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"Models page .* \./run\.sh models download small"):
        locate(make_spec(), tmp_path)


def test_a_half_done_download_is_missing(tmp_path: Path) -> None:
    spec = make_spec()
    install(spec, tmp_path)
    (tmp_path / spec.id).rename(tmp_path / f"{spec.id}.partial")
    with pytest.raises(ModelMissing):
        locate(spec, tmp_path)


def test_files_without_a_manifest_are_missing(tmp_path: Path) -> None:
    spec = make_spec()
    install(spec, tmp_path)
    (tmp_path / spec.id / "manifest.json").unlink()
    with pytest.raises(ModelMissing):
        locate(spec, tmp_path)


@pytest.mark.parametrize(
    "harm",
    [
        Path.unlink,
        lambda path: path.write_bytes(BODY[:-1]),
        lambda path: path.write_bytes(b""),
        damage,
        lambda path: (path.parents[1] / "manifest.json").write_text("{"),
    ],
    ids=["gone", "truncated", "empty", "one bit", "manifest"],
)
def test_a_damaged_model_is_never_handed_out(tmp_path: Path, harm: object) -> None:
    # given a model that was fine a moment ago
    spec, stamps = make_spec(), Stamps()
    path = install(spec, tmp_path)
    locate(spec, tmp_path, stamps=stamps)
    # when it is harmed
    harm(path)  # type: ignore[operator]
    # then both the loader's check and the page's quick look notice
    with pytest.raises(ModelDamaged, match=r"\./run\.sh models download small"):
        locate(spec, tmp_path, stamps=stamps)
    assert isinstance(look(spec, tmp_path, stamps=Stamps()).problem, ModelDamaged)


def test_damage_with_the_old_time_of_change_is_found_at_the_next_load(tmp_path: Path) -> None:
    spec, stamps = make_spec(), Stamps()
    path = install(spec, tmp_path)
    locate(spec, tmp_path, stamps=stamps)
    time = path.stat().st_mtime_ns
    damage(path)
    keep_time(path, time)
    with pytest.raises(ModelDamaged):
        locate(spec, tmp_path, stamps=stamps)
    # and once a load has found it, the quick look knows too
    assert isinstance(look(spec, tmp_path, stamps=stamps).problem, ModelDamaged)


def test_a_quick_look_reads_nothing_of_an_untouched_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = make_spec()
    install(spec, tmp_path)
    monkeypatch.setattr("weights.stamps.sha256_of", lambda path: pytest.fail(f"read {path}"))
    found = look(spec, tmp_path, stamps=Stamps())
    assert found.problem is None
    assert found.size == len(BODY)


def test_a_copied_model_with_a_new_time_of_change_is_still_whole(tmp_path: Path) -> None:
    spec = make_spec()
    keep_time(install(spec, tmp_path), 1_000_000_000)
    assert look(spec, tmp_path, stamps=Stamps()).problem is None
    assert len(locate(spec, tmp_path)) == 1


def test_a_copied_model_is_read_once_over_all_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a copied model that a process has found whole
    spec = make_spec()
    keep_time(install(spec, tmp_path), 1_000_000_000)
    assert look(spec, tmp_path, stamps=Stamps()).problem is None
    # then the next process reads nothing
    monkeypatch.setattr("weights.stamps.sha256_of", lambda path: pytest.fail(f"read {path}"))
    assert look(spec, tmp_path, stamps=Stamps()).problem is None
    assert {path.name for path in (tmp_path / spec.id).iterdir()} == {"manifest.json", PATH.split("/")[0]}


def test_a_damaged_copy_is_damaged_for_every_process(tmp_path: Path) -> None:
    spec = make_spec()
    path = install(spec, tmp_path)
    damage(path)
    keep_time(path, 1_000_000_000)
    for _ in range(2):
        assert isinstance(look(spec, tmp_path, stamps=Stamps()).problem, ModelDamaged)


def test_a_copied_model_that_cannot_be_noted_is_still_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = make_spec()
    keep_time(install(spec, tmp_path), 1_000_000_000)

    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("weights.manifest.write_json", refuse)
    assert look(spec, tmp_path, stamps=Stamps()).problem is None


@pytest.mark.parametrize(
    "changes",
    [
        {"repo": "owner/other"},
        {"revision": "v2"},
        {"files": (ModelFile(PATH), ModelFile("more.bin"))},
        {"files": (ModelFile(PATH, sha256="0" * 64),)},
        {"files": (ModelFile(PATH, size=1),)},
    ],
    ids=["repo", "revision", "one more file", "sha256", "size"],
)
def test_a_download_of_an_older_row_of_the_catalogue_is_missing(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    install(make_spec(), tmp_path)
    with pytest.raises(ModelMissing):
        locate(make_spec(**changes), tmp_path)


def test_two_models_of_one_repository_live_apart(tmp_path: Path) -> None:
    first, second = make_spec(id="first"), make_spec(id="second")
    install(first, tmp_path)
    with pytest.raises(ModelMissing):
        locate(second, tmp_path)
    assert locate(first, tmp_path)[0] != install(second, tmp_path)


def test_a_model_of_the_app_is_found_beside_the_code(tmp_path: Path) -> None:
    (tmp_path / "net.onnx").write_bytes(BODY)
    digest = sha256_of(tmp_path / "net.onnx")
    spec = make_spec(source="builtin", repo="", files=(ModelFile("net.onnx", len(BODY), digest),))
    assert locate(spec, tmp_path / "cache", tmp_path) == [tmp_path / "net.onnx"]
    damage(tmp_path / "net.onnx")
    with pytest.raises(ModelDamaged):
        locate(spec, tmp_path / "cache", tmp_path)


def test_a_model_in_a_wheel_is_found_without_importing_its_package(tmp_path: Path) -> None:
    u2netp = Catalogue()["u2netp"]
    try:
        (path,) = locate(u2netp, tmp_path)
    except ModelMissing:
        pytest.skip("the wheel with u2netp is not installed")
    assert path.stat().st_size == 4_574_861
    assert "rembg" not in sys.modules


def test_a_wheel_that_is_not_installed_says_what_to_do(tmp_path: Path) -> None:
    spec = make_spec(source="wheel", repo="no-such-distribution")
    with pytest.raises(ModelMissing, match=r"\./run\.sh setup"):
        locate(spec, tmp_path)
