"""What a caller makes up makes no new row in the counters, which are kept for good."""

from __future__ import annotations

from dataclasses import replace

from fastapi.testclient import TestClient

from pipelines.studio import Studio


def rows(client: TestClient) -> list[str]:
    text = client.get("/metrics").text
    return [row for row in text.splitlines() if row.startswith("inkframe_requests_total")]


def test_invented_methods_are_counted_together(client: TestClient) -> None:
    for method in ("BREW", "TRACE", "CONNECT", *(f"X{number}" for number in range(7))):
        client.request(method, "/api/v1/models")
    client.get("/api/v1/models")

    assert sorted(rows(client)) == [
        'inkframe_requests_total{method="GET",route="/api/v1/models",status="200"} 1.0',
        'inkframe_requests_total{method="other",route="/api/v1/models",status="405"} 10.0',
    ]


def test_invented_routes_and_names_are_counted_together(client: TestClient) -> None:
    for number in range(3):
        client.get(f"/api/v1/nonesuch-{number}")
        client.get(f"/api/v1/models/nonesuch-{number}")

    assert sorted(rows(client)) == [
        'inkframe_requests_total{method="GET",route="/api/v1/models/{model_id}",status="404"} 3.0',
        'inkframe_requests_total{method="GET",route="/api/{rest:path}",status="404"} 3.0',
    ]


def test_all_jobs_are_counted_however_many(client: TestClient, studio: Studio) -> None:
    card = studio.jobs.submit("video", "a film", {}, lambda folder: 9)
    cards = [
        replace(card, id=f"video-{number:012x}", status="done", done=2, failed=1) for number in range(1001)
    ]
    for each in cards:
        studio.jobs._cards.add(each)
    text = client.get("/metrics").text
    assert 'inkframe_jobs{kind="video",status="done"} 1001.0' in text
    assert 'inkframe_jobs{kind="video",status="queued"} 1.0' in text
    assert 'inkframe_job_pieces{kind="video",outcome="done"} 2002.0' in text
    assert 'inkframe_job_pieces{kind="video",outcome="failed"} 1001.0' in text
