"""Every row of the catalogue is complete and can be loaded by some loader."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.write_model_table import draw_table, replace_table
from weights.catalogue import ROWS, Catalogue
from weights.loaders import LOADERS
from weights.spec import ModelSpec

ROOT = Path(__file__).resolve().parents[2]


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
def test_every_model_says_what_it_was_trained_on_and_where_its_card_is(row: ModelSpec) -> None:
    assert row.trained_on
    assert row.card.startswith("https://") or (ROOT / row.card).is_file()


@pytest.mark.parametrize("row", [row for row in ROWS if row.source == "builtin"], ids=lambda row: row.id)
def test_our_own_cards_are_whole_and_of_this_very_file(row: ModelSpec) -> None:
    card = (ROOT / row.card).read_text(encoding="utf-8")
    (file,) = row.files
    assert f"{file.size} bytes" in card
    assert str(file.sha256) in card
    assert f"Licence: {row.licence}" in card
    headings = [line for line in card.splitlines() if line.startswith("## ")]
    assert headings == ["## What it is", "## What it was trained on", "## Figures", "## What it gets wrong"]


def test_the_table_of_the_docs_is_the_catalogue() -> None:
    page = (ROOT / "docs" / "models.md").read_text(encoding="utf-8")
    assert replace_table(page, draw_table(ROWS)) == page, "run: python -m scripts.write_model_table"


def test_a_machine_without_a_gpu_is_not_sent_what_needs_one() -> None:
    chosen = {kind: {row.id for row in Catalogue().default_set("all", kind)} for kind in ("cpu", "cuda")}
    assert chosen["cuda"] - chosen["cpu"] == {"wan2.2-5b"}
