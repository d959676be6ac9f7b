"""What never changes under its name is kept by browsers, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import gradio
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.kept_assets import KeepAssets

HASHED = re.compile(r"-[\w-]{8,}\.\w+(\.map)?$")


@pytest.fixture
def site() -> TestClient:
    def answer(request: object) -> Response:
        return Response("x")

    made = Starlette(routes=[Route("/assets/a-12345678.js", answer), Route("/config", answer)])
    made.add_middleware(KeepAssets)
    return TestClient(made)


def test_an_asset_is_kept_for_good(site: TestClient) -> None:
    assert site.get("/assets/a-12345678.js").headers["cache-control"] == "max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["/config", "/assets/none.js"])
def test_other_answers_are_not(site: TestClient, path: str) -> None:
    assert "cache-control" not in site.get(path).headers


def test_every_asset_of_gradio_has_its_hash_in_its_name() -> None:
    names = [each.name for each in (Path(gradio.__file__).parent / "templates/frontend/assets").iterdir()]
    assert len(names) > 500
    assert [name for name in names if not HASHED.search(name)] == []
