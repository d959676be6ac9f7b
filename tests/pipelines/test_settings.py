"""Settings from flags, environment and defaults; every one documented."""

from __future__ import annotations

from dataclasses import fields, replace
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


@pytest.mark.parametrize("name", ["OUTPUTS", "WEIGHTS", "HOST", "PORT", "DEVICE", "OFFLINE"])
def test_an_empty_variable_or_flag_was_not_given(name: str) -> None:
    assert Settings.read({f"INKFRAME_{name}": ""}) == Settings()
    assert Settings.read({}, **{name.lower(): ""}) == Settings()


def test_an_empty_flag_takes_back_a_login() -> None:
    assert Settings.read({"INKFRAME_LOGIN": "ann:secret"}, login="").login == ""


@pytest.mark.parametrize(
    ("environ", "flags"), [({"INKFRAME_LOGIN": "s3cret"}, {}), ({}, {"login": "s3cret"})]
)
def test_a_login_without_a_colon_would_lock_everybody_out(
    environ: dict[str, str], flags: dict[str, str]
) -> None:
    with pytest.raises(InvalidOption, match="no colon") as caught:
        Settings.read(environ, **flags)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("name", ["outputs", "weights"])
def test_a_folder_that_can_be_none_is_said_in_words(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "circle").symlink_to("circle")
    for path in ("~nobody-here/out", *(str(tmp_path / each) for each in ("file", "file/out", "circle/out"))):
        with pytest.raises(InvalidOption, match=f"--{name} can't be"):
            Settings.read({}, **{name: path})
    assert Settings.read({}, **{name: str(tmp_path / "new" / "out")}) == replace(
        Settings(), **{name: (tmp_path / "new" / "out").resolve()}
    )


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    for item in fields(Settings):
        assert f"`{PREFIX}{item.name.upper()}`" in page, item.name
        assert f"`--{item.name.replace('_', '-')}`" in page, item.name
        assert item.metadata["help"] in page, item.name
