"""Every command in the documentation is one that the programs take."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pytest
import typer
from fastapi.testclient import TestClient

from benchmarks.__main__ import build_parser
from cli import cli
from pipelines.settings import ROOT
from pipelines.studio import Studio
from tests.doc_pages import Command, find_commands, list_pages
from tests.pipelines.video.films import shade, write_film
from tests.server.conftest import rest_app
from ui.examples import example_file

COMMANDS = list(dict.fromkeys(command for page in list_pages() for command in find_commands(page)))
OWN = ("./run.sh", "run.sh")
PLACEHOLDER = re.compile(r"[A-Z][A-Z_]*(?:\.\.\.)?|\.\.\.|…")


def of(*starts: str) -> list[Any]:
    return [pytest.param(each, id=str(each)) for each in COMMANDS if " ".join(each.words).startswith(starts)]


@pytest.mark.parametrize("command", of("./run.sh", "python cli.py"))
def test_the_command_line_takes_it(command: Command) -> None:
    words = [word for word in command.words[1 if command.words[0] in OWN else 2 :] if word != ">"]
    if not words or words[0] == "setup":
        assert words in ([], ["setup"])
        return
    if words[0] == "test":
        assert_pytest_takes(words[1:])
        return
    if words[0] == "bench":
        build_parser().parse_args(words[1:])
        return
    assert_parses(["start", *words] if words[0].startswith("-") else words)


@pytest.mark.parametrize("command", of("python -m benchmarks ", ".venv/bin/python -m benchmarks "))
def test_a_benchmark_takes_it(command: Command) -> None:
    name, *further = command.words[3:]
    if not PLACEHOLDER.fullmatch(name):
        build_parser().parse_args([name, *further])


@pytest.mark.parametrize("command", of("python -m ", ".venv/bin/python -m "))
def test_a_module_and_its_flags_are_there(command: Command) -> None:
    module, *words = command.words[2:]
    found = importlib.util.find_spec(module)
    assert found is not None, module
    if module.partition(".")[0] not in ("training", "scripts", "benchmarks"):
        return
    source = "".join(path.read_text("utf-8") for path in sources_of(module))
    flags = [word.strip("[]").partition("=")[0] for word in words if word.strip("[]").startswith("--")]
    assert [flag for flag in flags if f'"{flag}"' not in source] == []


@pytest.mark.parametrize("command", of("pytest", ".venv/bin/pytest"))
def test_tests_that_are_named_are_there(command: Command) -> None:
    assert_pytest_takes(command.words[1:])


@pytest.mark.parametrize("command", of("pip install -r", ".venv/bin/pip install -r"))
def test_a_list_of_packages_is_there(command: Command) -> None:
    words = list(command.words)
    named = [words[at + 1] for at, word in enumerate(words) if word in ("-r", "-c")]
    assert [name for name in named if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("command", of("curl"))
def test_the_rest_routes_take_it(command: Command, routes: dict[str, Any]) -> None:
    path, method, fields = read_curl(command.words)
    route = find_route(routes, path, method)
    assert route is not None, f"{method} {path}"
    taken = fields_of(routes, route)
    for name, value in fields:
        assert name in taken, name
        choices = taken[name].get("enum")
        assert not choices or value in choices, f"{name}={value}"


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The OpenAPI of the routes."""
    from pipelines.settings import Settings
    from pipelines.studio import open_studio

    folder = tmp_path_factory.mktemp("routes")
    settings = Settings.read(
        {}, outputs=str(folder / "o"), weights=str(folder / "w"), offline=True, device="cpu"
    )
    studio: Studio = open_studio(settings)
    with TestClient(rest_app(studio)) as client:
        found: dict[str, Any] = client.get("/openapi.json").json()
    studio.close()
    return found


RUNNABLE = [
    each
    for each in COMMANDS
    if each.page.name == "README.md"
    and each.words[:1] == ("./run.sh",)
    and each.words[1:2] in (("matting",), ("cartoon",), ("video",), ("models",))
    and not {"--watch", "download", "delete"} & set(each.words)
]
LONG = bool(os.environ.get("INKFRAME_LONG_TESTS"))
QUICK = ("models list",)


@pytest.mark.parametrize("command", RUNNABLE, ids=str)
def test_the_readmes_commands_run(command: Command, tmp_path: Path) -> None:
    """With the app's own examples for photos; INKFRAME_LONG_TESTS=1 runs them all."""
    if not LONG and " ".join(command.words[1:]) not in QUICK:
        pytest.skip("a minute together: set INKFRAME_LONG_TESTS=1")
    lay_out(tmp_path)
    folders = {"INKFRAME_OUTPUTS": str(tmp_path / "o"), "INKFRAME_WEIGHTS": str(tmp_path / "w")}
    environ = os.environ | folders | {"INKFRAME_OFFLINE": "1"}
    words = [sys.executable, str(ROOT / "cli.py"), *command.words[1:]]
    done = subprocess.run(words, cwd=tmp_path, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for word in command.words[3:]:
        if re.fullmatch(r"[\w-]+\.(png|mp4)|cutouts/", word):
            assert (tmp_path / word).exists()


def lay_out(folder: Path) -> None:
    """The files that the README's commands name."""
    names = {"photo": "astronaut", "a": "duck", "b": "balloon", "c": "dandelion"}
    for name, example in names.items():
        shutil.copyfile(example_file(example), folder / f"{name}.jpg")
    shutil.make_archive(str(folder / "holiday"), "zip", folder, "a.jpg")
    write_film(folder / "song.mp4", [shade(0)] * 8, sound="aac")
    (folder / "song.mp4").rename(folder / "song.mp3")


def assert_parses(words: list[str]) -> None:
    """Let the real parser read a command without doing it."""
    group: Any = typer.main.get_command(cli)
    context = click.Context(group, info_name="inkframe")
    name, command, rest = group.resolve_command(context, words)
    while isinstance(command, click.Group) or hasattr(command, "commands"):
        context = click.Context(command, parent=context, info_name=name)
        name, command, rest = command.resolve_command(context, rest)
    if rest != ["--help"]:
        command.make_context(name, list(rest), parent=context)


def assert_pytest_takes(words: Sequence[str]) -> None:
    paths = [word.partition("::")[0] for word in words if word.startswith("tests")]
    assert [path for path in paths if not (ROOT / path).exists()] == []


def sources_of(module: str) -> list[Path]:
    """A module and what it imports of the same package: flags may be defined there."""
    path = ROOT / Path(*module.split("."))
    own = path / "__main__.py" if path.is_dir() else path.with_suffix(".py")
    package = ROOT / module.split(".")[0]
    named = re.findall(rf"from {package.name}\.([\w.]+) import", own.read_text("utf-8"))
    return [own, *(found for each in named if (found := package / f"{each.replace('.', '/')}.py").is_file())]


def read_curl(words: tuple[str, ...]) -> tuple[str, str, list[tuple[str, str]]]:
    """Path, method and form fields of a curl command."""
    fields, method, path, rest = [], "", "", list(words[1:])
    while rest:
        word = rest.pop(0)
        if word in ("-F", "--form"):
            name, _, value = rest.pop(0).partition("=")
            fields.append((name, value))
        elif word in ("-X", "--request"):
            method = rest.pop(0).lower()
        elif word in ("-H", "-o", "-d", "-u", "--data", "--header", "--output"):
            rest.pop(0)
        elif "://" in word:
            path = "/" + word.split("://")[1].partition("/")[2].partition("?")[0]
    return path, method or ("post" if fields else "get"), fields


def find_route(routes: dict[str, Any], path: str, method: str) -> dict[str, Any] | None:
    for pattern, route in routes["paths"].items():
        plain = re.sub(r"\{[^}]*\}", "[^/]+", pattern)
        if re.fullmatch(plain, path) and method in route:
            found: dict[str, Any] = route[method]
            return found
    return None


def fields_of(routes: dict[str, Any], route: dict[str, Any]) -> dict[str, Any]:
    """The form's fields by name."""
    content = route.get("requestBody", {}).get("content", {})
    found: dict[str, Any] = {}
    for kind in content.values():
        schema = kind["schema"]
        while "$ref" in schema:
            schema = routes["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        found |= schema.get("properties", {})
    return found
