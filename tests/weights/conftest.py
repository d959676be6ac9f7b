"""A small model, a catalogue with it, and a hub on loopback that has it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.stand_in_hub import StandInHub
from weights.catalogue import Catalogue
from weights.hub.client_process import HubClient
from weights.hub.downloads import Downloads
from weights.spec import ModelFile, ModelSpec

QUICK = (0.01, 0.01)
PATH = "onnx/model.onnx"
BODY = random.Random(7).randbytes(400_000)


@dataclass(frozen=True)
class Place:
    """One test's hub, cache folder and model."""

    hub: StandInHub
    cache: Path
    spec: ModelSpec

    @property
    def client(self) -> HubClient:
        return HubClient(self.hub.url, self.cache / ".client", timeout=2)

    @property
    def file(self) -> Path:
        """Where the model's file ends up."""
        return self.cache / self.spec.id / PATH

    @property
    def partial(self) -> Path:
        """Where its bytes arrive."""
        return self.cache / f"{self.spec.id}.partial" / PATH


def make_spec(**changes: Any) -> ModelSpec:
    spec = ModelSpec(
        id="small",
        task="matting",
        title="Small",
        hint="",
        source="modelscope",
        repo="owner/small",
        files=(ModelFile(PATH),),
        loader="onnx-matte",
        licence="MIT",
        commercial=True,
        default_on=frozenset({"cpu"}),
    )
    return replace(spec, **changes)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with StandInHub({"owner/small": {PATH: BODY, "README.md": b"read me"}}) as hub:
        yield Place(hub, tmp_path / "cache", make_spec())


@pytest.fixture
def open_downloads(place: Place) -> Iterator[Callable[..., Downloads]]:
    """Make a Downloads over the place's cache, with its model or with others."""
    opened: list[Downloads] = []

    def build(*specs: ModelSpec, **options: Any) -> Downloads:
        catalogue = Catalogue(specs or (place.spec,))
        settings = {"endpoint": place.hub.url, "back_off": QUICK, "timeout": 2} | options
        opened.append(Downloads(catalogue, place.cache, **settings))
        return opened[-1]

    yield build
    for downloads in opened:
        downloads.close()
