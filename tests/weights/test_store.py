"""The store: one load, one user a model, least recently used out first."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.device import Device
from weights import store as store_module
from weights.catalogue import ROWS, Catalogue
from weights.errors import ModelUnknown
from weights.loaders import LoadRequest
from weights.store import ModelStore

CPU, GPU = Device("cpu", "test"), Device("cuda", "test")


class Loads:
    """Counts what the store asks its loader for."""

    def __init__(self) -> None:
        self.requests: list[LoadRequest] = []

    def __call__(self, request: LoadRequest) -> object:
        self.requests.append(request)
        return object()

    @property
    def ids(self) -> list[str]:
        return [request.spec.id for request in self.requests]


@pytest.fixture
def loads() -> Loads:
    return Loads()


def make_store(
    tmp_path: Path, loads: Loads, monkeypatch: pytest.MonkeyPatch, device: Device = CPU, memory: int = 250
) -> ModelStore:
    """Three models a, b, c of 100 bytes each."""
    rows = [replace(ROWS[0], id=name, loader="fake") for name in "abc"]
    for name in "abc":
        (tmp_path / name).write_bytes(name.encode() * 100)
    monkeypatch.setattr(store_module, "locate", lambda spec, cache, stamps: [tmp_path / spec.id])
    return ModelStore(Catalogue(rows), tmp_path, device, memory, loaders={"fake": loads})


def test_a_model_is_loaded_once(tmp_path: Path, loads: Loads, monkeypatch: pytest.MonkeyPatch) -> None:
    store = make_store(tmp_path, loads, monkeypatch)
    with store.use("a") as first:
        model = first.model
    with store.use("a") as second:
        assert second.model is model
    assert loads.ids == ["a"]
    assert len(second.version) == 12


def test_the_least_recently_used_goes_first(
    tmp_path: Path, loads: Loads, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_store(tmp_path, loads, monkeypatch)
    for name in ("a", "b", "a", "c"):
        with store.use(name):
            pass
    assert store.loaded() == ["a", "c"]
    with store.use("a"):
        pass
    assert loads.ids == ["a", "b", "c"]


def test_a_model_in_use_is_not_dropped(tmp_path: Path, loads: Loads, monkeypatch: pytest.MonkeyPatch) -> None:
    store = make_store(tmp_path, loads, monkeypatch, memory=50)
    with store.use("a") as held:
        with store.use("b"):
            pass
        store.evict()
        assert held.model is not None
    store.evict()
    assert store.loaded() == []


def test_one_user_at_a_time(tmp_path: Path, loads: Loads, monkeypatch: pytest.MonkeyPatch) -> None:
    store, entered = make_store(tmp_path, loads, monkeypatch), threading.Event()

    def second() -> None:
        with store.use("a"):
            entered.set()

    with store.use("a"):
        thread = threading.Thread(target=second)
        thread.start()
        assert not entered.wait(0.1)
    thread.join(2)
    assert entered.is_set()
    assert loads.ids == ["a"]


def test_providers_follow_the_device(tmp_path: Path, loads: Loads, monkeypatch: pytest.MonkeyPatch) -> None:
    store = make_store(tmp_path, loads, monkeypatch, GPU)
    with store.use("a") as on_gpu, store.use("a", cpu=True) as on_cpu:
        assert (on_gpu.device, on_cpu.device) == ("cuda", "cpu")
    assert loads.requests[0].providers[0] == "CUDAExecutionProvider"
    assert list(loads.requests[1].providers) == ["CPUExecutionProvider"]


def test_a_failed_load_is_tried_again(tmp_path: Path, loads: Loads, monkeypatch: pytest.MonkeyPatch) -> None:
    store = make_store(tmp_path, loads, monkeypatch)
    with monkeypatch.context() as patch:
        patch.setattr(store_module, "locate", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError), store.use("a"):
            pass
    with store.use("a") as slot:
        assert slot.model is not None


def test_a_model_that_did_not_load_counts_for_nothing(
    tmp_path: Path, loads: Loads, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given room for two, one of them there, and one that can't be loaded
    store = make_store(tmp_path, loads, monkeypatch)
    with store.use("a"):
        pass
    with monkeypatch.context() as patch:
        patch.setattr(Loads, "__call__", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError), store.use("b"):
            pass
    # then a second one finds room beside the first
    with store.use("c"):
        pass
    assert store.loaded() == ["a", "c"]


def test_an_unknown_model_names_the_known_ones(
    tmp_path: Path, loads: Loads, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ModelUnknown, match="a, b, c"), make_store(tmp_path, loads, monkeypatch).use("z"):
        pass


def test_two_rows_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match=ROWS[0].id):
        Catalogue([ROWS[0], ROWS[0]])


def test_first_start_leaves_out_what_needs_a_yes() -> None:
    catalogue = Catalogue()
    matting = {
        kind: {spec.id for spec in catalogue.default_set("default", kind) if spec.task == "matting"}
        for kind in ("cpu", "cuda")
    }
    assert matting == {"cpu": {"birefnet-lite", "modnet"}, "cuda": {"birefnet", "modnet"}}
    assert all(spec.commercial for spec in catalogue.default_set("all", "cpu"))
    assert catalogue.default_set("none", "cuda") == []
