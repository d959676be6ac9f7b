"""Sign-in, origin and size of what reaches the REST routes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from pipelines.settings import Settings
from pipelines.studio import open_studio
from tests.server.conftest import rest_app


def client_with(settings: Settings, **changes: object) -> TestClient:
    studio = open_studio(replace(settings, **changes))  # type: ignore[arg-type]
    return TestClient(rest_app(studio), raise_server_exceptions=False)


GUARDED = [
    "/api/v1/models",
    "/api/v1/runs",
    "/api/v1/runs/x",
    "/metrics",
    "/docs",
    "/openapi.json",
    "/api/nonesuch",
]


@pytest.mark.parametrize("path", GUARDED)
def test_a_token_is_wanted_everywhere(settings: Settings, path: str) -> None:
    client = client_with(settings, token="s3cret")
    for header in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic czNjcmV0"}):
        answer = client.get(path, headers=header)
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "unauthorized"
    assert client.get(path, headers={"Authorization": "Bearer s3cret"}).status_code != 401


def test_health_needs_no_token(settings: Settings) -> None:
    assert client_with(settings, token="s3cret").get("/healthz").status_code == 200


def test_a_login_alone_guards_the_routes_too(settings: Settings) -> None:
    client = client_with(settings, login="ann:pass:word")
    assert client.get("/api/v1/runs").status_code == 401
    assert client.get("/api/v1/runs", auth=("ann", "pass:word")).status_code == 200
    assert client.get("/api/v1/runs", headers={"Authorization": "Basic !!"}).status_code == 401


def test_a_foreign_page_may_not_post(settings: Settings, photo: bytes) -> None:
    client = client_with(settings)
    answer = client.post("/api/v1/matting", files={"image": photo}, headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403
    same = client.delete("/api/v1/runs/outputs_20200101000000", headers={"Origin": "http://testserver"})
    assert same.status_code == 404


def test_an_upload_over_the_limit_is_refused_by_its_length(settings: Settings) -> None:
    client = client_with(settings, max_upload_mb=1)
    answer = client.post("/api/v1/matting", files={"image": b"x" * 1_100_000})
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
    assert "1 MB" in answer.json()["error"]["message"]


def test_an_upload_without_a_length_is_counted(settings: Settings) -> None:
    client = client_with(settings, max_upload_mb=1)

    def body() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n'
        for _ in range(30):
            yield b"x" * 100_000

    answer = client.post(
        "/api/v1/matting", content=body(), headers={"Content-Type": "multipart/form-data; boundary=b"}
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/runs/..%2f..%2fetc/files/passwd",
        "/api/v1/runs/outputs_20200101000000/files/..%2f..%2f..%2fetc%2fpasswd",
        "/api/v1/runs/%2e%2e/files/run.json",
        "/api/v1/runs//etc/passwd",
        "/api/v1/runs/outputs_20200101000000%00/files/run.json",
    ],
)
def test_no_path_leaves_the_outputs(settings: Settings, path: str) -> None:
    answer = client_with(settings).get(path)
    assert answer.status_code in (404, 422)
    assert "root:" not in answer.text


def test_an_unexpected_failure_tells_nothing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_with(settings)
    monkeypatch.setattr("pipelines.history.History.runs", lambda *_, **__: 1 / 0)
    answer = client.get("/api/v1/runs")
    assert answer.status_code == 500
    assert "division" not in answer.text
    assert answer.json()["error"]["code"] == "internal"
