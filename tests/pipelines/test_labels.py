from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from pipelines import visible_label
from pipelines.image.encode import encode_image
from pipelines.labels import (
    SOURCE_TYPES,
    ai_label,
    draw_visible_label,
    draw_visible_label_on_cutout,
    read_label,
)
from tests.pipelines.image.samples import make_pixels, save

RUN = "outputs_20261121140233"
PIXELS = make_pixels(40, 60)
AIGC = {
    "Label": "1",
    "ContentProducer": "Inkframe",
    "ProduceID": RUN,
    "ReservedCode1": "",
    "ContentPropagator": "",
    "PropagateID": "",
    "ReservedCode2": "",
}


@pytest.mark.parametrize("format", ["png", "webp", "jpeg"])
def test_every_format_carries_both_labels(format: str) -> None:
    label = ai_label("matting", run_id=RUN, model="u2netp")

    found = read_label(encode_image(PIXELS, None, format=format, xmp=label.xmp, text=label.text))

    assert found["digital_source_type"] == (
        "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicallyEnhanced"
    )
    assert found["ai_system"] == "Inkframe (u2netp)"
    assert found["aigc"] == AIGC
    assert found.get("aigc_text") == (AIGC if format == "png" else None)


def test_names_of_any_letters_survive() -> None:
    label = ai_label("cartoon", run_id=RUN, producer='墨 & "Co" <x>', model="a&b")

    found = read_label(encode_image(PIXELS, None, format="png", xmp=label.xmp, text=label.text))

    assert found["aigc"]["ContentProducer"] == found["aigc_text"]["ContentProducer"] == '墨 & "Co" <x>'
    assert found["ai_system"] == '墨 & "Co" <x> (a&b)'


def test_source_types_are_terms_of_the_vocabulary() -> None:
    terms = {"algorithmicallyEnhanced", "compositeWithTrainedAlgorithmicMedia", "trainedAlgorithmicMedia"}
    assert {uri.rsplit("/", 1)[1] for uri in SOURCE_TYPES.values()} == terms
    with pytest.raises(ValueError, match="knitting"):
        ai_label("knitting", run_id=RUN, model="x")


def test_a_file_without_label_has_none() -> None:
    assert read_label(save(Image.fromarray(PIXELS), "PNG")) == {}


def test_reads_labels_that_others_wrote_as_attributes() -> None:
    xmp = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
        ' Iptc4xmpExt:DigitalSourceType="urn:x"/></rdf:RDF></x:xmpmeta>'
    )
    assert read_label(encode_image(PIXELS, None, format="webp", xmp=xmp.encode())) == {
        "digital_source_type": "urn:x"
    }


@pytest.mark.parametrize("xmp", [b"<x:xmpmeta", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"])
def test_a_broken_label_is_said_to_be_broken(xmp: bytes) -> None:
    with pytest.raises(ValueError, match="XMP"):
        read_label(encode_image(PIXELS, None, format="png", xmp=xmp))


@pytest.mark.parametrize("size", [(1000, 1500), (1500, 1000), (600, 600)])
def test_letters_are_as_high_as_the_standard_asks(size: tuple[int, int]) -> None:
    grey = np.full((*size, 3), 128, np.uint8)

    labelled = draw_visible_label(grey, "AI")

    white = np.argwhere((labelled > 240).all(axis=2))
    assert white[:, 0].max() - white[:, 0].min() + 1 >= 0.05 * min(size)
    assert (white > np.array(size) * 0.8).all()  # in the lower right corner
    assert (grey == 128).all()  # a copy was drawn on
    assert np.array_equal(labelled[: size[0] // 2], grey[: size[0] // 2])


@pytest.mark.parametrize("size", [(1, 1), (8, 8), (3, 200), (200, 3), (40, 20)])
def test_tiny_pictures_take_what_fits(size: tuple[int, int]) -> None:
    assert draw_visible_label(np.zeros((*size, 3), np.uint8), "AI generated").shape == (*size, 3)


def test_letters_that_no_font_has_become_ai(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visible_label, "CJK_FONTS", ())
    grey = np.full((200, 300, 3), 128, np.uint8)
    plain = draw_visible_label(grey, "AI")
    assert not np.array_equal(plain, grey)
    assert np.array_equal(draw_visible_label(grey, "AI生成"), plain)
    assert np.array_equal(draw_visible_label(grey, " "), plain)
    assert not np.array_equal(draw_visible_label(grey, "AI made"), plain)


def test_a_cut_out_shows_its_label_where_nothing_was() -> None:
    rgb, alpha = np.zeros((300, 300, 3), np.uint8), np.zeros((300, 300), np.uint8)
    alpha[:, 280:] = 255

    labelled, seen = draw_visible_label_on_cutout(rgb, alpha, "AI")

    letters = (labelled > 240).all(axis=2)
    assert letters.any() and (seen[letters] > 240).all()
    assert seen[:200, :200].max() == 0 and seen[:, 280:].min() == 255
    over_black = labelled * (seen[..., None] / 255)
    assert np.abs(over_black - draw_visible_label(rgb, "AI")).max() <= 2


def test_labels_stand_before_the_pixels() -> None:
    label = ai_label("style", run_id=RUN, model="m")
    data = encode_image(PIXELS, None, format="png", xmp=label.xmp, text=label.text)
    assert max(data.index(b"AIGC"), data.index(b"TC260")) < data.index(b"IDAT")
