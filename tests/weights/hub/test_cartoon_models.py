"""A style of DCT-Net from the hub: fetched by the real client, verified, read and used."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipelines.cartoon.options import STYLES
from pipelines.device import Device
from tests.conftest import DATA, draw_disc
from tests.stand_in_hub import StandInHub
from tests.weights import dctnet_reference
from tests.weights.conftest import QUICK
from tests.weights.graphs import Drawn, draw_dctnet
from weights.catalogue import Catalogue
from weights.errors import HubUnreachable, ModelDamaged
from weights.hub.downloads import Downloads
from weights.manifest import read_manifest
from weights.store import ModelStore

REPO = "iic/cv_unet_person-image-cartoon-3d_compound-models"
OLDER = REPO.replace("iic/", "damo/")
BACKGROUND, HEAD, MASK = "cartoon_bg.pb", "cartoon_h.pb", "alpha.jpg"
Open = Callable[[Mapping[str, Mapping[str, bytes]]], tuple[StandInHub, Downloads]]


@pytest.fixture(scope="module")
def nets() -> tuple[Drawn, Drawn]:
    return draw_dctnet(1), draw_dctnet(2)


@pytest.fixture(scope="module")
def files(nets: tuple[Drawn, Drawn]) -> dict[str, bytes]:
    """What the hub's repository holds: the pair, the mask, and much that nobody needs here."""
    mask = cv2.imencode(".jpg", np.full((288, 288), 255, np.uint8))[1].tobytes()
    pair = {BACKGROUND: nets[0].write(), HEAD: nets[1].write()}
    return {**pair, MASK: mask, "detector.pb": b"other", "README.md": b"read me"}


@pytest.fixture
def open_hub(tmp_path: Path) -> Iterator[Open]:
    """A hub with some repositories, and the real catalogue's downloads from it."""
    with ExitStack() as stack:

        def build(repos: Mapping[str, Mapping[str, bytes]]) -> tuple[StandInHub, Downloads]:
            hub = stack.enter_context(StandInHub(repos))
            downloads = Downloads(
                Catalogue(), tmp_path / "cache", endpoint=hub.url, back_off=QUICK, timeout=5
            )
            stack.callback(downloads.close)
            return hub, downloads

        yield build


def fetch(downloads: Downloads) -> str:
    downloads.start("cartoon-3d")
    assert downloads.wait("cartoon-3d", 60)
    return downloads.state("cartoon-3d").status


def open_store(tmp_path: Path) -> ModelStore:
    return ModelStore(Catalogue(), tmp_path / "cache", Device("cpu", "test"))


def draw(tmp_path: Path, rgb: np.ndarray) -> np.ndarray:
    with open_store(tmp_path).use("cartoon-3d") as slot:
        return slot.model.draw_background(rgb)


def test_a_pair_is_fetched_verified_read_and_used(
    open_hub: Open, files: dict[str, bytes], nets: tuple[Drawn, Drawn], tmp_path: Path
) -> None:
    hub, downloads = open_hub({REPO: files})

    assert fetch(downloads) == "ready"

    assert sorted(asked.path for asked in hub.requests) == ["", MASK, BACKGROUND, HEAD]
    rgb = draw_disc(24, 32)
    pairs = ([(step.kernel, np.asarray(step.bias)) for step in net.steps] for net in nets)
    background, head = (dctnet_reference.draw(rgb, each).astype(int) for each in pairs)
    with open_store(tmp_path).use("cartoon-3d") as slot:
        assert np.abs(slot.model.draw_background(rgb) - background).max() <= 1
        assert np.abs(slot.model.draw_head(rgb) - head).max() <= 1
        assert slot.model.mask.shape == (288, 288) and slot.model.mask.min() > 0.99


def test_a_repository_without_a_mask_is_enough(
    open_hub: Open, files: dict[str, bytes], tmp_path: Path
) -> None:
    hub, downloads = open_hub({REPO: {name: files[name] for name in (BACKGROUND, HEAD)}})
    assert fetch(downloads) == "ready"
    assert hub.asked_for(MASK) == []
    with open_store(tmp_path).use("cartoon-3d") as slot:
        assert slot.model.mask is None


@pytest.mark.parametrize("elsewhere", [{}, {REPO: {"README.md": b"moved"}}], ids=["gone", "emptied"])
def test_the_older_owner_is_asked_when_the_newer_one_has_it_not(
    open_hub: Open, files: dict[str, bytes], tmp_path: Path, elsewhere: dict[str, dict[str, bytes]]
) -> None:
    _, downloads = open_hub({**elsewhere, OLDER: files})
    assert fetch(downloads) == "ready"
    manifest = read_manifest(tmp_path / "cache" / "cartoon-3d")
    assert manifest is not None and manifest.repo == OLDER
    assert draw(tmp_path, draw_disc(8, 8)).shape == (8, 8, 3)


def test_a_hub_that_has_it_nowhere_is_asked_for_both_and_the_newer_is_named(open_hub: Open) -> None:
    hub, downloads = open_hub({})
    assert fetch(downloads) == "failed"
    assert len(hub.requests) == 2
    assert f"{REPO} on {hub.url}" in downloads.state("cartoon-3d").error


def test_a_refusal_is_not_taken_to_the_older_owner(open_hub: Open, files: dict[str, bytes]) -> None:
    hub, downloads = open_hub({REPO: files, OLDER: files})
    hub.behave(REPO, "denied")
    assert fetch(downloads) == "failed"
    assert {asked.repo for asked in hub.requests} == {REPO}


def test_a_style_with_a_pinned_version_asks_for_it(open_hub: Open, files: dict[str, bytes]) -> None:
    repo = "iic/cv_unet_person-image-cartoon-sd-design_compound-models"
    hub, downloads = open_hub({repo: files})
    downloads.start("cartoon-design")
    assert downloads.wait("cartoon-design", 60)
    assert {asked.revision for asked in hub.requests} == {"v1.0.0"}


@pytest.mark.parametrize("name", [BACKGROUND, HEAD, MASK])
def test_a_file_swapped_for_another_is_refused(
    open_hub: Open, files: dict[str, bytes], tmp_path: Path, name: str
) -> None:
    # given a whole style, one file of which somebody replaces by another that would open
    _, downloads = open_hub({REPO: files})
    fetch(downloads)
    other = {BACKGROUND: files[HEAD], HEAD: files[BACKGROUND], MASK: files[MASK] + b"\0"}[name]
    (tmp_path / "cache" / "cartoon-3d" / name).write_bytes(other)
    # then it is not used, and the page can say so
    with pytest.raises(ModelDamaged, match=name):
        draw(tmp_path, draw_disc(8, 8))
    assert downloads.state("cartoon-3d").status == "failed"


def test_a_foreign_graph_under_the_right_name_says_what_is_different(
    open_hub: Open, files: dict[str, bytes], nets: tuple[Drawn, Drawn], tmp_path: Path
) -> None:
    foreign = nets[1].change(2, stride=2).write()
    _, downloads = open_hub({REPO: {**files, HEAD: foreign}})
    assert fetch(downloads) == "ready"
    with pytest.raises(ModelDamaged, match=r"cartoon_h\.pb is not a DCT-Net graph: convolution 3 of 18"):
        draw(tmp_path, draw_disc(8, 8))


def test_deleting_a_style_frees_all_of_it(open_hub: Open, files: dict[str, bytes], tmp_path: Path) -> None:
    _, downloads = open_hub({REPO: files})
    fetch(downloads)
    draw(tmp_path, draw_disc(8, 8))
    assert downloads.delete("cartoon-3d") > sum(len(files[name]) for name in (BACKGROUND, HEAD, MASK))
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [".client"]


def test_first_start_fetches_every_style() -> None:
    for device in ("cpu", "cuda"):
        chosen = [spec for spec in Catalogue().default_set("default", device) if spec.task == "cartoon"]
        assert {spec.id for spec in chosen} == {f"cartoon-{style}" for style in STYLES}


@pytest.mark.skipif(
    not (DATA / "weights" / "dctnet-frozen-graph" / "3d").is_dir(),
    reason="needs a published pair in shared/data/weights/dctnet-frozen-graph/3d",
)
def test_the_published_pair_is_fetched_and_draws(open_hub: Open, tmp_path: Path) -> None:
    folder = DATA / "weights" / "dctnet-frozen-graph" / "3d"
    _, downloads = open_hub({REPO: {name: (folder / name).read_bytes() for name in (BACKGROUND, HEAD)}})
    assert fetch(downloads) == "ready"
    rgb = draw_disc(64, 64)
    drawing = draw(tmp_path, rgb)
    # the 3D style keeps a picture's shapes and colours, and is not the picture
    assert 1 < np.abs(drawing.astype(int) - rgb).mean() < 40


def test_offline_says_how_to_get_it(tmp_path: Path) -> None:
    downloads = Downloads(Catalogue(), tmp_path, offline=True)
    with pytest.raises(HubUnreachable, match="DCT-Net 3D can't be downloaded"):
        downloads.start("cartoon-3d")
