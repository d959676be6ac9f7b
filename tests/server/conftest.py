"""A client of the REST routes alone: the page has tests of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketTestSession

from pipelines.studio import Studio
from server.failures import explain_failures
from server.metrics import CountRequests, Metrics
from server.rest import build_router
from server.security import add_security
from tests.server.live import LIVE, Stand, make_stand


def rest_app(studio: Studio) -> FastAPI:
    """The routes with their middleware, as app.py puts them together."""
    app = FastAPI()
    app.state.studio = studio
    metrics = Metrics(studio)
    explain_failures(app)
    app.include_router(build_router(studio, metrics))
    app.add_middleware(CountRequests, metrics=metrics)
    add_security(app, studio.settings, studio.tickets)
    return app


@pytest.fixture
def client(studio: Studio) -> Iterator[TestClient]:
    with TestClient(rest_app(studio), raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def stand(studio: Studio) -> Stand:
    return make_stand(studio)


@pytest.fixture
def socket(stand: Stand) -> Iterator[WebSocketTestSession]:
    with TestClient(stand.app) as client, client.websocket_connect(LIVE) as made:
        yield made
