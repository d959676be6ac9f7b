"""A batch on two Ray nodes of one core each: as good as one machine, also when a node dies half-way."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.batch.limits import Given
from pipelines.batch.options import BatchOptions
from pipelines.batch.ray_cluster import Cluster, ClusterUnusable
from pipelines.batch.ray_engine import read_result, run_on_ray
from pipelines.batch.to_folder import write_to_folder
from pipelines.errors import OutputsUnwritable
from pipelines.jobs.job import Job
from pipelines.settings import Settings
from pipelines.studio import Studio, open_studio
from tests.conftest import draw_disc, encode
from tests.pipelines.batch.ray_nodes import Nodes, two_nodes

pytest.importorskip("ray", reason="Ray is not installed: pip install -r requirements-ray.txt")

OPTIONS = BatchOptions(model="portrait", refine="off")


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    with two_nodes() as made:
        yield made


@pytest.fixture
def real_studio(settings: Settings) -> Iterator[Studio]:
    """A studio with the net that comes along: the workers are processes of their own and load it there."""
    made = open_studio(settings)
    yield made
    made.close()


def fill(folder: Path, count: int) -> Path:
    """Pictures in two sub-folders, each another; one of them broken, and a file that is none."""
    for number in range(count):
        path = folder / ("a" if number % 2 else "b 照片") / f"{number:02d}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode(draw_disc(90 + number, 120, (200, number, 30)), "JPEG"))
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    (folder / "notes.txt").write_text("no picture")
    return folder


def read_tree(folder: Path) -> dict[str, bytes]:
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.png")}
    return {name: path.read_bytes() for name, path in found.items() if ".inkframe" not in name}


def test_a_cluster_gives_the_same_files_as_this_machine(
    nodes: Nodes, real_studio: Studio, tmp_path: Path
) -> None:
    given = [Given(fill(tmp_path / "in", 6), "in")]
    engine = run_on_ray(Cluster(nodes.address))
    far = write_to_folder(real_studio, given, OPTIONS, tmp_path / "far", engine=engine)
    near = write_to_folder(real_studio, given, OPTIONS, tmp_path / "near")
    assert (far.status, far.done, far.failed) == (near.status, near.done, near.failed) == ("done", 6, 1)
    assert read_tree(tmp_path / "far") == read_tree(tmp_path / "near")
    assert len(read_tree(tmp_path / "far")) == 6


def test_what_is_done_is_not_done_again(nodes: Nodes, real_studio: Studio, tmp_path: Path) -> None:
    folder = fill(tmp_path / "in", 3)
    engine = run_on_ray(Cluster(nodes.address))
    write_to_folder(real_studio, [Given(folder, "in")], OPTIONS, tmp_path / "out", engine=engine)
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.png")}
    (folder / "new.jpg").write_bytes(encode(draw_disc(50, 60), "JPEG"))
    write_to_folder(real_studio, [Given(folder, "in")], OPTIONS, tmp_path / "out", engine=engine)
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.png")}
    assert {path: after[path] for path in stamps} == stamps
    assert len(after) == 4


def test_other_models_on_the_nodes_are_noticed(
    nodes: Nodes, real_studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.batch.to_folder.describe_nets", lambda *_: "cpu portrait=000000000000")
    with pytest.raises(ClusterUnusable, match="not 000000000000"):
        write_to_folder(
            real_studio,
            [Given(fill(tmp_path / "in", 2), "in")],
            OPTIONS,
            tmp_path / "out",
            engine=run_on_ray(Cluster(nodes.address)),
        )


def test_a_node_that_dies_half_way_loses_nothing(nodes: Nodes, real_studio: Studio, tmp_path: Path) -> None:
    """Last of its module: the node stays dead."""
    given = [Given(fill(tmp_path / "in", 24), "in")]
    killed: list[Any] = []

    def kill_half_way(job: Job) -> None:
        if job.done >= 6 and not killed:
            killed.append(job.done)
            nodes.kill_second()

    job = write_to_folder(
        real_studio,
        given,
        OPTIONS,
        tmp_path / "out",
        engine=run_on_ray(Cluster(nodes.address)),
        told=kill_half_way,
    )
    write_to_folder(real_studio, given, OPTIONS, tmp_path / "near")
    assert killed and killed[0] < 24
    assert (job.done, job.failed) == (24, 1)
    assert read_tree(tmp_path / "out") == read_tree(tmp_path / "near")
    rows = json.loads((tmp_path / "out" / "manifest.json").read_bytes())["files"]
    assert Counter(row["source"] for row in rows).most_common(1)[0][1] == 1
    assert Counter(row["status"] for row in rows) == {"done": 24, "failed": 1, "skipped": 1}
    assert all((tmp_path / "out" / row["output"]).is_file() for row in rows if row["status"] == "done")


def test_a_folder_that_is_not_shared_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.batch.ray_engine.LAG_SECONDS", 0.2)
    with pytest.raises(OutputsUnwritable, match="not to be seen"):
        read_result(tmp_path / "a.png", "0" * 64)
