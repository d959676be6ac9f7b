"""The pool on a real Ray cluster of two nodes on this machine, one of which is killed at work."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.batch.ray_cluster import Cluster, ClusterUnusable
from pipelines.batch.ray_pool import TRIES, Lost, RayPool
from pipelines.errors import DiskFull, InvalidOption
from tests.pipelines.batch.ray_nodes import Nodes, two_nodes

pytest.importorskip("ray", reason="Ray is not installed: pip install -r requirements-ray.txt")


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    with two_nodes() as made:
        yield made


def squares(log: Path, seconds: float = 0.0) -> Callable[[], Callable[[int], int]]:
    """Build a function that notes in `log` what it does."""

    def build() -> Callable[[int], int]:
        def work(number: int) -> int:
            with log.open("a") as out:
                out.write(f"{number} {os.getpid()}\n")
            time.sleep(seconds)
            return number * number

        return work

    return build


def read_log(log: Path) -> Counter[int]:
    return Counter(int(line.split()[0]) for line in log.read_text().splitlines())


def test_each_task_has_its_answer_from_both_nodes(nodes: Nodes, tmp_path: Path) -> None:
    with RayPool(squares(tmp_path / "log", 0.05), Cluster(nodes.address)) as pool:
        answers = dict(pool.map(range(40)))
    assert answers == {number: number * number for number in range(40)}
    assert set(read_log(tmp_path / "log").values()) == {1}
    assert len({line.split()[1] for line in (tmp_path / "log").read_text().splitlines()}) == 2


def test_tasks_are_taken_only_as_they_are_needed(nodes: Nodes, tmp_path: Path) -> None:
    taken = []
    with RayPool(squares(tmp_path / "log"), Cluster(nodes.address)) as pool:
        answered = 0
        for _ in pool.map(taken.append(number) or number for number in range(60)):
            answered += 1
            assert len(taken) <= answered + 4
    assert answered == 60


def test_an_error_comes_through_as_it_was_raised(nodes: Nodes) -> None:
    def build() -> Callable[[int], int]:
        def work(number: int) -> int:
            raise DiskFull("The disk is full.", "Free some space.")

        return work

    with (
        RayPool(build, Cluster(nodes.address)) as pool,
        pytest.raises(DiskFull, match="The disk is full") as caught,
    ):
        list(pool.map(range(3)))
    assert caught.value.hint == "Free some space."


def test_workers_that_cannot_start_say_why(nodes: Nodes) -> None:
    def build() -> Callable[[int], int]:
        raise DiskFull("No room for the model.")

    with (
        RayPool(build, Cluster(nodes.address)) as pool,
        pytest.raises(ClusterUnusable, match="No room for the model"),
    ):
        list(pool.map(range(3)))


def test_a_task_that_kills_its_workers_is_given_up(nodes: Nodes, tmp_path: Path) -> None:
    log = tmp_path / "log"

    def build() -> Callable[[int], int]:
        def work(number: int) -> int:
            with log.open("a") as out:
                out.write(f"{number}\n")
            if number == 3:
                os._exit(1)
            return number

        return work

    with RayPool(build, Cluster(nodes.address)) as pool:
        answers = list(pool.map(range(8)))
    assert sorted(task for task, _ in answers) == list(range(8))
    assert [task for task, answer in answers if isinstance(answer, Lost)] == [3]
    assert TRIES <= read_log(log)[3] <= TRIES + 1, "at most the first time it was not alone"


def test_it_stops_when_it_is_told_to(nodes: Nodes, tmp_path: Path) -> None:
    with RayPool(squares(tmp_path / "log", 0.05), Cluster(nodes.address)) as pool:
        seen: list[Any] = []
        for each in pool.map(iter(range(10**9)), stopped=lambda: len(seen) >= 5):
            seen.append(each)
    assert 5 <= len(seen) <= 6


def test_a_killed_node_loses_nothing(nodes: Nodes, tmp_path: Path) -> None:
    """Last of its module: the node stays dead."""
    answers = []
    with RayPool(squares(tmp_path / "log", 0.1), Cluster(nodes.address)) as pool:
        for each in pool.map(range(40)):
            answers.append(each)
            if len(answers) == 15:
                nodes.kill_second()
    assert sorted(answers) == [(number, number * number) for number in range(40)]
    assert sum(count - 1 for count in read_log(tmp_path / "log").values()) <= 2


@pytest.mark.parametrize("wrong", [{"gpu_share": -0.1}, {"gpu_share": 1.5}, {"cpus": 0}])
def test_shares_are_checked(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidOption):
        Cluster(**wrong)


@pytest.mark.parametrize("address", ["127.0.0.1:9", "ray://127.0.0.1:9", "127.0.0.1:99999"])
def test_an_address_where_nobody_is_is_explained(address: str) -> None:
    with pytest.raises(ClusterUnusable, match=address):
        RayPool(lambda: abs, Cluster(address))
