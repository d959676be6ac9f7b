"""`models` on the command line, against a hub on loopback."""

from __future__ import annotations

from pathlib import Path

import pytest

import cli
from tests.stand_in_hub import StandInHub
from tests.weights.conftest import BODY, PATH, make_spec
from weights.catalogue import Catalogue

ROWS = [
    make_spec(id="one", repo="owner/one"),
    make_spec(id="huge", repo="owner/huge", about_bytes=10**15),
    make_spec(id="strict", repo="owner/strict", commercial=False),
    make_spec(id="two", repo="owner/two"),
]


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The models folder of a shell whose catalogue is ROWS."""
    monkeypatch.setattr("pipelines.studio.Catalogue", lambda: Catalogue(ROWS))
    for name, value in (("OUTPUTS", "outputs"), ("WEIGHTS", "weights")):
        monkeypatch.setenv(f"INKFRAME_{name}", str(tmp_path / value))
    monkeypatch.setenv("INKFRAME_DEVICE", "cpu")
    return tmp_path / "weights"


def test_a_model_that_can_not_be_begun_keeps_no_other_back(
    weights: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repos = {row.repo: {PATH: BODY} for row in ROWS}
    with StandInHub(repos) as hub:
        monkeypatch.setenv("INKFRAME_MODELSCOPE_ENDPOINT", hub.url)
        with pytest.raises(SystemExit) as ended:
            cli.main(["models", "download", "huge", "strict", "all"])
    assert ended.value.code == 1
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 2 and all(line.startswith("Error: Small ") for line in errors)
    assert "of disk" in errors[0] and "licence" in errors[1]
    assert sorted(row.id for row in ROWS if (weights / row.id / PATH).is_file()) == ["one", "two"]
