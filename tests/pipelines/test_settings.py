"""Settings from flags, environment and defaults; every one documented."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from pipelines.errors import InvalidOption
from pipelines.settings import PREFIX, ROOT, Settings


def test_flags_win_over_the_environment_over_defaults() -> None:
    environ = {"INKFRAME_PORT": "8000", "INKFRAME_OFFLINE": "yes", "INKFRAME_OUTPUTS": "/tmp/o"}
    made = Settings.read(environ, port="9000", host=None)
    assert (made.port, made.offline, made.outputs, made.host) == (
        9000,
        True,
        Path("/tmp/o").resolve(),
        "127.0.0.1",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "many"), ("PORT", "-1"), ("OFFLINE", "maybe"), ("DEVICE", "tpu"), ("MODELS", "some")],
)
def test_a_value_that_does_not_fit_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(InvalidOption, match=f"INKFRAME_{name}"):
        Settings.read({f"INKFRAME_{name}": value})


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    for item in fields(Settings):
        assert f"`{PREFIX}{item.name.upper()}`" in page, item.name
        assert f"`--{item.name.replace('_', '-')}`" in page, item.name
        assert item.metadata["help"] in page, item.name
