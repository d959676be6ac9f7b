"""Health, models, metrics, the queue's limit, and the OpenAPI description."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient

from pipelines.gate import Gate
from pipelines.studio import Studio
from weights.hub.progress import ModelState


def test_health_names_version_device_and_models(client: TestClient) -> None:
    health = client.get("/healthz").json()
    assert health["status"] == "ok"
    assert health["device"].startswith("CPU")
    assert health["models"]["u2netp"] == "builtin"
    assert health["models"]["modnet"] == "missing"


def test_health_looks_at_the_models_once_a_second(
    client: TestClient, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given models that take a while to look at
    now, looks, real = [0.0], [0], studio.downloads.states

    def look() -> list[ModelState]:
        looks[0] += 1
        time.sleep(0.3)
        return real()

    monkeypatch.setattr(studio.downloads, "states", look)
    monkeypatch.setattr("server.remembered.time", SimpleNamespace(monotonic=lambda: now[0]))
    # when many ask at once, and again a little later
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.get("/healthz").json(), range(8)))
    assert [answer["status"] for answer in answers] == ["ok"] * 8
    now[0] = 0.9
    client.get("/healthz")
    # then there was one look, and another when the second is over
    assert looks == [1]
    now[0] = 1.0
    client.get("/healthz")
    assert looks == [2]


def test_models_come_with_licence_and_state(client: TestClient) -> None:
    models = {row["id"]: row for row in client.get("/api/v1/models").json()["models"]}
    assert len(models) >= 10
    assert models["rmbg-2.0"]["commercial"] is False
    assert models["rmbg-2.0"]["licence_accepted"] is False
    assert models["birefnet"]["licence"] == "MIT"


def test_a_non_commercial_model_wants_a_yes_first(client: TestClient) -> None:
    answer = client.post("/api/v1/models/rmbg-2.0/download")
    assert (answer.status_code, answer.json()["error"]["code"]) in (
        (409, "licence_not_accepted"),
        (503, "hub_unreachable"),
    )


def test_an_offline_studio_does_not_download(client: TestClient) -> None:
    answer = client.post("/api/v1/models/modnet/download")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "hub_unreachable")


def test_an_unknown_model_is_not_found(client: TestClient) -> None:
    for answer in (
        client.get("/api/v1/models/nonesuch"),
        client.post("/api/v1/models/nonesuch/download"),
        client.post("/api/v1/models/nonesuch/cancel"),
        client.delete("/api/v1/models/nonesuch"),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "model_unknown")


def test_metrics_count_requests_by_route(client: TestClient, photo: bytes) -> None:
    client.post("/api/v1/matting", files={"image": photo})
    client.get("/api/v1/runs/outputs_20200101000000")
    text = client.get("/metrics").text
    assert 'inkframe_requests_total{method="POST",route="/api/v1/matting",status="200"} 1.0' in text
    assert 'route="/api/v1/runs/{run_id}",status="404"} 1.0' in text


def test_a_full_queue_answers_503_and_when_to_come_back(
    client: TestClient, studio: Studio, photo: bytes
) -> None:
    object.__setattr__(studio, "gate", Gate(workers=1, waiting=0))
    with studio.gate.enter():
        answer = client.post("/api/v1/matting", files={"image": photo})
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "busy")
    assert int(answer.headers["Retry-After"]) > 0
    assert client.post("/api/v1/matting", files={"image": photo}).status_code == 200


def test_sixteen_at_once_are_all_answered_and_none_mixed_up(client: TestClient) -> None:
    import io

    import numpy as np
    from PIL import Image

    from tests.conftest import draw_disc, encode

    def ask(number: int) -> bool:
        height, width = 40 + number, 60 + 2 * number
        data = encode(draw_disc(height, width, (150 + number, 0, number)))
        answer = client.post("/api/v1/matting", files={"image": data}, data={"refine": "off"})
        result = np.asarray(Image.open(io.BytesIO(answer.content)))
        middle = result[height // 2, width // 2].tolist()
        return result.shape[:2] == (height, width) and middle == [150 + number, 0, number, 255]

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, range(16)))


def test_openapi_shows_options_with_their_bounds(client: TestClient) -> None:
    schema = client.get("/openapi.json").json()
    body = next(name for name in schema["components"]["schemas"] if "matting" in name.lower())
    fields = schema["components"]["schemas"][body]["properties"]
    assert fields["refine"]["enum"] == ["off", "fast", "fine"]
    assert fields["edge"]["minimum"] == -20
    assert fields["image"]["type"] == "string"
