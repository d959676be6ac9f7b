"""The Models tab's Delete, and models that are not ready to be used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import gradio as gr
import pytest
from fastapi.testclient import TestClient

from pipelines.matting.options import MattingOptions
from pipelines.studio import Studio
from tests.server.conftest import rest_app
from tests.weights.conversion.test_ahead import Converter, ended, put_graph
from ui.matting_work import cut
from ui.models_tab import act, list_models
from ui.previews import Previews
from ui.texts import CHINESE
from ui.translate import translate
from ui.upload import Upload
from weights.conversion.ahead import Conversions
from weights.errors import ConversionFailed

MODEL, SMALL = "cv-unet-universal", "modnet"


@pytest.fixture
def converter() -> Iterator[Converter]:
    made = Converter()
    yield made
    made.go.set()
    ended()


@pytest.fixture
def converting(studio: Studio, converter: Converter) -> Studio:
    """A studio with a downloaded CV-UNet whose conversion takes as long as the test likes."""
    cache = studio.settings.weights
    put_graph(cache, studio.catalogue[MODEL])
    conversions = Conversions(cache, studio.downloads.stamps, convert_graph=converter)
    return replace(studio, conversions=conversions)


def test_nobody_waits_at_the_gate_for_a_conversion(converting: Studio, photo: bytes, tmp_path: Path) -> None:
    picture = tmp_path / "a.jpg"
    picture.write_bytes(photo)
    upload = Upload(picture, "a.jpg")
    # when the page and a program ask for a model that is still to be converted
    with pytest.raises(ConversionFailed) as told:
        options = MattingOptions(model=MODEL)
        cut(converting, Previews(tmp_path / "previews"), upload, None, options, lambda *_: None)
    with TestClient(rest_app(converting)) as client:
        answer = client.post("/api/v1/matting", files={"image": photo}, data={"model": MODEL})
        # then both are told at once, and another model works
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "conversion_failed")
        assert client.post("/api/v1/matting", files={"image": photo}).status_code == 200
    assert converting.gate.load == 0
    for sentence in (told.value.message, told.value.hint):
        assert translate(sentence, CHINESE) != sentence


def test_delete_lets_go_of_the_model_everywhere(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gr, "Info", lambda *_: None)
    put_graph(studio.settings.weights, studio.catalogue[SMALL])
    for place in (studio.store, studio.lanes):
        with place.use(SMALL):
            pass
    stores = (studio.store, *studio.lanes._stores)
    assert [store.loaded() for store in stores].count([SMALL]) == 2
    # when a batch loads it while it is being deleted
    really = studio.downloads.delete

    def delete(model_id: str) -> int:
        with studio.lanes.use(model_id):
            return really(model_id)

    monkeypatch.setattr(studio.downloads, "delete", delete)
    act(studio, {"model": SMALL, "action": "delete"}, "en")
    # then it is gone from memory and from the list
    assert [store.loaded() for store in stores] == [[]] * len(stores)
    assert f'data-model="{SMALL}" data-state="missing"' in list_models(studio, "en")
