"""Every row of the catalogue is complete and can be loaded by some loader."""

from __future__ import annotations

from pathlib import Path

import pytest

from weights.catalogue import ROWS, Catalogue
from weights.loaders import LOADERS
from weights.spec import ModelSpec


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_is_complete(row: ModelSpec) -> None:
    assert row.loader in LOADERS
    assert row.title
    assert row.hint.endswith(".")
    assert row.licence
    assert row.files
    assert row.repo or row.source == "builtin"
    assert row.source == "modelscope" or all(file.sha256 and file.size for file in row.files)


def test_all_models_of_the_facts_are_there() -> None:
    own = "portrait u2netp centerface"
    hub = "birefnet birefnet-lite modnet rmbg-1.4 rmbg-2.0 u2net isnet cv-unet-universal cv-unet-portrait"
    styles = "3d anime artstyle design handdrawn illustration sketch"
    cartoons = {f"cartoon-{style}" for style in styles.split()}
    assert {*own.split(), *hub.split(), *cartoons} <= {row.id for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_the_docs_say_what_a_model_is_for(row: ModelSpec) -> None:
    docs = (Path(__file__).resolve().parents[2] / "docs" / "models.md").read_text(encoding="utf-8")
    assert f"| `{row.id}` | {row.hint} | {row.licence} |" in docs


def test_a_machine_without_a_gpu_is_not_sent_what_needs_one() -> None:
    chosen = {kind: {row.id for row in Catalogue().default_set("all", kind)} for kind in ("cpu", "cuda")}
    assert chosen["cuda"] - chosen["cpu"] == {"wan2.2-5b"}
