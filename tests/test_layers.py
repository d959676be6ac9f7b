"""The direction of imports: app, cli -> ui, server -> pipelines -> weights."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FORBIDDEN = {
    "weights": {"pipelines", "ui", "server", "app", "cli", "gradio", "fastapi"},
    "pipelines": {"ui", "server", "app", "cli", "gradio", "fastapi"},
    "server": {"ui", "app", "cli", "gradio"},
    "ui": {"server", "app", "cli", "fastapi"},
}
HEAVY = ["torch", "onnxruntime", "gradio", "pymatting", "modelscope", "numba", "tensorflow", "ray"]


@pytest.mark.parametrize("layer", FORBIDDEN)
def test_no_layer_imports_one_above_it(layer: str) -> None:
    stray = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / layer).rglob("*.py")
        if "cache" not in path.parts
        for name in imported(path)
        if name in FORBIDDEN[layer]
    ]
    assert stray == []


def test_importing_the_pipelines_loads_nothing_heavy() -> None:
    code = (
        "import sys, pipelines.studio, pipelines.matting.save, cli, cli_matting, server.security\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def imported(path: Path) -> Iterator[str]:
    """Top-level names of the modules that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module.split(".")[0]
