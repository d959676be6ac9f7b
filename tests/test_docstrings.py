"""Whoever reads pipelines, weights or server finds a sentence at every public name."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from pipelines.settings import ROOT

LAYERS = ("pipelines", "weights", "server")
Named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
OF_PYTHON = {"close", "readable", "seekable", "readinto", "readall", "collect"}
"""What files and collectors are asked for: Python and Prometheus say what it does."""
FEWEST_WORDS = 2


@pytest.mark.parametrize("layer", LAYERS)
def test_every_public_name_has_a_sentence(layer: str) -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in sorted((ROOT / layer).rglob("*.py"))
        if "cache" not in path.parts
        for node in list_public(ast.parse(path.read_text(encoding="utf-8")))
        if len((ast.get_docstring(node) or "").split()) < FEWEST_WORDS
    ]
    assert bare == []


@pytest.mark.parametrize("layer", LAYERS)
def test_every_module_says_what_it_is(layer: str) -> None:
    bare = [
        str(path.relative_to(ROOT))
        for path in (ROOT / layer).rglob("*.py")
        if "cache" not in path.parts
        and path.read_text()
        and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert bare == []


def list_public(node: ast.Module | ast.ClassDef) -> Iterator[Named]:
    """Public functions, classes and methods. A property's name is its sentence."""
    for child in node.body:
        if not isinstance(child, Named) or child.name.startswith("_") or child.name in OF_PYTHON:
            continue
        if is_property(child):
            continue
        yield child
        if isinstance(child, ast.ClassDef) and not is_protocol(child):
            yield from list_public(child)


def is_property(node: Named) -> bool:
    return any(isinstance(each, ast.Name) and each.id == "property" for each in node.decorator_list)


def is_protocol(node: ast.ClassDef) -> bool:
    """A seam: its own sentence says what stands behind it."""
    return any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases)
