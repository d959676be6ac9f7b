from __future__ import annotations

from pathlib import Path

import pytest

from tests.weights.conftest import make_spec
from weights.errors import LicenceNotAccepted
from weights.hub.licences import Licences

STRICT = make_spec(commercial=False, licence="non-commercial 1.0")


def test_a_commercial_licence_needs_no_yes(tmp_path: Path) -> None:
    assert Licences(tmp_path).accepted(make_spec())


def test_a_non_commercial_one_needs_a_yes_that_is_remembered(tmp_path: Path) -> None:
    licences = Licences(tmp_path / "cache")
    with pytest.raises(LicenceNotAccepted, match=r"non-commercial 1\.0.*--accept-licence"):
        licences.demand(STRICT)
    licences.accept(STRICT)
    Licences(tmp_path / "cache").demand(STRICT)


def test_a_yes_counts_for_one_model_and_one_licence(tmp_path: Path) -> None:
    licences = Licences(tmp_path)
    licences.accept(STRICT)
    assert not licences.accepted(make_spec(id="other", commercial=False, licence=STRICT.licence))
    assert not licences.accepted(make_spec(commercial=False, licence="non-commercial 2.0"))


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"small": true}'])
def test_an_unreadable_record_counts_as_no(tmp_path: Path, text: str) -> None:
    (tmp_path / "licences.json").write_text(text)
    licences = Licences(tmp_path)
    assert not licences.accepted(STRICT)
    licences.accept(STRICT)
    assert licences.accepted(STRICT)


def test_a_free_model_asks_no_file(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "licences.json").write_text("{")
    assert Licences(tmp_path).accepted(make_spec())
    assert caplog.records == []
