"""Conversions that nobody waits for."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from tests.weights.conftest import make_spec
from weights.conversion.ahead import Conversions
from weights.conversion.convert import converted
from weights.errors import ConversionFailed, DiskFull, ModelMissing
from weights.manifest import FileRecord, Manifest, sha256_of, write_manifest
from weights.spec import ModelFile, ModelSpec
from weights.stamps import Stamps

SPEC = make_spec(loader="cv-unet", files=(ModelFile("tf_graph.pb"),))
WAIT = "is being converted"


def put_graph(cache: Path, spec: ModelSpec = SPEC) -> Path:
    """A downloaded graph with its manifest, or another model of one file."""
    folder, name = cache / spec.id, spec.files[0].path
    pb = folder / name
    pb.parent.mkdir(parents=True)
    pb.write_bytes(b"graph")
    record = FileRecord(name, 5, sha256_of(pb), pb.stat().st_mtime_ns)
    write_manifest(folder, Manifest(spec.id, spec.repo, spec.revision, "hub", "now", (record,)))
    return pb


class Converter:
    """Converts when it is let go, or fails."""

    def __init__(self, error: Exception | None = None) -> None:
        self.go, self.error = threading.Event(), error
        self.asked: list[Path] = []

    def __call__(self, pb: Path, cache: Path, *, offline: bool = False) -> Path:
        self.asked.append(pb)
        assert self.go.wait(20)
        if self.error is not None:
            raise self.error
        target = converted(sha256_of(pb), cache)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(b"onnx")
        return target


def ended() -> None:
    """Wait for the converting thread."""
    end = time.monotonic() + 20
    while any(thread.name == "convert" for thread in threading.enumerate()):
        assert time.monotonic() < end
        time.sleep(0.01)


def test_whoever_comes_first_begins_it_and_all_are_told_until_it_is_done(tmp_path: Path) -> None:
    pb, converter = put_graph(tmp_path), Converter()
    conversions = Conversions(tmp_path, Stamps(), convert_graph=converter)
    for _ in range(3):
        with pytest.raises(ConversionFailed, match=WAIT):
            conversions.demand(SPEC)
    converter.go.set()
    ended()
    conversions.demand(SPEC)
    assert converter.asked == [pb]


@pytest.mark.parametrize("error", [DiskFull("The disk is full."), ConversionFailed("It can't be converted.")])
def test_what_it_failed_with_is_told_once_and_the_next_begins_anew(tmp_path: Path, error: Exception) -> None:
    put_graph(tmp_path)
    converter = Converter(error)
    conversions = Conversions(tmp_path, Stamps(), convert_graph=converter)
    with pytest.raises(ConversionFailed, match=WAIT):
        conversions.demand(SPEC)
    converter.go.set()
    ended()
    with pytest.raises(type(error), match=str(error)):
        conversions.demand(SPEC)
    converter.go.clear()
    with pytest.raises(ConversionFailed, match=WAIT):
        conversions.demand(SPEC)
    converter.go.set()
    ended()
    assert len(converter.asked) == 2


def test_what_can_not_be_done_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weights.conversion.ahead.AT_ONCE", 20)
    put_graph(tmp_path)
    converter = Converter(DiskFull("The disk is full."))
    converter.go.set()
    with pytest.raises(DiskFull):
        Conversions(tmp_path, Stamps(), convert_graph=converter).demand(SPEC)


def test_a_defect_is_told_in_general(tmp_path: Path) -> None:
    put_graph(tmp_path)
    converter = Converter(ZeroDivisionError())
    conversions = Conversions(tmp_path, Stamps(), convert_graph=converter)
    with pytest.raises(ConversionFailed, match=WAIT):
        conversions.demand(SPEC)
    converter.go.set()
    ended()
    with pytest.raises(ConversionFailed, match="was not converted"):
        conversions.demand(SPEC)


def test_other_models_and_missing_ones_begin_nothing(tmp_path: Path) -> None:
    converter = Converter()
    conversions = Conversions(tmp_path, Stamps(), convert_graph=converter)
    conversions.demand(make_spec())
    with pytest.raises(ModelMissing):
        conversions.demand(SPEC)
    assert converter.asked == []
