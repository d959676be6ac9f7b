"""A batch's run as a zip, from the history alone."""

from __future__ import annotations

import io
import zipfile

from fastapi.testclient import TestClient

from pipelines.batch.finish import TASK
from pipelines.batch.job_files import RESULTS, TITLE_KEY
from pipelines.studio import Studio


def keep_run(studio: Studio, task: str) -> str:
    """A run with results in sub-folders and both manifests; its id."""
    with studio.history.draft(task) as draft:
        for name in ("b/2.png", "a.png"):
            path = draft.folder / RESULTS / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(name.encode())
        draft.add("manifest.csv", b"csv")
        draft.add("manifest.json", b"{}")
        title = {TITLE_KEY: "holiday.zip"}
        return draft.save(inputs=[], settings=title, model={}, device="cpu", timings={}, results=[]).id


def test_a_batchs_run_is_a_zip_with_its_manifests(studio: Studio, client: TestClient) -> None:
    answer = client.get(f"/api/v1/runs/{keep_run(studio, TASK)}/result")
    assert answer.status_code == 200
    assert "holiday-cutouts.zip" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as found:
        assert found.namelist() == ["manifest.csv", "manifest.json", "a.png", "b/2.png"]
        assert found.read("b/2.png") == b"b/2.png"


def test_another_run_has_no_zip(studio: Studio, client: TestClient) -> None:
    answer = client.get(f"/api/v1/runs/{keep_run(studio, 'matting')}/result")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    assert client.get("/api/v1/runs/outputs_20200101000000/result").status_code == 404
