"""Several workers at one model: side by side on the CPU, together on a GPU."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from pipelines.batch.lanes import Lanes, count_together
from pipelines.batch.places import Room
from pipelines.device import Device
from pipelines.matting.find import find_matte
from weights.catalogue import Catalogue
from weights.errors import OutOfMemory
from weights.loaders import LoadRequest
from weights.nets.matte import prepare
from weights.spec import Preprocess
from weights.store import ModelStore

SMALL = "u2netp"
LONG = 20.0


class Crowd:
    """Counts how many are inside at once, and keeps them there until enough have come or time is up."""

    def __init__(self, wanted: int) -> None:
        self.most = self.inside = 0
        self._wanted = wanted
        self._change = threading.Condition()

    def visit(self) -> None:
        with self._change:
            self.inside += 1
            self.most = max(self.most, self.inside)
            self._change.notify_all()
            self._change.wait_for(lambda: self.most >= self._wanted, 0.3)
            self.inside -= 1


class Net:
    """A net that answers with the mean of each picture, and remembers how many it was asked at a time."""

    def __init__(self, crowd: Crowd | None = None, most: int = 99, seconds: float = 0.0) -> None:
        self.crowd, self.most, self.seconds = crowd, most, seconds
        self.batches: list[int] = []

    def alpha(self, rgb: np.ndarray) -> np.ndarray:
        if self.crowd:
            self.crowd.visit()
        return np.zeros(rgb.shape[:2], np.float32)

    def ask(self, pictures: np.ndarray) -> np.ndarray:
        self.batches.append(len(pictures))
        time.sleep(self.seconds)
        if len(pictures) > self.most:
            raise OutOfMemory("no room for so many")
        return pictures.mean(axis=1)


def build(tmp_path: Path, load: Callable[[LoadRequest], object], kind: str = "cpu", **room: int) -> Lanes:
    store = ModelStore(Catalogue(), tmp_path, Device(kind, "test"), loaders={"onnx-matte": load})  # type: ignore[arg-type]
    return Lanes(store, **{"count": 2, **room})


def ask_all(lanes: Lanes, pictures: list[np.ndarray], model_id: str = SMALL) -> list[object]:
    with ThreadPoolExecutor(len(pictures)) as pool:
        asked = [pool.submit(find_matte, rgb, model_id, lanes) for rgb in pictures]  # type: ignore[arg-type]
        return [each.result(LONG) for each in asked]


def test_a_small_net_has_a_lane_of_one_core_for_each_caller(tmp_path: Path) -> None:
    crowd, threads = Crowd(2), []

    def load(request: LoadRequest) -> Net:
        threads.append(request.threads)
        return Net(crowd)

    lanes = build(tmp_path, load)
    ask_all(lanes, [np.zeros((20, 20, 3), np.uint8)] * 6)
    assert crowd.most == 2
    assert threads == [1, 1]
    assert lanes.busy > 0


def test_one_caller_loads_one_lane(tmp_path: Path) -> None:
    loads = []
    lanes = build(tmp_path, lambda request: loads.append(1) or Net())
    for _ in range(5):
        ask_all(lanes, [np.zeros((20, 20, 3), np.uint8)])
    assert len(loads) == 1


def test_a_large_net_is_lent_to_one_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.batch.lanes.LARGE", 1)
    crowd = Crowd(2)
    ask_all(build(tmp_path, lambda request: Net(crowd)), [np.zeros((20, 20, 3), np.uint8)] * 3)
    assert crowd.most == 1


def test_on_a_gpu_what_waits_goes_together(tmp_path: Path) -> None:
    net = Net(seconds=0.05)
    lanes = build(tmp_path, lambda request: net, "cuda", together=4)
    pictures = [np.full((30 + side, 40, 3), 20 * side, np.uint8) for side in range(9)]
    mattes = ask_all(lanes, pictures)
    assert sum(net.batches) == 9
    assert 1 < max(net.batches) <= 4
    assert len(net.batches) < 9
    how = Catalogue()[SMALL].preprocess
    for rgb, matte in zip(pictures, mattes, strict=True):
        assert matte.alpha.shape == rgb.shape[:2]  # type: ignore[attr-defined]
        expected = np.clip(prepare(rgb, how).mean(), 0, 1)
        np.testing.assert_allclose(matte.alpha, expected, atol=1e-5)  # type: ignore[attr-defined]
        assert matte.device == "cuda"  # type: ignore[attr-defined]
        assert matte.nets[0].version  # type: ignore[attr-defined]


def test_a_batch_that_does_not_fit_is_asked_one_by_one(tmp_path: Path) -> None:
    net = Net(most=1, seconds=0.02)
    lanes = build(tmp_path, lambda request: net, "cuda", together=4)
    assert len(ask_all(lanes, [np.zeros((30, 40, 3), np.uint8)] * 8)) == 8
    assert sum(size > 1 for size in net.batches) <= 1


def test_a_picture_that_does_not_fit_alone_is_done_on_the_cpu(tmp_path: Path) -> None:
    def load(request: LoadRequest) -> Net:
        return Net(most=0) if request.providers[0].startswith("CUDA") else Net()

    (matte,) = ask_all(build(tmp_path, load, "cuda", together=4), [np.zeros((30, 40, 3), np.uint8)])
    assert matte.device == "cpu"  # type: ignore[attr-defined]


def test_how_many_go_together_is_a_matter_of_memory() -> None:
    assert [count_together(memory << 30) for memory in (0, 6, 16, 140)] == [1, 1, 4, 8]


def test_nets_that_keep_the_pictures_size_are_not_gathered(tmp_path: Path) -> None:
    net = Net()
    lanes = build(tmp_path, lambda request: net, "cuda", together=4)
    assert Catalogue()["modnet"].preprocess.fit != Preprocess().fit
    with lanes.use("u2netp") as loaded:
        assert loaded.model is not net


def test_room_is_given_by_size_and_one_that_is_too_large_goes_alone() -> None:
    room, inside, most = Room(10), [0], [0]
    guard = threading.Lock()

    def work(size: int) -> None:
        with room.hold(size):
            with guard:
                inside[0] += min(size, 10)
                most[0] = max(most[0], inside[0])
            time.sleep(0.01)
            with guard:
                inside[0] -= min(size, 10)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, [4, 4, 4, 99, 1, 10, 3, 3, 3, 0]))
    assert 4 < most[0] <= 10
